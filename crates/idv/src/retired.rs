//! A provider that only sees its sessions through.

use async_trait::async_trait;
use idv_core::{
    CheckRequest, Error, ErrorKind, FindRequest, ImportRequest, Operation, ProviderId, ProviderProfile,
    Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

/// A provider that takes nobody new, as `retired = true` in its table asks for: `start` and `import` are refused with
/// [`ErrorKind::Config`] and send nothing. Everything about sessions that it has goes on as before.
///
/// # Order of layers
/// Right: `Retired::new(Shield::new(…))`: what is refused reaches no other layer.
/// Wrong: `Shield::new(Retired::new(…), …)`: a task is spawned to hear a refusal.
#[derive(Debug)]
pub struct Retired<P>(P);

impl<P: VerificationProvider> Retired<P> {
    /// Retires a provider.
    pub fn new(inner: P) -> Self {
        Self(inner)
    }

    fn refuse<T>(&self, operation: Operation) -> Result<T> {
        let id = self.id();
        let message = format!("the provider `{id}` is retired: it takes no new sessions");
        Err(Error::new(ErrorKind::Config, message).with_provider(id.clone()).with_operation(operation))
    }
}

#[async_trait]
impl<P: VerificationProvider> VerificationProvider for Retired<P> {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.0.profile()
    }

    async fn start(&self, _: &StartRequest) -> Result<VerificationSession> {
        self.refuse(Operation::Start)
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.0.refresh(request).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.0.check(request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.0.find(request).await
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.refuse(Operation::Import)
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.0.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.0.verify_webhook(webhook)
    }
}
