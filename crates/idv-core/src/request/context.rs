//! The context of one call: deadline, trace, idempotency key, statistics and extensions.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use http::Extensions;

use crate::TraceParent;

/// When a call must be over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deadline {
    /// So long after it is made.
    After(Duration),
    /// At this moment.
    At(Instant),
}

impl Deadline {
    /// The same deadline as a moment, for a call that is made now. A time beyond the clock is no deadline.
    #[must_use]
    pub fn begun(self, now: Instant) -> Option<Self> {
        match self {
            Self::After(time) => now.checked_add(time).map(Self::At),
            Self::At(_) => Some(self),
        }
    }

    /// How long a call that goes on now may take: zero once the deadline has passed.
    #[must_use]
    pub fn left(self, now: Instant) -> Duration {
        match self {
            Self::After(time) => time,
            Self::At(end) => end.saturating_duration_since(now),
        }
    }
}

impl From<Duration> for Deadline {
    fn from(time: Duration) -> Self {
        Self::After(time)
    }
}

impl From<Instant> for Deadline {
    fn from(end: Instant) -> Self {
        Self::At(end)
    }
}

/// The context of one call, apart from its input. Every request carries one; layers read it, and change it in a copy of the
/// request, which shares everything else.
///
/// This crate reads no clock: moments are those of the caller's clock, and under Tokio they come from `tokio::time::Instant`,
/// so that tests can stop it.
#[derive(Clone, Default)]
pub struct CallContext {
    deadline: Option<Deadline>,
    trace: Option<TraceParent>,
    idempotency_key: Option<Arc<str>>,
    stats: Option<Arc<CallStats>>,
    extensions: Extensions,
}

impl CallContext {
    /// When the whole operation must be over, with all its attempts; `None` where only the configuration limits it.
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        self.deadline
    }

    /// How long a call that goes on now may take; `None` without a deadline.
    #[must_use]
    pub fn time_left(&self, now: Instant) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.left(now))
    }

    /// The trace that the call is part of: vendors get it as `traceparent`. Where there is none, an adapter asks the
    /// [`TraceSource`](crate::TraceSource) of its [`BuildContext`](crate::BuildContext).
    #[must_use]
    pub fn trace(&self) -> Option<TraceParent> {
        self.trace
    }

    /// The key under which the vendor recognises a repeated call: at most 255 visible ASCII characters.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// The statistics of the running call; `None` where they are not recorded.
    #[must_use]
    pub fn stats(&self) -> Option<&Arc<CallStats>> {
        self.stats.as_ref()
    }

    /// A value that an application attached to the call, for layers of its own.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.extensions.get()
    }

    /// Sets when the whole operation must be over.
    pub fn set_deadline(&mut self, deadline: Option<Deadline>) {
        self.deadline = deadline;
    }

    /// Turns a relative deadline into an absolute one, counted from `now`.
    pub fn begin(&mut self, now: Instant) {
        self.deadline = self.deadline.and_then(|deadline| deadline.begun(now));
    }

    /// Sets the trace that the call is part of.
    pub fn set_trace(&mut self, trace: Option<TraceParent>) {
        self.trace = trace;
    }

    /// Sets the key under which the vendor recognises a repeated call.
    pub fn set_idempotency_key(&mut self, key: Option<Arc<str>>) {
        self.idempotency_key = key;
    }

    /// Counts one attempt more, where statistics are recorded.
    pub fn add_attempt(&self) {
        if let Some(stats) = &self.stats {
            stats.attempts.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts a wait, where statistics are recorded.
    pub fn add_wait(&self, wait: Duration) {
        if let Some(stats) = &self.stats {
            let nanos = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
            stats.waited_nanos.fetch_add(nanos, Ordering::Relaxed);
        }
    }

    /// Makes layers record statistics.
    pub fn set_stats(&mut self, stats: Arc<CallStats>) {
        self.stats = Some(stats);
    }

    /// Attaches a value for layers of the application, one value of each type.
    pub fn set_extension<T: Clone + Send + Sync + 'static>(&mut self, value: T) {
        self.extensions.insert(value);
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { deadline, trace, idempotency_key, stats, extensions } = self;
        deadline.is_none()
            && trace.is_none()
            && idempotency_key.is_none()
            && stats.is_none()
            && extensions.is_empty()
    }
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallContext")
            .field("deadline", &self.deadline)
            .field("trace", &self.trace)
            // A caller's own key may say something of the applicant.
            .field("idempotency_key", &self.idempotency_key.as_ref().map(|_| format_args!("[redacted]")))
            .finish_non_exhaustive()
    }
}

/// Statistics of a running call, recorded by layers: its attempts at the vendor, and its waits.
#[derive(Debug)]
pub struct CallStats {
    attempts: AtomicU32,
    waited_nanos: AtomicU64,
}

impl Default for CallStats {
    /// One attempt, and no wait.
    fn default() -> Self {
        Self { attempts: AtomicU32::new(1), waited_nanos: AtomicU64::new(0) }
    }
}

impl CallStats {
    /// How often the vendor was asked so far, the first time included.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// How long the call has waited so far: for its turn, and between its attempts.
    #[must_use]
    pub fn waited(&self) -> Duration {
        Duration::from_nanos(self.waited_nanos.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_becomes_a_moment_when_the_call_begins() {
        let now = Instant::now();
        let (three, five) = (Duration::from_secs(3), Duration::from_secs(5));
        let begun = Deadline::After(three).begun(now).unwrap();
        assert_eq!(begun, Deadline::At(now + three));
        assert_eq!(begun.begun(now + five), Some(begun), "a moment stays");
        assert_eq!(begun.left(now + Duration::from_secs(1)), Duration::from_secs(2));
        assert_eq!(begun.left(now + five), Duration::ZERO, "it has passed");
        assert_eq!(Deadline::After(three).left(now + five), three, "the call has not begun");
    }

    #[test]
    fn a_time_beyond_the_clock_is_no_deadline() {
        let mut context = CallContext::default();
        context.set_deadline(Some(Duration::MAX.into()));
        context.begin(Instant::now());
        assert_eq!(context.deadline(), None);
    }

    #[test]
    fn what_is_attached_is_found_by_its_type() {
        #[derive(Clone, PartialEq, Debug)]
        struct Tenant(u8);
        let mut context = CallContext::default();
        assert!(context.is_empty());
        context.set_extension(Tenant(7));
        assert_eq!(context.clone().extension(), Some(&Tenant(7)));
        assert!(!context.is_empty() && context.extension::<u8>().is_none());
    }
}
