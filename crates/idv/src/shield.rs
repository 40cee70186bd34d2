//! Sees a call through once it is sent, whatever becomes of its caller.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    CheckRequest, Delivery, Error, ErrorKind, FindRequest, ImportRequest, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, Retry, StartRequest, Verification,
    VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument;

/// The outcome of a call whose caller went away.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnclaimedOutcome {
    /// The provider that was called.
    pub provider: ProviderId,
    /// What was asked of it.
    pub operation: Operation,
    /// The caller's own reference of a start.
    pub reference: Option<String>,
    /// The session of a start or a refresh; `None` for an import, whose outcome a check shows.
    pub result: Result<Option<VerificationSession>>,
}

/// Gets the outcomes of calls whose callers went away.
#[derive(Clone, Default)]
pub struct Unclaimed(Option<Arc<dyn Fn(UnclaimedOutcome) + Send + Sync>>);

impl Unclaimed {
    /// Hands outcomes to a function.
    pub fn new(take: impl Fn(UnclaimedOutcome) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(take)))
    }

    fn take(&self, outcome: UnclaimedOutcome) {
        match &self.0 {
            Some(take) => take(outcome),
            None => tracing::warn!(
                provider = %outcome.provider, operation = %outcome.operation, failed = outcome.result.is_err(),
                "the caller went away before the outcome came"
            ),
        }
    }
}

impl fmt::Debug for Unclaimed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Unclaimed").field(&self.0.is_some()).finish()
    }
}

/// Runs what changes something at the vendor (start, refresh, import) as a task of its own, so that a caller who is
/// dropped in the middle, by a time-out or a closed browser, neither cuts the call short nor loses its outcome.
#[derive(Debug)]
pub struct Shield<P> {
    inner: Arc<P>,
    unclaimed: Unclaimed,
}

impl<P: VerificationProvider> Shield<P> {
    /// Shields a provider.
    pub fn new(inner: P, unclaimed: Unclaimed) -> Self {
        Self { inner: Arc::new(inner), unclaimed }
    }

    async fn see_through<T: Send + 'static>(
        &self,
        operation: Operation,
        reference: Option<String>,
        keep: fn(T) -> Option<VerificationSession>,
        call: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let runtime =
            Handle::try_current().map_err(|_| self.fault(operation, "this needs a Tokio runtime"))?;
        let (sender, receiver) = oneshot::channel();
        let (provider, unclaimed) = (self.inner.id().clone(), self.unclaimed.clone());
        let hand_over = move |result: Result<T>| {
            let result = result.map(keep);
            unclaimed.take(UnclaimedOutcome { provider, operation, reference, result });
        };
        let claim = Claim { receiver, hand_over: Some(hand_over.clone()) };
        let task = async move {
            if let Err(result) = sender.send(call.await) {
                hand_over(result);
            }
        };
        runtime.spawn(task.in_current_span());
        claim.outcome().await.unwrap_or_else(|| {
            let error = self.fault(operation, "the call ended without an outcome");
            Err(error.with_delivery(Delivery::Unknown).with_retry(Retry::AfterCheck))
        })
    }

    fn fault(&self, operation: Operation, message: &'static str) -> Error {
        Error::new(ErrorKind::Unavailable, message)
            .with_provider(self.inner.id().clone())
            .with_operation(operation)
    }
}

/// The caller's end. Dropped with an outcome in it, it hands the outcome over.
struct Claim<T, F: FnOnce(Result<T>)> {
    receiver: oneshot::Receiver<Result<T>>,
    hand_over: Option<F>,
}

impl<T, F: FnOnce(Result<T>)> Claim<T, F> {
    async fn outcome(mut self) -> Option<Result<T>> {
        let outcome = (&mut self.receiver).await;
        self.hand_over = None;
        outcome.ok()
    }
}

impl<T, F: FnOnce(Result<T>)> Drop for Claim<T, F> {
    fn drop(&mut self) {
        if let Some(hand_over) = self.hand_over.take() {
            self.receiver.close();
            if let Ok(result) = self.receiver.try_recv() {
                hand_over(result);
            }
        }
    }
}

#[async_trait]
impl<P: VerificationProvider> VerificationProvider for Shield<P> {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.inner.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let (inner, request) = (Arc::clone(&self.inner), request.clone());
        let reference = Some(request.reference.clone());
        self.see_through(Operation::Start, reference, Some, async move { inner.start(&request).await }).await
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let (inner, request) = (Arc::clone(&self.inner), request.clone());
        self.see_through(Operation::Refresh, None, Some, async move { inner.refresh(&request).await }).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.inner.check(request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.inner.find(request).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        let (inner, request) = (Arc::clone(&self.inner), request.clone());
        self.see_through(Operation::Import, None, |_| None, async move { inner.import(&request).await }).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.inner.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.inner.verify_webhook(webhook)
    }
}
