//! Circuit breaker: stops calls to a vendor that is down, until a probe succeeds.

mod gauge;
mod open_gauge;
mod policy;
mod state;

use std::sync::Arc;
use std::time::Duration;

use idv_core::{CallContext, Delivery, Error, ErrorKind, Operation, ProviderId, Request, Result, Retry};

pub(crate) use gauge::BreakerGauge;
use open_gauge::OpenGauge;
pub use policy::BreakerPolicy;
pub use state::BreakerState;
use state::{Breaker, Outcome, Permit};

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
    breaker: Arc<Breaker>,
    open_gauge: OpenGauge,
}

impl CircuitBreaker {
    /// A closed circuit breaker for a provider of this name.
    #[must_use]
    pub fn new(provider: &ProviderId, policy: BreakerPolicy) -> Self {
        Self { breaker: Arc::new(Breaker::new(policy)), open_gauge: OpenGauge::new(provider.clone()) }
    }

    /// The state: whether calls go through.
    #[must_use]
    pub fn state(&self) -> BreakerState {
        self.breaker.state()
    }

    /// A gauge that reads it when other layers are around it.
    pub(crate) fn gauge(&self) -> BreakerGauge {
        BreakerGauge(Arc::clone(&self.breaker))
    }

    fn try_acquire(&self, operation: Operation) -> Result<Permit<'_>> {
        self.breaker.try_acquire().map_err(|after| {
            Error::new(
                ErrorKind::Unavailable,
                "nothing was sent: the circuit breaker is open, because the vendor failed lately",
            )
            .with_provider(self.open_gauge.provider().clone())
            .with_operation(operation)
            .with_retry(Retry::Allowed { after: Some(after) })
        })
    }

    fn record<T>(&self, permit: Permit<'_>, context: &CallContext, result: Result<T>) -> Result<T> {
        let outcome = match &result {
            Ok(_) => Outcome::Success,
            Err(error) if error.kind() == ErrorKind::Timeout && was_impatient(context, &permit) => {
                Outcome::Ignored
            }
            Err(error) => classify(error),
        };
        match permit.report(outcome) {
            Some(BreakerState::Open { remaining }) => {
                self.open_gauge.set(true);
                let pause = u64::try_from(remaining.as_millis()).unwrap_or(u64::MAX);
                tracing::warn!(
                    idv.provider = %self.open_gauge.provider(), idv.wait_ms = pause, "the circuit breaker opens: the vendor fails"
                );
            }
            Some(BreakerState::Closed) => {
                self.open_gauge.set(false);
                tracing::info!(idv.provider = %self.open_gauge.provider(), "the circuit breaker closes: the vendor answers again");
            }
            _ => {}
        }
        result
    }
}

/// Whether the request's own deadline ended a call too early to blame the vendor.
fn was_impatient(context: &CallContext, permit: &Permit<'_>) -> bool {
    let deadline = context.time_left(permit.began().into_std());
    deadline.is_some_and(|deadline| deadline < PATIENCE && deadline <= permit.age())
}

/// Classifies an error for the breaker.
fn classify(error: &Error) -> Outcome {
    let down = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection);
    match error.http_status() {
        Some(400..=499) => Outcome::Answered,
        _ if down => Outcome::Failure,
        _ if error.delivery() == Delivery::Answered => Outcome::Answered,
        _ => Outcome::Ignored,
    }
}

impl Layer for CircuitBreaker {
    async fn call<R: Request, N: Next>(&self, request: &R, next: &Arc<N>) -> Result<R::Output> {
        let permit = self.try_acquire(R::OPERATION)?;
        self.record(permit, request.context(), next.call(request).await)
    }
}
