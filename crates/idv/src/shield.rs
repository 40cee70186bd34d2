//! Sees a call through once it is sent, whatever becomes of its caller.

use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    CheckRequest, Delivery, Error, ErrorKind, FindRequest, ImportRequest, Operation, ProviderId,
    ProviderProfile, Redirect, RedirectOutcome, RefreshRequest, Result, Retry, SessionRef, StartRequest,
    Verification, VerificationProvider, VerificationSession, WebhookOutcome, WebhookRequest,
};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument;

use crate::observed::{self, Observer};

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
    /// The verification that the call was about: the one to refresh, or the one that a start or an import made.
    pub session: Option<SessionRef>,
    /// The session of a start or a refresh; `None` for an import, whose outcome a check of `session` shows.
    pub result: Result<Option<VerificationSession>>,
}

/// Gets the outcomes of calls whose callers went away.
#[derive(Clone, Default)]
pub struct Unclaimed(Option<Arc<dyn Fn(UnclaimedOutcome) + Send + Sync>>);

impl Unclaimed {
    /// Hands outcomes to a function. It is called once for each outcome, wherever that turns out to be unclaimed: on the
    /// task of the call or where the caller is dropped. So it must not block, and it should not panic: a panic is
    /// caught and logged, and the outcome is lost.
    pub fn new(take: impl Fn(UnclaimedOutcome) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(take)))
    }

    pub(crate) fn take(&self, outcome: UnclaimedOutcome) {
        let (provider, operation) = (outcome.provider.clone(), outcome.operation);
        observed::unclaimed(&provider, operation);
        let Some(take) = &self.0 else {
            return tracing::warn!(
                idv.provider = %provider, idv.operation = %operation, failed = outcome.result.is_err(),
                "the caller went away before the outcome came"
            );
        };
        // The caller may be dropped by a panic of its own: a second one would end the process.
        if catch_unwind(AssertUnwindSafe(|| take(outcome))).is_err() {
            tracing::error!(
                idv.provider = %provider, idv.operation = %operation, "taking an unclaimed outcome panicked: it is lost"
            );
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
///
/// A call lives no longer than the Tokio runtime: one that is cut short by its end, or by a panic, has an outcome as well,
/// an error with [`Retry::AfterCheck`].
pub struct Shield<P> {
    inner: Arc<P>,
    unclaimed: Unclaimed,
    observer: Option<Arc<Observer>>,
}

impl<P: VerificationProvider> Shield<P> {
    /// Shields a provider.
    pub fn new(inner: P, unclaimed: Unclaimed) -> Self {
        Self { inner: Arc::new(inner), unclaimed, observer: None }
    }

    /// Tells an observer of calls that cannot be made.
    pub(crate) fn observed(self, observer: Arc<Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    /// A start that borrows nothing, and whose request is not copied another time.
    pub(crate) async fn start_shared(
        self: Arc<Self>,
        request: Arc<StartRequest>,
    ) -> Result<VerificationSession> {
        self.start_of(request).await
    }

    async fn start_of(&self, request: Arc<StartRequest>) -> Result<VerificationSession> {
        let inner = Arc::clone(&self.inner);
        let about = About { reference: Some(request.reference.clone()), session: None };
        let call = async move { inner.start(&request).await };
        self.see_through(Operation::Start, about, Kept::from, call).await
    }

    async fn see_through<T: Send + 'static>(
        &self,
        operation: Operation,
        about: About,
        keep: fn(T) -> Kept,
        call: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let provider = self.inner.id().clone();
        let runtime = Handle::try_current().map_err(|_| self.no_runtime(operation, &about))?;
        let unclaimed = self.unclaimed.clone();
        let hand_over = move |result: Result<T>| {
            let About { reference, session } = about;
            let (session, result) = match result.map(keep) {
                Ok(kept) => (Some(kept.reference), Ok(kept.session)),
                Err(error) => (session, Err(error)),
            };
            unclaimed.take(UnclaimedOutcome { provider, operation, reference, session, result });
        };
        let (sender, receiver) = oneshot::channel();
        let claim = Claim { receiver, hand_over: Some(hand_over.clone()) };
        let debt = Debt { provider: self.inner.id().clone(), operation, owed: Some((sender, hand_over)) };
        let task = async move { debt.settle(call.await) };
        runtime.spawn(observed::carried(task).in_current_span());
        claim.outcome().await.unwrap_or_else(|| Err(cut_short(self.inner.id(), operation)))
    }
}

impl<P: VerificationProvider> Shield<P> {
    fn no_runtime(&self, operation: Operation, about: &About) -> Error {
        let error = fault(self.inner.id(), operation, "this needs a Tokio runtime");
        let Some(observer) = &self.observer else { return error };
        let about = match (&about.reference, &about.session) {
            (Some(reference), _) => observed::About::Reference(reference),
            (None, Some(session)) => observed::About::Session(session),
            (None, None) => observed::About::Nothing,
        };
        observer.refused(operation, about, error)
    }
}

impl<P: fmt::Debug> fmt::Debug for Shield<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shield")
            .field("inner", &self.inner)
            .field("unclaimed", &self.unclaimed)
            .finish_non_exhaustive()
    }
}

