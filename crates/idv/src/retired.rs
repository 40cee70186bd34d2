//! A provider that only sees its sessions through.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    CheckRequest, Error, ErrorKind, FindRequest, ImportRequest, Operation, ProviderId, ProviderProfile,
    Redirect, RedirectOutcome, RefreshRequest, Result, StartRequest, Verification, VerificationProvider,
    VerificationSession, WebhookOutcome, WebhookRequest,
};

use crate::observed::{About, Observer};

/// A provider that takes nobody new, as `retired = true` in its table asks for: `start` and `import` are refused with
/// [`ErrorKind::Config`] and send nothing. Everything about sessions that it has goes on as before.
///
/// # Order of layers
/// Right: `Retired::new(Shield::new(…))`: what is refused reaches no other layer. In a registry it is observed all the same.
/// Wrong: `Shield::new(Retired::new(…), …)`: a task is spawned to hear a refusal.
pub struct Retired<P> {
    inner: P,
    observer: Option<Arc<Observer>>,
}

impl<P: VerificationProvider> Retired<P> {
    /// Retires a provider.
    pub fn new(inner: P) -> Self {
        Self { inner, observer: None }
    }

    /// Tells an observer of what is refused.
    pub(crate) fn observed(self, observer: Arc<Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    fn refuse<T>(&self, operation: Operation, about: About<'_>) -> Result<T> {
        let id = self.id();
        let message = format!("the provider `{id}` is retired: it takes no new sessions");
        let error =
            Error::new(ErrorKind::Config, message).with_provider(id.clone()).with_operation(operation);
        Err(match &self.observer {
            Some(observer) => observer.refused(operation, about, error),
            None => error,
        })
    }
}

impl<P: fmt::Debug> fmt::Debug for Retired<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Retired").field(&self.inner).finish()
    }
}

#[async_trait]
impl<P: VerificationProvider> VerificationProvider for Retired<P> {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.inner.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.refuse(Operation::Start, About::Reference(&request.reference))
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.inner.refresh(request).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.inner.check(request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.inner.find(request).await
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.refuse(Operation::Import, About::Nothing)
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.inner.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.inner.verify_webhook(webhook)
    }
}
