//! Facts about an applicant that stand in the application's own tables, so that no form asks for them.

use std::fmt;

use async_trait::async_trait;
use idv::{CheckRequest, Input, OnboardingId, ProviderId, RefreshRequest, StartRequest, UserToken};
use idv_tracker::{CredentialSource, Tracked};

/// The applicant's ids and credentials at one vendor. Yours come from your tables of users; credentials stay out of the tracker's.
#[derive(Debug, Clone, Default)]
pub(crate) struct AtVendor {
    pub(crate) organization: Option<String>,
    pub(crate) user_token: Option<UserToken>,
    pub(crate) onboarding_id: Option<OnboardingId>,
}

/// Where they come from.
pub(crate) trait Accounts: fmt::Debug + Send + Sync {
    /// The facts about the applicant with this reference.
    fn at_vendor(&self, reference: &str, provider: &ProviderId) -> AtVendor;
}

/// An application that knows none.
#[derive(Debug)]
pub(crate) struct NoAccounts;

impl Accounts for NoAccounts {
    fn at_vendor(&self, _: &str, _: &ProviderId) -> AtVendor {
        AtVendor::default()
    }
}

impl AtVendor {
    /// Whether the application has this input, so that the applicant is not asked for it.
    pub(crate) fn has(&self, input: &Input) -> bool {
        match input.as_str() {
            "organization" => self.organization.is_some(),
            "user_token" => self.user_token.is_some(),
            "onboarding_id" => self.onboarding_id.is_some(),
            _ => false,
        }
    }

    pub(crate) fn start(self, mut request: StartRequest) -> StartRequest {
        if let Some(organization) = self.organization {
            request = request.organization(organization);
        }
        if let Some(token) = self.user_token {
            request = request.user_token(token);
        }
        if let Some(id) = self.onboarding_id {
            request = request.onboarding_id(id);
        }
        request
    }

    pub(crate) fn refresh(self, mut request: RefreshRequest) -> RefreshRequest {
        if let Some(token) = self.user_token {
            request = request.user_token(token);
        }
        if let Some(id) = self.onboarding_id {
            request = request.onboarding_id(id);
        }
        request
    }

    pub(crate) fn check(self, mut request: CheckRequest) -> CheckRequest {
        if let Some(token) = self.user_token {
            request = request.user_token(token);
        }
        if let Some(id) = self.onboarding_id {
            request = request.onboarding_id(id);
        }
        request
    }
}

/// Gives the tracker's polls the applicant's credential.
#[derive(Debug)]
pub(crate) struct Credentials(pub(crate) std::sync::Arc<dyn Accounts>);

#[async_trait]
impl CredentialSource for Credentials {
    async fn complete(&self, verification: &Tracked, request: CheckRequest) -> Option<CheckRequest> {
        let known = self.0.at_vendor(&verification.reference, request.session.provider());
        let has_one = known.user_token.is_some() || known.onboarding_id.is_some();
        has_one.then(|| known.check(request))
    }
}
