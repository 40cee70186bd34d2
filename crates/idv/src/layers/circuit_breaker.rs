//! Circuit breaker: stops calls to a vendor that is down, until a probe succeeds.

mod alarm;
mod gauge;
mod policy;
mod state;

use std::sync::Arc;
use std::time::Duration;

use idv_core::{CallContext, Delivery, Error, ErrorKind, Operation, ProviderId, Request, Result, Retry};

use alarm::Alarm;
pub(crate) use gauge::BreakerGauge;
pub use policy::BreakerPolicy;
pub use state::BreakerState;
use state::{Admission, Outcome, Switch};

use super::layer::{Layer, Next};

/// A vendor that does not answer within a deadline shorter than this may be well: the caller's deadline was too short.
const PATIENCE: Duration = Duration::from_secs(5);

/// Circuit breaker: stops calls to a vendor that is down, and finds out by itself when it is back.
///
/// Where at least a share of the latest calls ended with `unavailable`, `timeout` or `connection`, it opens: calls end at once
/// with [`ErrorKind::Unavailable`], [`Delivery::NotSent`] and the rest of the pause in
/// [`Error::retry_after`]; [`Retries`](crate::layers::Retries) does not wait for that. After the pause one call goes through as a
/// probe, while the others are still told to wait. When the vendor answers it, everything goes through again; when not, the
/// next pause is twice as long.
///
/// An answer with a status from 400 to 499, a 429 among them, never counts: the vendor is there. A time-out does not count
/// where the request's own deadline of less than five seconds brought it about: a short deadline of one caller must not open
/// the breaker for the others. The breaker's refusal is always an error and never a verdict. Webhooks and return URLs are
/// read as ever.
///
/// A call that its caller drops counts for nothing. Calls that were let through before it opened are not cancelled: at most
/// those that were under way or waiting in inner layers then still reach the vendor.
///
/// # Order of layers
/// Right: `Retries` over `CircuitBreaker`: every attempt counts, and a repetition meets the open breaker.
/// Wrong: `CircuitBreaker` over `Retries`: a vendor that is down is asked three times before one failure counts.
#[derive(Debug)]
pub struct CircuitBreaker {
    switch: Arc<Switch>,
    alarm: Alarm,
}

impl CircuitBreaker {
    /// A closed circuit breaker for a provider of this name.
    #[must_use]
    pub fn new(provider: &ProviderId, policy: BreakerPolicy) -> Self {
        Self { switch: Arc::new(Switch::new(policy)), alarm: Alarm::new(provider.clone()) }
    }

    /// The state: whether calls go through.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.switch.state()
    }

    /// A gauge that reads it when other layers are around it.
    pub(crate) fn gauge(&self) -> BreakerGauge {
        BreakerGauge(Arc::clone(&self.switch))
    }

    fn admit(&self, operation: Operation) -> Result<Admission<'_>> {
        self.switch.admit().map_err(|after| {
            Error::new(ErrorKind::Unavailable, "nothing was sent: the vendor failed lately and is left alone")
                .with_provider(self.alarm.provider().clone())
                .with_operation(operation)
                .with_retry(Retry::Allowed { after: Some(after) })
        })
    }

    fn settle<T>(&self, admission: Admission<'_>, context: &CallContext, result: Result<T>) -> Result<T> {
        let outcome = match &result {
            Ok(_) => Outcome::Good,
            Err(error) if error.kind() == ErrorKind::Timeout && was_impatient(context, &admission) => {
                Outcome::Unclear
            }
            Err(error) => judge(error),
        };
        match admission.report(outcome) {
            Some(BreakerState::Open { remaining }) => {
                self.alarm.set(true);
                let pause = u64::try_from(remaining.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(
                    idv.provider = %self.alarm.provider(), idv.wait_ms = pause, "the vendor fails and is left alone"
                );
            }
            Some(BreakerState::Closed) => {
                self.alarm.set(false);
                tracing::info!(idv.provider = %self.alarm.provider(), "the vendor is back");
            }
            _ => {}
        }
        result
    }
}

/// Whether the request's own deadline ended a call too early to blame the vendor.
fn was_impatient(context: &CallContext, admission: &Admission<'_>) -> bool {
    let deadline = context.time_left(admission.began().into_std());
    deadline.is_some_and(|deadline| deadline < PATIENCE && deadline <= admission.age())
}

/// Classifies an error for the breaker.
fn judge(error: &Error) -> Outcome {
    let down = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection);
    match error.http_status() {
        Some(400..=499) => Outcome::Answered,
        _ if down => Outcome::Bad,
        _ if error.delivery() == Delivery::Answered => Outcome::Answered,
        _ => Outcome::Unclear,
    }
}

impl Layer for CircuitBreaker {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let admission = self.admit(R::OPERATION)?;
        self.settle(admission, request.context(), next.call(request).await)
    }
}
