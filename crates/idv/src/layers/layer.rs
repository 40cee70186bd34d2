//! The trait of a layer, and a provider inside one.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use idv_core::{
    CancelRequest, CheckRequest, Deadline, EraseRequest, Erasure, FindRequest, ImportRequest, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Request, Result, StartRequest, Verification,
    VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};

/// A layer (middleware) around every call of a provider: one generic method for all operations with I/O.
///
/// ```
/// use std::sync::Arc;
///
/// use idv::Result;
/// use idv::layers::{Layer, Next, Request};
///
/// /// Counts nothing, changes nothing, and says what it sees.
/// #[derive(Debug, Clone)]
/// struct Log;
///
/// impl Layer for Log {
///     async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
///         let outcome = next.call(request).await;
///         println!("{} at {}: {}", R::OPERATION, next.id(), outcome.is_ok());
///         outcome
///     }
/// }
/// ```
pub trait Layer: fmt::Debug + Send + Sync + 'static {
    /// Makes a call, or refuses it. The request is sent through `next`, once for each attempt.
    ///
    /// # Errors
    /// Those of the provider, and those of the layer itself.
    fn call<R: Request, N: Next>(
        &self,
        request: &R,
        next: &Arc<N>,
    ) -> impl Future<Output = Result<R::Output>> + Send;

    /// Reads a return URL, without I/O. The default passes it on.
    ///
    /// # Errors
    /// Those of the provider.
    fn parse_redirect<N: Next>(&self, redirect: &Redirect<'_>, next: &N) -> Result<RedirectOutcome> {
        next.parse_redirect(redirect)
    }

    /// Verifies a webhook, without I/O. The default passes it on.
    ///
    /// # Errors
    /// Those of the provider.
    fn verify_webhook<N: Next>(&self, webhook: &WebhookRequest<'_>, next: &N) -> Result<WebhookOutcome> {
        next.verify_webhook(webhook)
    }
}

/// A layer that the configuration can leave out.
#[deny(clippy::missing_trait_methods)]
impl<L: Layer> Layer for Option<L> {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        match self {
            Some(layer) => layer.call(request, next).await,
            None => next.call(request).await,
        }
    }

    fn parse_redirect<N: Next>(&self, redirect: &Redirect<'_>, next: &N) -> Result<RedirectOutcome> {
        match self {
            Some(layer) => layer.parse_redirect(redirect, next),
            None => next.parse_redirect(redirect),
        }
    }

    fn verify_webhook<N: Next>(&self, webhook: &WebhookRequest<'_>, next: &N) -> Result<WebhookOutcome> {
        match self {
            Some(layer) => layer.verify_webhook(webhook, next),
            None => next.verify_webhook(webhook),
        }
    }
}

/// The inside of a layer: the next layer, or the provider. It is implemented by [`Layered`] and [`Provider`], and needs no
/// other implementation.
pub trait Next: fmt::Debug + Send + Sync + 'static {
    /// The configured name.
    fn id(&self) -> &ProviderId;

    /// Facts, without I/O.
    fn profile(&self) -> &ProviderProfile;

    /// Sends a request on.
    fn call<R: Request>(&self, request: &R) -> impl Future<Output = Result<R::Output>> + Send;

    /// Reads a return URL.
    ///
    /// # Errors
    /// Those of the provider.
    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome>;

    /// Verifies a webhook.
    ///
    /// # Errors
    /// Those of the provider.
    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome>;
}

/// The innermost part of a stack of layers: a provider as a [`Next`].
#[derive(Debug, Clone)]
pub struct Provider<P>(P);

impl<P: VerificationProvider> Next for Provider<P> {
    fn id(&self) -> &ProviderId {
        self.0.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.0.profile()
    }

    async fn call<R: Request>(&self, request: &R) -> Result<R::Output> {
        request.send(&self.0).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.0.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.0.verify_webhook(webhook)
    }
}

/// A provider inside a layer. It implements [`VerificationProvider`] for all layers, and nested layers are one future: only the
/// innermost call is boxed.
#[derive(Debug)]
pub struct Layered<L, N> {
    pub(super) layer: L,
    pub(super) next: Arc<N>,
}

impl<L: Layer, P: VerificationProvider> Layered<L, Provider<P>> {
    /// Puts a layer around a provider.
    pub fn around(layer: L, provider: P) -> Self {
        Self::over(layer, Provider(provider))
    }
}

impl<L: Layer, N: Next> Layered<L, N> {
    /// Puts a layer around another one.
    pub fn over(layer: L, next: N) -> Self {
        Self { layer, next: Arc::new(next) }
    }

    /// The layer.
    pub fn layer(&self) -> &L {
        &self.layer
    }
}

impl<L: Layer, N: Next> Next for Layered<L, N> {
    fn id(&self) -> &ProviderId {
        self.next.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.next.profile()
    }

    fn call<R: Request>(&self, request: &R) -> impl Future<Output = Result<R::Output>> + Send {
        self.layer.call(request, &self.next)
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.layer.parse_redirect(redirect, &*self.next)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.layer.verify_webhook(webhook, &*self.next)
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl<L: Layer, N: Next> VerificationProvider for Layered<L, N> {
    fn id(&self) -> &ProviderId {
        self.next.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.next.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        self.call(&*begun(request)).await
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        self.call(&*begun(request)).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.call(&*begun(request)).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.call(&*begun(request)).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        self.call(&*begun(request)).await
    }

    async fn cancel(&self, request: &CancelRequest) -> Result<Verification> {
        self.call(&*begun(request)).await
    }

    async fn erase(&self, request: &EraseRequest) -> Result<Erasure> {
        self.call(&*begun(request)).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        Next::parse_redirect(self, redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        Next::verify_webhook(self, webhook)
    }
}

/// The request of a call that is made now: its deadline is a moment, which all layers and attempts share.
fn begun<R: Request>(request: &R) -> Cow<'_, R> {
    let mut request = Cow::Borrowed(request);
    if let Some(Deadline::After(_)) = request.context().deadline() {
        request.to_mut().context_mut().begin(now());
    }
    request
}

/// This moment, by the clock of all waits.
pub(crate) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}
