//! Deleting an applicant's data at the vendor.

use std::sync::Arc;

use super::context::CallContext;
use super::shared::request_of;
use crate::{OnboardingId, SessionRef, UserToken};

/// Has the vendor delete the applicant's data. It may be repeated, and it cannot be undone.
#[derive(Debug, Clone)]
pub struct EraseRequest {
    input: Arc<EraseInput>,
    context: CallContext,
}

/// Input of an erasure.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct EraseInput {
    /// A verification of the applicant.
    pub session: SessionRef,
    /// The applicant's own token at the vendor, where the flow needs it.
    pub user_token: Option<UserToken>,
    /// The id of the registration under way, where the flow needs it.
    pub onboarding_id: Option<OnboardingId>,
}

impl EraseRequest {
    /// A request for a verification.
    #[must_use]
    pub fn new(session: SessionRef) -> Self {
        EraseInput { session, user_token: None, onboarding_id: None }.into()
    }
}

request_of!(EraseRequest(EraseInput), with credentials);
