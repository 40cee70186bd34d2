//! The state of the circuit breaker.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::BreakerPolicy;
use crate::layers::refusal::WHILE_PROBING;

/// Into how many parts the window is divided: calls leave it part by part.
const PARTS: u32 = 10;

/// The state of a circuit breaker: whether calls go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakerState {
    /// They do.
    Closed,
    /// They do not.
    Open {
        /// For how long no call goes through.
        remaining: Duration,
    },
    /// One call at a time goes through, to see whether the vendor is back.
    HalfOpen,
}

/// The outcome of a call for the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Success,
    Failure,
    /// The vendor refused the call, so it is there.
    Answered,
    Ignored,
}

/// Statistics of a breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many calls it has let through since it was built.
    pub(crate) calls: u64,
    /// The calls of the window that succeeded or failed.
    pub(crate) counted: u64,
    /// Those of them that failed.
    pub(crate) failed: u64,
    /// The time whose calls count.
    pub(crate) window: Duration,
}

/// The state, shared by all calls.
#[derive(Debug)]
pub(super) struct Breaker {
    policy: BreakerPolicy,
    position: Mutex<Position>,
}

#[derive(Debug)]
struct Position {
    /// How often it opened or closed: the outcome of a call holds only for the time in which it was let through.
    generation: u64,
    /// How many calls were let through.
    calls: u64,
    mode: Mode,
}

#[derive(Debug)]
enum Mode {
    Closed(VecDeque<Part>),
    Open { until: Instant, pause: Duration, probing: bool },
}

#[derive(Debug)]
struct Part {
    begun: Instant,
    good: u32,
    bad: u32,
}

impl Breaker {
    pub(super) fn new(policy: BreakerPolicy) -> Self {
        Self {
            policy,
            position: Mutex::new(Position { generation: 0, calls: 0, mode: Mode::Closed(VecDeque::new()) }),
        }
    }

    fn position(&self) -> MutexGuard<'_, Position> {
        self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> BreakerState {
        match self.position().mode {
            Mode::Closed(_) => BreakerState::Closed,
            Mode::Open { until, .. } => match until.saturating_duration_since(Instant::now()) {
                Duration::ZERO => BreakerState::HalfOpen,
                remaining => BreakerState::Open { remaining },
            },
        }
    }

    /// Lets a call through, or says how long none will be.
    pub(super) fn try_acquire(&self) -> Result<Permit<'_>, Duration> {
        let mut position = self.position();
        let is_probe = match &mut position.mode {
            Mode::Closed(_) => false,
            Mode::Open { until, probing, .. } => {
                match (until.saturating_duration_since(Instant::now()), *probing) {
                    (Duration::ZERO, false) => *probing = true,
                    (Duration::ZERO, true) => return Err(WHILE_PROBING),
                    (remaining, _) => return Err(remaining),
                }
                true
            }
        };
        position.calls = position.calls.saturating_add(1);
        Ok(Permit { breaker: self, generation: position.generation, begun: Instant::now(), is_probe })
    }

    /// Its statistics; while it is open, no call counts.
    pub(super) fn seen(&self) -> Seen {
        let mut position = self.position();
        let (good, bad) = match &mut position.mode {
            Mode::Closed(parts) => {
                forget(parts, self.policy.window);
                sums(parts)
            }
            Mode::Open { .. } => (0, 0),
        };
        Seen { calls: position.calls, counted: good + bad, failed: bad, window: self.policy.window }
    }

    /// Records the outcome of a call; gives the state that it brought about.
    fn record(&self, generation: u64, outcome: Outcome) -> Option<BreakerState> {
        let mut position = self.position();
        if position.generation != generation {
            return None;
        }
        let next = match &mut position.mode {
            Mode::Closed(parts) => {
                count(parts, outcome, self.policy.window);
                is_too_bad(parts, &self.policy).then_some(self.policy.pause)
            }
            Mode::Open { probing, pause, .. } => match outcome {
                Outcome::Success | Outcome::Answered => None,
                Outcome::Failure => Some(pause.saturating_mul(2)),
                Outcome::Ignored => {
                    *probing = false;
                    return None;
                }
            },
        };
        let Some(pause) = next.map(|pause| pause.min(self.policy.longest_pause)) else {
            return self.close(&mut position);
        };
        let now = Instant::now();
        // A time beyond all clocks is a year.
        let until = now.checked_add(pause).unwrap_or_else(|| now + Duration::from_secs(365 * 24 * 3600));
        (position.mode, position.generation) = (Mode::Open { until, pause, probing: false }, generation + 1);
        Some(BreakerState::Open { remaining: pause })
    }

    fn close(&self, position: &mut Position) -> Option<BreakerState> {
        if matches!(position.mode, Mode::Closed(_)) {
            return None;
        }
        position.mode = Mode::Closed(VecDeque::new());
        position.generation += 1;
        Some(BreakerState::Closed)
    }
}

/// Drops what is older than the window; gives the time.
fn forget(parts: &mut VecDeque<Part>, window: Duration) -> Instant {
    let now = Instant::now();
    while parts.front().is_some_and(|part| now.saturating_duration_since(part.begun) >= window) {
        parts.pop_front();
    }
    now
}

fn count(parts: &mut VecDeque<Part>, outcome: Outcome, window: Duration) {
    let now = forget(parts, window);
    let (good, bad) = match outcome {
        Outcome::Success => (1, 0),
        Outcome::Failure => (0, 1),
        Outcome::Answered | Outcome::Ignored => return,
    };
    match parts.back_mut() {
        Some(part) if now.saturating_duration_since(part.begun) < window / PARTS => {
            part.good = part.good.saturating_add(good);
            part.bad = part.bad.saturating_add(bad);
        }
        _ => parts.push_back(Part { begun: now, good, bad }),
    }
}

/// How many calls succeeded, and how many failed.
fn sums(parts: &VecDeque<Part>) -> (u64, u64) {
    let sum = |of: fn(&Part) -> u32| parts.iter().map(|part| u64::from(of(part))).sum::<u64>();
    (sum(|part| part.good), sum(|part| part.bad))
}

fn is_too_bad(parts: &VecDeque<Part>, policy: &BreakerPolicy) -> bool {
    let (good, bad) = sums(parts);
    let all = good + bad;
    all >= u64::from(policy.least_calls.get()) && bad * 100 >= all * u64::from(policy.percent.get())
}

/// A call that was let through. Dropped without a report, it counts for nothing.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    breaker: &'a Breaker,
    generation: u64,
    begun: Instant,
    is_probe: bool,
}

impl Permit<'_> {
    /// When the call was let through.
    pub(super) fn began(&self) -> Instant {
        self.begun
    }

    /// How long ago the call was let through.
    pub(super) fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Reports how the call ended; gives the state that it brought about.
    pub(super) fn report(mut self, outcome: Outcome) -> Option<BreakerState> {
        self.is_probe = false;
        self.breaker.record(self.generation, outcome)
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.is_probe {
            self.breaker.record(self.generation, Outcome::Ignored);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_window_is_remembered_in_few_parts() {
        let mut parts = VecDeque::new();
        for _ in 0..1000 {
            count(&mut parts, Outcome::Success, Duration::from_secs(3600));
        }
        assert_eq!((parts.len(), sums(&parts)), (1, (1000, 0)));
    }
}
