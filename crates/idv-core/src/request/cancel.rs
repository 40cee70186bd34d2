//! Withdrawing a session.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::{OnboardingId, SessionRef, UserToken};

/// Withdraws a session that is still open. It may be repeated: a session that is cancelled already is a success.
#[derive(Debug, Clone)]
pub struct CancelRequest {
    input: Arc<CancelInput>,
    context: CallContext,
}

/// Input of a cancellation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CancelInput {
    /// The verification to withdraw.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
}

impl CancelRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        CancelInput { session, user_token: None, onboarding_id: None }.into()
    }
}

request_of!(CancelRequest(CancelInput), with credentials);
