//! The retry policy: how often, after which pauses and for how long.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tower::retry::budget::TpsBudget;

/// The retry policy: how often calls are repeated, after which pauses and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
#[doc(alias = "retry budget")]
pub struct RetryPolicy {
    /// How often a call is made, the first time included; default: 3. With 1 nothing is repeated.
    pub attempts: u32,
    /// How long all attempts and pauses of a call may take together; default: 90 s. A request's own deadline counts where
    /// it is shorter.
    pub total_timeout: Duration,
    /// The longest wait that a call makes; default: 20 s. Where the vendor asks for more, the error goes back to the caller,
    /// with the wait in it.
    pub longest_wait: Duration,
    /// The pause before the first repetition is random between none and this, and twice as long with each; default: 500 ms.
    pub first_pause: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            total_timeout: Duration::from_secs(90),
            longest_wait: Duration::from_secs(20),
            first_pause: Duration::from_millis(500),
        }
    }
}

impl RetryPolicy {
    /// The longest pauses, one after the other.
    pub(super) fn pauses(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        ExponentialBuilder::new()
            .with_min_delay(self.first_pause.min(self.longest_wait))
            .with_max_delay(self.longest_wait)
            .without_max_times()
            .build()
    }

    /// The retry budget: a tenth of the calls of the last ten seconds may be repeated, and one in each second besides: enough
    /// for an application that makes few calls, and little for a vendor that is down.
    pub(super) fn budget(&self) -> TpsBudget {
        TpsBudget::new(Duration::from_secs(10), 1, 0.1)
    }
}
