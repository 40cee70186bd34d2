//! Observation: spans and events, metrics, and the audit hook.

mod call;
mod counts;
#[cfg(feature = "metrics")]
mod meters;
#[cfg(not(feature = "metrics"))]
#[path = "observe/no_meters.rs"]
mod meters;
mod observation;
mod observer;
mod outcome;
mod pseudonym;
mod record;

use std::fmt;
use std::sync::Arc;

use idv_core::{
    Clock, Operation, Redirect, RedirectOutcome, Request, Response, Result, Target, VerificationProvider,
    VerificationStatus, WebhookOutcome, WebhookRequest,
};
use tracing::Instrument;

use call::Call;

#[cfg(feature = "metrics")]
pub use meters::describe_metrics;
pub(crate) use meters::{breaker, failed_over, unclaimed};
pub use observation::Observation;
pub(crate) use observer::Observer;
pub use pseudonym::Pseudonym;
pub use record::{AuditRecord, AuditResult, AuditedError, AuditedEvent, AuditedState, AuditedVerification};

use super::layer::{Layer, Next};

/// Observes the calls of one provider, and changes none of them.
///
/// Each call is a span `idv.call` of the crate `tracing`, with the fields `idv.provider`, `idv.kind`, `idv.operation`,
/// `idv.session`, `idv.reference`, `idv.outcome`, `idv.status`, `idv.provider_status`, `idv.found`, `idv.attempts`, `idv.wait_ms`
/// and `idv.duration_ms`, and where it failed `idv.http_status`, `idv.code`, `idv.request_id`, `idv.delivery` and `idv.retry`;
/// each attempt is a span `idv.attempt`. With the feature `metrics` there are the metrics of
/// `describe_metrics`, and where an [`Observation`] asks for it, an audit log of [`AuditRecord`]s. A session, or a
/// caller's own reference, is a [`Pseudonym`] in all of them. A status word that is not modelled is a warning.
///
/// # Order of layers
/// Right: `Detach` over `Observe` over `Retries`: one record for each call with all its attempts, also
/// when its caller went away.
/// Wrong: `Observe` over `Detach`: a start whose caller goes away is recorded as cancelled, though it runs to completion and
/// made a session.
#[doc(alias = "tracing span")]
#[doc(alias = "metrics")]
pub struct Observe {
    observer: Arc<Observer>,
}

impl Observe {
    /// Observes the calls of a provider. The clock tells the time of audit records.
    #[must_use]
    pub fn new(
        provider: &impl VerificationProvider,
        observation: Observation,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (id, kind) = (provider.id(), &provider.profile().kind);
        Self { observer: Arc::new(Observer::new(id, kind, observation, clock)) }
    }

    /// The observer, for outer layers, which refuse calls that never come here.
    pub(crate) fn observer(&self) -> Arc<Observer> {
        Arc::clone(&self.observer)
    }

    fn observe_now<T: Response>(
        &self,
        operation: Operation,
        target: Target<'_>,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let Some(call) = Call::begin(&self.observer, operation, target) else {
            return self.warn_unrecognized(operation, work());
        };
        let span = call.span().clone();
        span.in_scope(|| call.end(self.warn_unrecognized(operation, work())))
    }

    /// Warns of status words that are not modelled, also where nothing else is observed.
    fn warn_unrecognized<T: Response>(&self, operation: Operation, outcome: Result<T>) -> Result<T> {
        let said = outcome.iter().flat_map(|answer| outcome::statuses(answer.answer()));
        for (_, word) in said.filter(|(status, _)| *status == VerificationStatus::Unrecognized) {
            tracing::warn!(
                idv.provider = self.observer.provider.as_ref().map(display), idv.operation = %operation,
                idv.provider_status = word.map(display), "the vendor used a status that is not modelled"
            );
        }
        outcome
    }
}

impl fmt::Debug for Observe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observe").field("observation", &self.observer.observation).finish_non_exhaustive()
    }
}

impl Layer for Observe {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let Some(mut call) = Call::begin(&self.observer, R::OPERATION, request.target()) else {
            return self.warn_unrecognized(R::OPERATION, next.call(request).await);
        };
        let mut request = request.clone();
        call.counts_in(request.context_mut());
        let span = call.span().clone();
        let work = async move { call.end(self.warn_unrecognized(R::OPERATION, next.call(&request).await)) };
        work.instrument(span).await
    }

    fn parse_redirect<N: Next>(&self, redirect: &Redirect<'_>, next: &N) -> Result<RedirectOutcome> {
        let target = Target::Session(redirect.expected);
        self.observe_now(Operation::Redirect, target, || next.parse_redirect(redirect))
    }

    fn verify_webhook<N: Next>(&self, webhook: &WebhookRequest<'_>, next: &N) -> Result<WebhookOutcome> {
        self.observe_now(Operation::Webhook, Target::Nothing, || next.verify_webhook(webhook))
    }
}