fn fault(provider: &ProviderId, operation: Operation, message: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_provider(provider.clone()).with_operation(operation)
}

/// Nobody knows what became of the call.
fn cut_short(provider: &ProviderId, operation: Operation) -> Error {
    fault(provider, operation, "the call ended without an outcome")
        .with_delivery(Delivery::Unknown)
        .with_retry(Retry::AfterCheck)
}

/// What a call is about, known before it is made.
#[derive(Clone)]
struct About {
    reference: Option<String>,
    session: Option<SessionRef>,
}

/// What is kept of an outcome that nobody claims.
struct Kept {
    reference: SessionRef,
    session: Option<VerificationSession>,
}

impl From<VerificationSession> for Kept {
    fn from(session: VerificationSession) -> Self {
        Self { reference: session.reference.clone(), session: Some(session) }
    }
}

impl From<Verification> for Kept {
    fn from(verification: Verification) -> Self {
        Self { reference: verification.reference, session: None }
    }
}

/// The call's end. Dropped before it is settled, by a panic or the end of the runtime, it settles with an error.
struct Debt<T, F: FnOnce(Result<T>)> {
    provider: ProviderId,
    operation: Operation,
    owed: Option<(oneshot::Sender<Result<T>>, F)>,
}

impl<T, F: FnOnce(Result<T>)> Debt<T, F> {
    fn settle(mut self, result: Result<T>) {
        if let Some((sender, hand_over)) = self.owed.take() {
            deliver(sender, hand_over, result);
        }
    }
}

impl<T, F: FnOnce(Result<T>)> Drop for Debt<T, F> {
    fn drop(&mut self) {
        if let Some((sender, hand_over)) = self.owed.take() {
            deliver(sender, hand_over, Err(cut_short(&self.provider, self.operation)));
        }
    }
}

fn deliver<T>(sender: oneshot::Sender<Result<T>>, hand_over: impl FnOnce(Result<T>), result: Result<T>) {
    if let Err(result) = sender.send(result) {
        hand_over(result);
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
        self.start_of(Arc::new(request.clone())).await
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let (inner, request) = (Arc::clone(&self.inner), request.clone());
        let about = About { reference: None, session: Some(request.session.clone()) };
        let call = async move { inner.refresh(&request).await };
        self.see_through(Operation::Refresh, about, Kept::from, call).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.inner.check(request).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        self.inner.find(request).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        let (inner, request) = (Arc::clone(&self.inner), request.clone());
        let about = About { reference: None, session: None };
        let call = async move { inner.import(&request).await };
        self.see_through(Operation::Import, about, Kept::from, call).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.inner.parse_redirect(redirect)
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.inner.verify_webhook(webhook)
    }
}
