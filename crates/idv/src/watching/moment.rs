//! Compact moments: half the size of an `Instant`, because there are several for every session.

use std::ops::Add;
use std::time::Duration;

use tokio::time::Instant;

/// Nanoseconds since a watcher began: enough for 584 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(u64);

impl Moment {
    pub(super) fn now(origin: Instant) -> Self {
        Self(nanoseconds(origin.elapsed()))
    }

    /// The same moment for timers; `None` beyond the end of the clock.
    pub(super) fn instant(self, origin: Instant) -> Option<Instant> {
        origin.checked_add(Duration::from_nanos(self.0))
    }

    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Duration> for Moment {
    type Output = Self;

    fn add(self, pause: Duration) -> Self {
        Self(self.0.saturating_add(nanoseconds(pause)))
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
