//! The provider: the calls of a described vendor.

use async_trait::async_trait;
use idv_core::{
    CancelRequest, CheckRequest, EraseRequest, Erasure, Error, FindRequest, ImportRequest, Operation,
    ProviderId, ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest,
    Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::exchange::{self, Parts};
use crate::{return_url, webhook};

/// An instance of a session API.
#[derive(Debug)]
pub struct SessionApiProvider(Parts);

impl SessionApiProvider {
    pub(crate) fn new(parts: Parts) -> Self {
        Self(parts)
    }
}

#[async_trait]
impl VerificationProvider for SessionApiProvider {
    fn id(&self) -> &ProviderId {
        &self.0.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.0.profile
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        exchange::start(&self.0, request).await
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        exchange::refresh(&self.0, request).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        exchange::check(&self.0, request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        exchange::find(&self.0, request).await
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        let message = "this vendor takes over no verification that was made elsewhere: use `start`";
        Err(Error::unsupported(&self.0.id, Operation::Import, message))
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        exchange::cancel(&self.0, request).await
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        exchange::erase(&self.0, request).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        return_url::read(&self.0, redirect).map_err(|error| error.with_provider(self.0.id.clone()))
    }

    fn verify_webhook(&self, request: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let Parts { id, profile, spec, webhooks, .. } = &self.0;
        let read = || {
            let Some(spec) = &spec.webhook else {
                let message = "this vendor sends no webhooks: use `check`";
                return Err(Error::unsupported(id, Operation::Webhook, message));
            };
            let verifier = webhooks.as_deref().ok_or_else(Error::no_webhook_secrets)?;
            webhook::read(id, spec, verifier, profile, request)
        };
        read().map_err(|error| error.with_provider(id.clone()))
    }
}
