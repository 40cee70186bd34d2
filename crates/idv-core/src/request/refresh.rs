//! Getting a fresh link or token.

use std::time::Duration;

use super::{Request, Sent, Target};
use crate::{OnboardingId, Operation, SessionRef, UserToken, VerificationProvider, VerificationSession};

/// Gets a fresh link or token for the same applicant.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RefreshRequest {
    /// The verification to go on with.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
    /// One key for one intended refresh. An old key brings an old answer back, with a dead token in it, so an
    /// application leaves this alone: it is there for layers that repeat a call whose answer was lost.
    pub idempotency_key: Option<String>,
    /// How long the whole operation may take, from the call on.
    pub deadline: Option<Duration>,
}

impl RefreshRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        Self { session, user_token: None, onboarding_id: None, idempotency_key: None, deadline: None }
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

    /// Sets the key of this refresh.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets how long the whole operation may take.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl Request for RefreshRequest {
    type Output = VerificationSession;
    const OPERATION: Operation = Operation::Refresh;

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

    fn idempotency_key_mut(&mut self) -> Option<&mut Option<String>> {
        Some(&mut self.idempotency_key)
    }

    fn send<'a, P: VerificationProvider + ?Sized>(
        &'a self,
        provider: &'a P,
    ) -> Sent<'a, VerificationSession> {
        provider.refresh(self)
    }
}
