//! Reading the state of a verification.

use std::time::Duration;

use super::{Request, Sent, Target};
use crate::{
    Correlation, OnboardingId, Operation, SessionRef, UserToken, Verification, VerificationProvider,
};

/// Reads what the vendor says now.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CheckRequest {
    /// The verification to read.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
    /// Ids that the answer must carry, or the check fails with `conflict`: the vendor answered for somebody else.
    pub expected: Correlation,
    /// How long the whole operation may take, from the call on.
    pub deadline: Option<Duration>,
}

impl CheckRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        Self { session, user_token: None, onboarding_id: None, expected: Correlation::new(), deadline: None }
    }

    /// Sets the applicant's own token at the vendor.
    #[must_use]
    pub fn user_token(mut self, token: impl Into<UserToken>) -> Self {
        self.user_token = Some(token.into());
        self
    }

    /// Sets the id of the registration under way.
    #[must_use]
    pub fn onboarding_id(mut self, id: impl Into<OnboardingId>) -> Self {
        self.onboarding_id = Some(id.into());
        self
    }

    /// Whether it names the session and says nothing more.
    #[must_use]
    pub fn is_bare(&self) -> bool {
        let Self { session: _, user_token, onboarding_id, expected, deadline } = self;
        user_token.is_none() && onboarding_id.is_none() && expected.is_empty() && deadline.is_none()
    }

    /// Insists that the answer is about a known subject. At Baanx the token decides whose state comes back, so a check
    /// should name the `user_id` once it is known.
    #[must_use]
    pub fn expect(mut self, name: &str, id: &str) -> Self {
        self.expected = self.expected.with(name, Some(id));
        self
    }

    /// Sets how long the whole operation may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl Request for CheckRequest {
    type Output = Verification;
    const OPERATION: Operation = Operation::Check;

    fn target(&self) -> Target<'_> {
        Target::Session(&self.session)
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn set_deadline(&mut self, deadline: Option<Duration>) {
        self.deadline = deadline;
    }

    fn user_token(&self) -> Option<&UserToken> {
        self.user_token.as_ref()
    }

    fn send<'a, P: VerificationProvider + ?Sized>(&'a self, provider: &'a P) -> Sent<'a, Verification> {
        provider.check(self)
    }
}
