//! The polling policy of watched sessions.

use std::time::Duration;

use idv_core::{Cadence, CredentialOwner, Error, ErrorKind, NextAction, Randomness, Retry};

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

/// Where a verification is in its cadence: the pause between its checks at present, and its failures in a row.
///
/// For programs that keep their own schedule, such as a durable one; a [`Watcher`](super::Watcher) has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    interval_ms: u32,
    errors: u32,
}

impl Pace {
    /// The pace of a verification that is new: the vendor's pause between checks, and no failures.
    #[must_use]
    pub fn new(interval: Duration) -> Self {
        Self::stored(interval, 0)
    }

    /// A pace that was kept: its pause, at least one second, and how many of the latest checks failed.
    #[must_use]
    pub fn stored(interval: Duration, errors: u32) -> Self {
        Self { interval_ms: milliseconds(interval.max(SHORTEST)), errors }
    }

    /// The pause between checks at present.
    #[must_use]
    pub fn interval(&self) -> Duration {
        Duration::from_millis(self.interval_ms.into())
    }

    /// How many of the latest checks failed, one after the other.
    #[must_use]
    pub fn errors(&self) -> u32 {
        self.errors
    }

    /// The pause after an answer, given how long there has been no news, and the pause that the vendor wants.
    pub fn after_answer(
        &mut self,
        without_news: Duration,
        wanted: Duration,
        policy: &WatchPolicy,
    ) -> Duration {
        let wanted = wanted.max(SHORTEST);
        self.errors = 0;
        let interval = if without_news < policy.fresh_for {
            wanted
        } else {
            let grown = self.interval().max(wanted).saturating_mul(3) / 2;
            grown.min(policy.slowest.max(wanted))
        };
        self.interval_ms = milliseconds(interval);
        interval
    }

    /// The pause after an error that may pass, no shorter than the vendor asks.
    pub fn after_error(&mut self, asked: Option<Duration>, policy: &WatchPolicy) -> Duration {
        self.errors = self.errors.saturating_add(1);
        let doubled = self.interval().saturating_mul(1u32.checked_shl(self.errors).unwrap_or(u32::MAX));
        let pause = doubled.min(policy.longest_backoff).max(self.interval());
        pause.max(asked.unwrap_or_default())
    }
}

/// How long to wait before the next check: what the next action says, else the vendor's cadence while the applicant is busy.
#[must_use]
pub fn wanted_pause(next_action: &NextAction, cadence: Option<Cadence>) -> Duration {
    match (next_action, cadence) {
        (NextAction::Wait { poll_after }, _) => *poll_after,
        (_, Some(cadence)) => cadence.applicant_busy,
        (_, None) => SHORTEST,
    }
}

/// Whether waiting can help after a failed check: the vendor failed, or the error allows to repeat.
#[must_use]
pub fn is_transient(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::RateLimited
        | ErrorKind::Unavailable
        | ErrorKind::Timeout
        | ErrorKind::Connection
        | ErrorKind::InvalidResponse => true,
        ErrorKind::NotFound => false,
        _ if error.credential() == Some(CredentialOwner::User) => false,
        _ => matches!(error.retry(), Retry::Allowed { .. } | Retry::Exhausted),
    }
}

/// A little longer, by chance and never by more than a twenty-fifth, so that sessions that began together drift apart.
pub fn jittered(pause: Duration, random: &dyn Randomness) -> Duration {
    // The upper 53 bits, as a fraction that a double holds exactly.
    let fraction = (random.bits() >> 75) as f64 / (1u64 << 53) as f64;
    let pause = pause.min(LONGEST);
    pause + pause.mul_f64(JITTER * fraction)
}

fn milliseconds(pause: Duration) -> u32 {
    u32::try_from(pause.as_millis()).unwrap_or(u32::MAX)
}
