//! The attempts of one call.

use std::time::Duration;

use idv_core::{CallContext, Deadline, Delivery, Error, ErrorKind, Randomness, Result, Retry};
use tokio::time::{Instant, sleep};

use super::{RetryBudget, RetryPolicy};
use crate::layers::refusal::WHILE_PROBING;

/// The attempts of one call: how many there were, how much time is left, and what is known of all of them.
pub(super) struct Attempts<'a> {
    policy: &'a RetryPolicy,
    budget: &'a RetryBudget,
    random: &'a dyn Randomness,
    /// `None` before the first pause.
    pauses: Option<Box<dyn Iterator<Item = Duration> + Send>>,
    end: Instant,
    made: u32,
    /// Whether the outcome of one of them is unknown.
    delivery_unknown: bool,
    /// The kinds of the vendor's answers that were no refusals.
    processed: Vec<ErrorKind>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(
        policy: &'a RetryPolicy,
        budget: &'a RetryBudget,
        random: &'a dyn Randomness,
        context: &CallContext,
    ) -> Self {
        budget.begin();
        let now = Instant::now();
        let own = context.time_left(now.into_std());
        let total = own.map_or(policy.total_timeout, |own| own.min(policy.total_timeout));
        // A time beyond all clocks is no limit.
        let end = now.checked_add(total).unwrap_or_else(|| now + Duration::from_secs(365 * 24 * 3600));
        Self {
            policy,
            budget,
            random,
            pauses: None,
            end,
            made: 0,
            delivery_unknown: false,
            processed: Vec::new(),
        }
    }

    /// When all attempts must be over.
    pub(super) fn end(&self) -> Deadline {
        Deadline::At(self.end.into_std())
    }

    fn left(&self) -> Duration {
        self.end.saturating_duration_since(Instant::now())
    }

    pub(super) fn succeeded<T>(&self, value: T) -> T {
        self.budget.deposit();
        value
    }

    /// Waits as long as it is right before the next attempt.
    ///
    /// # Errors
    /// The error itself, where there is no next attempt: what is known of the delivery is then said of all attempts.
    pub(super) async fn pause_after(&mut self, error: Error, context: &CallContext) -> Result<()> {
        self.made += 1;
        self.delivery_unknown |= error.delivery() == Delivery::Unknown;
        if error.delivery() == Delivery::Answered && !is_refusal(&error) {
            self.processed.push(error.kind());
        }
        let Retry::Allowed { after } = error.retry() else { return Err(self.merge_delivery(error)) };
        let pause = self.pause().max(after.unwrap_or_default());
        if pause > self.policy.longest_wait || is_breaker_open(&error) {
            return Err(self.merge_delivery(error));
        }
        let is_over = self.made >= self.policy.attempts || pause >= self.left();
        if is_over || !(is_local_rejection(&error) || self.budget.withdraw()) {
            return Err(self.merge_delivery(self.exhausted(error)));
        }
        tracing::debug!(
            idv.outcome = %error.kind(), idv.attempts = self.made,
            idv.wait_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX), "repeating"
        );
        sleep(pause).await;
        context.add_wait(pause);
        context.add_attempt();
        Ok(())
    }

    /// Random between nothing and what the growing delay says: full jitter.
    fn pause(&mut self) -> Duration {
        let pauses = self.pauses.get_or_insert_with(|| Box::new(self.policy.pauses()));
        let longest = pauses.next().unwrap_or(self.policy.longest_wait);
        // The upper 53 bits, as a fraction that a double holds exactly.
        let fraction = (self.random.bits() >> 75) as f64 / (1u64 << 53) as f64;
        longest.mul_f64(fraction)
    }

    /// A call that was made once only was not repeated, so nothing is exhausted.
    fn exhausted(&self, error: Error) -> Error {
        if self.made > 1 { error.with_retry(Retry::Exhausted) } else { error }
    }

    /// Merges the delivery of all attempts: if one is in doubt, a session could exist; and if the vendor failed over one, it
    /// is not true that nothing was sent. An error of another kind would hide that failure.
    fn merge_delivery(&self, error: Error) -> Error {
        let is_hidden = self.processed.iter().any(|kind| *kind != error.kind());
        match error.delivery() {
            _ if self.delivery_unknown || is_hidden => error.with_delivery(Delivery::Unknown),
            Delivery::NotSent if !self.processed.is_empty() => error.with_delivery(Delivery::Answered),
            _ => error,
        }
    }
}

/// Whether the circuit breaker is open, so that the vendor was not even asked. To wait for it now is only to be the next call
/// to see it fail, while another vendor could serve. A probe under way is soon over, so that is waited for.
fn is_breaker_open(error: &Error) -> bool {
    let is_long = error.retry_after().is_some_and(|after| after > WHILE_PROBING);
    is_long && error.kind() == ErrorKind::Unavailable && error.delivery() == Delivery::NotSent
}

/// Whether a layer of our own refused the call: the vendor did not get it, so a retry costs it nothing more.
fn is_local_rejection(error: &Error) -> bool {
    error.delivery() == Delivery::NotSent
        && matches!(error.kind(), ErrorKind::RateLimited | ErrorKind::Unavailable)
}

/// Whether the vendor refused before it did anything. A conflict may be with a call that is under way.
pub(super) fn is_refusal(error: &Error) -> bool {
    error.http_status().is_some_and(|status| (400..500).contains(&status) && status != 409)
}
