//! Cancellation safety: a call that is sent runs to completion, even when its caller goes away.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use idv_core::{
    Delivery, Error, ErrorKind, Operation, ProviderId, Request, Response, Result, Retry, SessionRef, Target,
    VerificationSession,
};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tracing::Instrument;

use super::layer::{Layer, Next};
use super::observe::{self, Observer};

/// The outcome of a call whose caller went away.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnclaimedOutcome {
    /// The provider that was called.
    pub provider: ProviderId,
    /// The operation.
    pub operation: Operation,
    /// The caller's own reference of a start.
    pub reference: Option<String>,
    /// The verification that the call was about: the one to refresh, or the one that a start or an import made.
    pub session: Option<SessionRef>,
    /// The session of a start or a refresh; `None` for the other operations: a check of `session` shows the outcome of an
    /// import or a cancellation.
    pub result: Result<Option<VerificationSession>>,
}

/// The handler of outcomes of calls whose callers went away.
#[derive(Clone, Default)]
pub struct UnclaimedHandler(Option<Arc<dyn Fn(UnclaimedOutcome) + Send + Sync>>);

impl UnclaimedHandler {
    /// Hands outcomes to a function. It is called once for each outcome, wherever that turns out to be unclaimed: on the
    /// task of the call or where the caller is dropped. So it must not block, and it should not panic: a panic is
    /// caught and logged, and the outcome is lost.
    pub fn new(take: impl Fn(UnclaimedOutcome) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(take)))
    }

    pub(crate) fn handle(&self, outcome: UnclaimedOutcome) {
        let (provider, operation) = (outcome.provider.clone(), outcome.operation);
        observe::unclaimed(&provider, operation);
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

impl fmt::Debug for UnclaimedHandler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UnclaimedHandler").field(&self.0.is_some()).finish()
    }
}

/// Cancellation safety: runs every operation that changes something at the vendor (all but check and find) as a task of its
/// own, so that a caller that is dropped in the middle, by a time-out or a closed browser, neither cuts the call short nor
/// loses its outcome.
///
/// A call lives no longer than the Tokio runtime: one that is cut short by its end, or by a panic, has an outcome as well,
/// an error with [`Retry::AfterCheck`].
#[doc(alias = "cancellation safety")]
pub struct Detach {
    unclaimed: UnclaimedHandler,
    observer: Option<Arc<Observer>>,
}

impl Detach {
    /// Hands outcomes whose callers went away to `unclaimed`.
    #[must_use]
    pub fn new(unclaimed: UnclaimedHandler) -> Self {
        Self { unclaimed, observer: None }
    }

    /// Reports calls that cannot be made to an observer.
    pub(crate) fn observed(self, observer: Arc<Observer>) -> Self {
        Self { observer: Some(observer), ..self }
    }

    async fn see_through<R: Request, N: Next>(&self, request: R, next: &Arc<N>) -> Result<R::Output> {
        let (provider, operation) = (next.id().clone(), R::OPERATION);
        let runtime = Handle::try_current().map_err(|_| self.no_runtime(next.id(), &request))?;
        let unclaimed = self.unclaimed.clone();
        let (reference, about) = match request.target() {
            Target::Reference(reference) => (Some(reference.to_owned()), None),
            Target::Session(session) => (None, Some(session.clone())),
            _ => (None, None),
        };
        let hand_over = move |result: Result<R::Output>| {
            let (session, result) = match result {
                Ok(answer) => (answer.answer().session().cloned(), Ok(answer.into_session())),
                Err(error) => (about, Err(error)),
            };
            unclaimed.handle(UnclaimedOutcome { provider, operation, reference, session, result });
        };
        let (sender, receiver) = oneshot::channel();
        let caller_guard = CallerGuard { receiver, hand_over: Some(hand_over.clone()) };
        let task_guard =
            TaskGuard { provider: next.id().clone(), operation, pending: Some((sender, hand_over)) };
        let next_of_task = Arc::clone(next);
        // In a box, so that what wraps the call moves a pointer and not the whole call.
        let task = Box::pin(async move { task_guard.settle(next_of_task.call(&request).await) });
        runtime.spawn(task.in_current_span());
        caller_guard.outcome().await.unwrap_or_else(|| Err(cut_short(next.id(), operation)))
    }

    fn no_runtime<R: Request>(&self, provider: &ProviderId, request: &R) -> Error {
        let error = fault(provider, R::OPERATION, "this needs a Tokio runtime");
        match &self.observer {
            Some(observer) => observer.refused(R::OPERATION, request.target(), error),
            None => error,
        }
    }
}

impl fmt::Debug for Detach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detach").field("unclaimed", &self.unclaimed).finish_non_exhaustive()
    }
}

impl Layer for Detach {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        match R::OPERATION {
            // These change nothing, so their answer may be lost.
            Operation::Check | Operation::Find => next.call(request).await,
            _ => self.see_through(request.clone(), next).await,
        }
    }
}

fn fault(provider: &ProviderId, operation: Operation, message: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_provider(provider.clone()).with_operation(operation)
}

/// The error of a call whose outcome is unknown.
fn cut_short(provider: &ProviderId, operation: Operation) -> Error {
    fault(provider, operation, "the call ended without an outcome")
        .with_delivery(Delivery::Unknown)
        .with_retry(Retry::AfterCheck)
}

/// The call's end. Dropped before it is settled, by a panic or the end of the runtime, it settles with an error.
struct TaskGuard<T, F: FnOnce(Result<T>)> {
    provider: ProviderId,
    operation: Operation,
    pending: Option<(oneshot::Sender<Result<T>>, F)>,
}

impl<T, F: FnOnce(Result<T>)> TaskGuard<T, F> {
    fn settle(mut self, result: Result<T>) {
        if let Some((sender, hand_over)) = self.pending.take() {
            deliver(sender, hand_over, result);
        }
    }
}

impl<T, F: FnOnce(Result<T>)> Drop for TaskGuard<T, F> {
    fn drop(&mut self) {
        if let Some((sender, hand_over)) = self.pending.take() {
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
struct CallerGuard<T, F: FnOnce(Result<T>)> {
    receiver: oneshot::Receiver<Result<T>>,
    hand_over: Option<F>,
}

impl<T, F: FnOnce(Result<T>)> CallerGuard<T, F> {
    async fn outcome(mut self) -> Option<Result<T>> {
        let outcome = (&mut self.receiver).await;
        self.hand_over = None;
        outcome.ok()
    }
}

impl<T, F: FnOnce(Result<T>)> Drop for CallerGuard<T, F> {
    fn drop(&mut self) {
        if let Some(hand_over) = self.hand_over.take() {
            self.receiver.close();
            if let Ok(result) = self.receiver.try_recv() {
                hand_over(result);
            }
        }
    }
}
