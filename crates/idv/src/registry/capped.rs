//! A start that takes a slot of a cap, and releases it when it certainly made no session.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use idv_core::{
    Operation, ProviderId, Request, Result, StartRequest, VerificationProvider, VerificationSession,
};
use tokio::runtime::Handle;

use super::snapshot::Snapshot;
use crate::layers::UnclaimedOutcome;
use crate::routing::may_have_session;

type Call = Pin<Box<dyn Future<Output = Result<VerificationSession>> + Send>>;

/// A start that is counted already. It is taken back where there is certainly no session, also where the caller goes away
/// before that is known: the provider completes the start, and its outcome is waited for here.
pub(crate) struct CappedStart {
    start: Start,
    /// Nothing once its outcome is known: it must not be polled any more.
    call: Option<Call>,
}

#[derive(Clone)]
struct Start {
    snapshot: Arc<Snapshot>,
    provider: ProviderId,
    request: StartRequest,
}

impl CappedStart {
    pub(crate) fn new(snapshot: &Arc<Snapshot>, provider: &ProviderId, request: &StartRequest) -> Self {
        let called = snapshot.asked(provider, Operation::Start, request.target()).cloned();
        let sent = request.clone();
        let call: Call = Box::pin(async move { called?.start(&sent).await });
        let start =
            Start { snapshot: Arc::clone(snapshot), provider: provider.clone(), request: request.clone() };
        Self { start, call: Some(call) }
    }
}

impl Future for CappedStart {
    type Output = Result<VerificationSession>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(call) = &mut self.call else { return Poll::Pending };
        let outcome = ready!(call.as_mut().poll(context));
        self.call = None;
        self.start.release_on_failure(&outcome);
        Poll::Ready(outcome)
    }
}

impl Drop for CappedStart {
    fn drop(&mut self) {
        let (Some(call), Ok(runtime)) = (self.call.take(), Handle::try_current()) else { return };
        let start = self.start.clone();
        runtime.spawn(async move {
            let outcome = call.await;
            start.release_on_failure(&outcome);
            start.hand_over(outcome);
        });
    }
}

impl Start {
    fn release_on_failure(&self, outcome: &Result<VerificationSession>) {
        if outcome.as_ref().is_err_and(|error| !may_have_session(error)) {
            self.snapshot.router.undo(&self.provider);
        }
    }

    fn hand_over(self, outcome: Result<VerificationSession>) {
        self.snapshot.unclaimed.handle(UnclaimedOutcome {
            provider: self.provider,
            operation: Operation::Start,
            reference: Some(self.request.reference.clone()),
            session: outcome.as_ref().ok().map(|session| session.reference.clone()),
            result: outcome.map(Some),
        });
    }
}
