//! The polling policy of watched sessions.

use std::time::Duration;

use idv_core::{Cadence, NextAction, Randomness, Verification};

use super::moment::Moment;

/// Nothing is asked about more often than this, whatever a vendor or a storm of webhooks says.
pub(super) const SHORTEST: Duration = Duration::from_secs(1);

/// The longest wait that is kept.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 3600);

/// How much later than due a check may be on purpose. Less than five in a hundred, so that timers have the rest.
const JITTER: f64 = 0.04;

/// How often a [`Watcher`](super::Watcher) asks, and how many checks it makes at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct WatchPolicy {
    /// How long a session is asked about at the vendor's short cadence, counted from the begin of the watch, from the
    /// last change and from the last [`Watcher::wake`](super::Watcher::wake); default: five minutes. Baanx documents 60 polls, one every 5 s.
    pub fresh_for: Duration,
    /// The pause towards which later polls grow, each half as long again as the one before; default: one minute, as nxos
    /// documents. A vendor's cadence that is slower than this counts instead.
    pub slowest: Duration,
    /// The pause towards which polls back off, twice as long with each error in a row; default: five minutes. A wait that
    /// the vendor asks for is the least pause, however long.
    pub longest_backoff: Duration,
    /// How many checks may be under way at one provider at a time; default: 8, and at least 1.
    pub in_flight: usize,
}

impl Default for WatchPolicy {
    fn default() -> Self {
        Self {
            fresh_for: Duration::from_secs(300),
            slowest: Duration::from_secs(60),
            longest_backoff: Duration::from_secs(300),
            in_flight: 8,
        }
    }
}

/// Where a session is in its cadence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    fresh_since: Moment,
    interval_ms: u32,
    errors: u32,
}

impl Pace {
    pub(super) fn new(now: Moment, interval: Duration) -> Self {
        Self { fresh_since: now, interval_ms: milliseconds(interval.max(SHORTEST)), errors: 0 }
    }

    /// The pause between polls at present.
    pub(super) fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_ms.into())
    }

    /// How many of the latest checks failed, one after the other.
    pub(super) fn errors(&self) -> u32 {
        self.errors
    }

    /// Back to the short cadence.
    pub(super) fn refresh(&mut self, now: Moment) {
        self.fresh_since = now;
    }

    /// The pause after an answer, given the pause that the vendor wants.
    pub(super) fn after_answer(&mut self, now: Moment, wanted: Duration, policy: &WatchPolicy) -> Duration {
        let wanted = wanted.max(SHORTEST);
        self.errors = 0;
        let interval = if now.since(self.fresh_since) < policy.fresh_for {
            wanted
        } else {
            let grown = self.interval().max(wanted).saturating_mul(3) / 2;
            grown.min(policy.slowest.max(wanted))
        };
        self.interval_ms = milliseconds(interval);
        interval
    }

    /// The pause after an error that may pass, no shorter than the vendor asks.
    pub(super) fn after_error(&mut self, asked: Option<Duration>, policy: &WatchPolicy) -> Duration {
        self.errors = self.errors.saturating_add(1);
        let doubled = self.interval().saturating_mul(1u32.checked_shl(self.errors).unwrap_or(u32::MAX));
        let pause = doubled.min(policy.longest_backoff).max(self.interval());
        pause.max(asked.unwrap_or_default())
    }
}

/// How long to wait before the next check, by the vendor's status or by its profile.
pub(super) fn wanted(verification: &Verification, cadence: Option<Cadence>) -> Duration {
    match (&verification.next_action, cadence) {
        (NextAction::Wait { poll_after }, _) => *poll_after,
        (_, Some(cadence)) => cadence.applicant_busy,
        (_, None) => SHORTEST,
    }
}

/// A little longer, by chance and never by more than a twenty-fifth, so that sessions that began together drift apart.
pub(super) fn jittered(pause: Duration, random: &dyn Randomness) -> Duration {
    // The upper 53 bits, as a fraction that a double holds exactly.
    let fraction = (random.bits() >> 75) as f64 / (1u64 << 53) as f64;
    let pause = pause.min(LONGEST);
    pause + pause.mul_f64(JITTER * fraction)
}

fn milliseconds(pause: Duration) -> u32 {
    u32::try_from(pause.as_millis()).unwrap_or(u32::MAX)
}
