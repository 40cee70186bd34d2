//! Reading the state of a verification.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::{Correlation, OnboardingId, SessionRef, UserToken};

/// Reads the current state of a verification at the vendor.
#[derive(Debug, Clone)]
pub struct CheckRequest {
    input: Arc<CheckInput>,
    context: CallContext,
}

/// Input of a check.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckInput {
    /// The verification to read.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
    /// Ids that the answer must carry, or the check fails with `conflict`: the vendor's answer is about another subject.
    pub expected: Correlation,
    /// Whether the answer should carry the verified identity.
    pub identity: bool,
}

impl CheckRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        let expected = Correlation::new();
        CheckInput { session, user_token: None, onboarding_id: None, expected, identity: false }.into()
    }

    /// Whether it names the session and says nothing more.
    #[must_use]
    pub fn has_no_options(&self) -> bool {
        let CheckInput { session: _, user_token, onboarding_id, expected, identity } = &*self.input;
        let is_bare = user_token.is_none() && onboarding_id.is_none() && expected.is_empty();
        is_bare && !identity && self.context.is_empty()
    }

    /// Insists that the answer is about a known subject. At Baanx the token decides whose state comes back, so a check
    /// should name the `user_id` once it is known.
    #[must_use]
    pub fn expect(mut self, name: &str, id: &str) -> Self {
        let input = &mut *self;
        input.expected = std::mem::take(&mut input.expected).with(name, Some(id));
        self
    }

    /// Asks for the verified identity as well: personal data, which the answer carries in
    /// [`Verification::identity`](crate::Verification::identity) once the verification is approved.
    ///
    /// At a provider without [`Capability::Identity`](crate::Capability::Identity) the check works all the same and gives none, so
    /// that an application can ask at every vendor. Where it cannot do without, it looks at the capability first.
    #[must_use]
    pub fn with_identity(mut self) -> Self {
        self.identity = true;
        self
    }
}

request_of!(CheckRequest(CheckInput), with credentials);
