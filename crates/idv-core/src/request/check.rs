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
}

impl CheckRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        CheckInput { session, user_token: None, onboarding_id: None, expected: Correlation::new() }.into()
    }

    /// Whether it names the session and says nothing more.
    #[must_use]
    pub fn has_no_options(&self) -> bool {
        let CheckInput { session: _, user_token, onboarding_id, expected } = &*self.input;
        user_token.is_none() && onboarding_id.is_none() && expected.is_empty() && self.context.is_empty()
    }

    /// Insists that the answer is about a known subject. At Baanx the token decides whose state comes back, so a check
    /// should name the `user_id` once it is known.
    #[must_use]
    pub fn expect(mut self, name: &str, id: &str) -> Self {
        let input = &mut *self;
        input.expected = std::mem::take(&mut input.expected).with(name, Some(id));
        self
    }
}

request_of!(CheckRequest(CheckInput), with credentials);
