//! Says what happened: spans and events, metrics, and the audit hook.

mod call;
#[cfg(feature = "metrics")]
mod meters;
#[cfg(not(feature = "metrics"))]
#[path = "observed/no_meters.rs"]
mod meters;
mod observation;
mod observer;
mod outcome;
mod pseudonym;
mod record;
mod tally;
mod trace;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use async_trait::async_trait;
use idv_core::{
    CheckRequest, Clock, FindRequest, ImportRequest, Operation, ProviderId, ProviderProfile, Redirect,
    RedirectOutcome, RefreshRequest, Result, StartRequest, Verification, VerificationProvider,
    VerificationSession, VerificationStatus, WebhookOutcome, WebhookRequest,
};
use tracing::Instrument;

use call::Call;
use outcome::Outcome;
use tally::Tally;

pub(crate) use call::About;
#[cfg(feature = "metrics")]
pub use meters::describe_metrics;
pub(crate) use meters::{breaker, failed_over, unclaimed};
pub use observation::Observation;
pub(crate) use observer::Observer;
pub use pseudonym::Pseudonym;
pub use record::{AuditRecord, AuditResult, AuditedError, AuditedEvent, AuditedState, AuditedVerification};
pub(crate) use tally::{repeats, waited};
pub(crate) use trace::carried;
pub use trace::in_trace;

/// Says what happened to the calls of one provider, and changes none of them.
///
/// Each call is a span `idv.call`, whose fields are those of the page "Observation" of the documentation; with the feature
/// `metrics`, counters and histograms; and where an [`Observation`] asks for it, an [`AuditRecord`]. A session, or a
/// caller's own reference, is a [`Pseudonym`] in all of them. A status word that is not modelled is a warning.
///
/// # Order of layers
/// Right: `Shield::new(Observed::new(Retrying::new(provider, …), …), …)`: one record for each call with all its attempts, also
/// when its caller went away.
/// Wrong: `Observed::new(Shield::new(provider, …), …)`: a start whose caller goes away is recorded as cancelled, though it is
/// seen through and made a session.
pub struct Observed<P> {
    inner: P,
    observer: Arc<Observer>,
}

impl<P: VerificationProvider> Observed<P> {
    /// Observes a provider. The clock tells the time of audit records.
    pub fn new(inner: P, observation: Observation, clock: Arc<dyn Clock>) -> Self {
        let observer = Arc::new(Observer::new(&inner, observation, clock));
        Self { inner, observer }
    }

    /// For the layers around, which refuse calls that never come here.
    pub(crate) fn observer(&self) -> Arc<Observer> {
        Arc::clone(&self.observer)
    }

    async fn observe<T: Outcome>(
        &self,
        operation: Operation,
        about: About<'_>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let Some(call) = Call::begin(&self.observer, operation, about) else {
            return self.heed(operation, work.await);
        };
        let span = call.span().clone();
        Tally::of(async move { call.end(self.heed(operation, work.await)) }).instrument(span).await
    }

    fn observe_now<T: Outcome>(
        &self,
        operation: Operation,
        about: About<'_>,
        work: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let Some(call) = Call::begin(&self.observer, operation, about) else {
            return self.heed(operation, work());
        };
        let span = call.span().clone();
        span.in_scope(|| call.end(self.heed(operation, work())))
    }

    /// Warns of words that are not modelled, whoever listens to anything else.
    fn heed<T: Outcome>(&self, operation: Operation, outcome: Result<T>) -> Result<T> {
        let said = outcome.iter().flat_map(Outcome::said);
        for (_, word) in said.filter(|(status, _)| *status == VerificationStatus::Unrecognized) {
            tracing::warn!(
                idv.provider = %self.id(), idv.operation = %operation, idv.provider_status = word.map(display),
                "the vendor used a status that is not modelled"
            );
        }
        outcome
    }
}

impl<P: fmt::Debug> fmt::Debug for Observed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observed")
            .field("inner", &self.inner)
            .field("observation", &self.observer.observation)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl<P: VerificationProvider> VerificationProvider for Observed<P> {
    fn id(&self) -> &ProviderId {
        self.inner.id()
    }

    fn profile(&self) -> &ProviderProfile {
        self.inner.profile()
    }

    async fn start(&self, request: &StartRequest) -> Result<VerificationSession> {
        let about = About::Reference(&request.reference);
        self.observe(Operation::Start, about, self.inner.start(request)).await
    }

    async fn refresh(&self, request: &RefreshRequest) -> Result<VerificationSession> {
        let about = About::Session(&request.session);
        self.observe(Operation::Refresh, about, self.inner.refresh(request)).await
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        let about = About::Session(&request.session);
        self.observe(Operation::Check, about, self.inner.check(request)).await
    }

    async fn find(&self, request: &FindRequest) -> Result<Vec<Verification>> {
        let about = About::Reference(&request.reference);
        self.observe(Operation::Find, about, self.inner.find(request)).await
    }

    async fn import(&self, request: &ImportRequest) -> Result<Verification> {
        self.observe(Operation::Import, About::Nothing, self.inner.import(request)).await
    }

    fn parse_redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome> {
        let about = About::Session(redirect.expected);
        self.observe_now(Operation::Redirect, about, || self.inner.parse_redirect(redirect))
    }

    fn verify_webhook(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.observe_now(Operation::Webhook, About::Nothing, || self.inner.verify_webhook(webhook))
    }
}
