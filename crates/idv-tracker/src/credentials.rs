//! Applicants' credentials for polls, from the application.

use async_trait::async_trait;
use idv::{CheckRequest, Input, Operation, ProviderId, Registry};

use crate::Tracked;

/// Where applicants' credentials come from. The tracker stores none of them.
#[async_trait]
pub trait CredentialSource: std::fmt::Debug + Send + Sync {
    /// Adds the applicant's credential to a check, such as with `request.user_token(token)`; `None` where the application has
    /// none at present: the verification then waits for webhooks.
    async fn complete(&self, verification: &Tracked, request: CheckRequest) -> Option<CheckRequest>;
}

/// Whether a provider reads a verification with the applicant's credential alone.
pub(crate) fn needs_credential(registry: &Registry, provider: &ProviderId) -> bool {
    let Ok(provider) = registry.provider(provider) else { return false };
    let mut required = provider.profile().inputs.required(Operation::Check);
    required.any(|input| *input == Input::USER_TOKEN || *input == Input::ONBOARDING_ID)
}
