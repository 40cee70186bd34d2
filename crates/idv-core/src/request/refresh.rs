//! Getting a fresh link or token.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::{OnboardingId, SessionRef, UserToken};

/// Gets a fresh link or token for the same applicant.
#[derive(Debug, Clone)]
pub struct RefreshRequest {
    input: Arc<RefreshInput>,
    context: CallContext,
}

/// Input of a refresh.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RefreshInput {
    /// The verification to go on with.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
}

impl RefreshRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        RefreshInput { session, user_token: None, onboarding_id: None }.into()
    }

    /// Sets the key of this one intended refresh. An old key brings an old answer back, with a dead token in it, so an
    /// application does not set it: it is there for layers that repeat a call whose answer was lost.
    #[must_use]
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.context.set_idempotency_key(Some(key.into().into()));
        self
    }
}

request_of!(RefreshRequest(RefreshInput), with credentials);
