//! The clock, the only place of this crate that reads the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// The simulated time in milliseconds since the epoch: real time (or a frozen instant) plus an offset that only grows.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    frozen: Option<i64>,
    offset: Arc<AtomicI64>,
}

impl Clock {
    pub(crate) fn running() -> Self {
        Self { frozen: None, offset: Arc::default() }
    }

    pub(crate) fn frozen_at(instant: SystemTime) -> Self {
        Self { frozen: Some(millis_since_epoch(instant)), offset: Arc::default() }
    }

    pub(crate) fn now(&self) -> i64 {
        let base = self.frozen.unwrap_or_else(|| millis_since_epoch(SystemTime::now()));
        base.saturating_add(self.offset.load(Ordering::SeqCst))
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    pub(crate) fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        let add = |offset: i64| Some(offset.saturating_add(by));
        // The closure never declines, so there is no failure to look at.
        let _ = self.offset.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    pub(crate) fn system_time(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.now()).unwrap_or(0))
    }
}

/// The simulated time of one sandbox, for clients that outlive a borrow of it. Clones share it.
#[derive(Clone, Debug)]
pub struct SimulatedClock(pub(crate) Clock);

impl SimulatedClock {
    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.0.system_time()
    }
}

fn millis_since_epoch(instant: SystemTime) -> i64 {
    let elapsed = instant.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// ISO 8601 with milliseconds and `Z`, the form that all the vendors print.
pub(crate) fn iso(millis: i64) -> String {
    format!("{:.3}", Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX))
}

/// ISO 8601 without fractions of a second.
pub(crate) fn iso_seconds(millis: i64) -> String {
    iso(millis - millis.rem_euclid(1000)).replace(".000Z", "Z")
}

/// The form of dates in HTTP headers (RFC 9110, section 5.6.7).
pub(crate) fn http_date(millis: i64) -> String {
    let instant = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX);
    instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whole seconds until `until`, rounded up, and never zero: "retry in 0 seconds" would be refused again.
pub(crate) fn seconds_until(now: i64, until: i64) -> i64 {
    (until.saturating_sub(now)).saturating_add(999).div_euclid(1000).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_told() {
        let clock = Clock::frozen_at(UNIX_EPOCH + Duration::from_secs(100));
        assert_eq!(clock.now(), 100_000);
        clock.clone().advance(Duration::from_secs(5));
        assert_eq!(clock.now(), 105_000);
        clock.advance(Duration::MAX);
        assert_eq!(clock.now(), i64::MAX);
    }

    #[test]
    fn instants_are_printed_with_milliseconds() {
        assert_eq!(iso(1_767_225_600_000), "2026-01-01T00:00:00.000Z");
        assert_eq!(iso(1_767_225_600_042), "2026-01-01T00:00:00.042Z");
        assert_eq!(iso_seconds(1_767_225_600_042), "2026-01-01T00:00:00Z");
        assert_eq!(http_date(1_767_225_600_042), "Thu, 01 Jan 2026 00:00:00 GMT");
    }

    #[test]
    fn waits_are_rounded_up_to_whole_seconds() {
        assert_eq!(seconds_until(0, 22_001), 23);
        assert_eq!(seconds_until(5, 5), 1);
    }
}
