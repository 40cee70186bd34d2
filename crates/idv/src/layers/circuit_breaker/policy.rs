//! The policy of the circuit breaker: when it opens, and for how long.

use std::num::NonZeroU32;
use std::time::Duration;

/// The policy of the circuit breaker: when it opens, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct BreakerPolicy {
    /// The time whose calls count; default: 30 s.
    pub window: Duration,
    /// How many calls have to have succeeded or failed in that time before it opens; default: 10.
    pub least_calls: NonZeroU32,
    /// How many of a hundred have to have failed; default: 50.
    pub percent: NonZeroU32,
    /// How long it stays open at first, and twice as long after each probe that failed; default: 10 s.
    pub pause: Duration,
    /// How long it stays open at most; default: 60 s.
    pub longest_pause: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(30),
            least_calls: NonZeroU32::MIN.saturating_add(9),
            percent: NonZeroU32::MIN.saturating_add(49),
            pause: Duration::from_secs(10),
            longest_pause: Duration::from_secs(60),
        }
    }
}
