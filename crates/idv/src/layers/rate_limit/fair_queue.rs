//! The fair queue in which calls wait for their turn.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep};

use super::Rate;
use super::meter::Meter;

/// The reason why a call may not even wait, and for how long it would have to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    Full(Duration),
    TooLong(Duration),
}

/// The state of a queue.
pub(super) struct Outlook {
    /// How many calls each meter leaves now.
    pub(super) left: Vec<u32>,
    pub(super) waiting: usize,
    /// How long a call would wait that comes now.
    pub(super) wait: Duration,
}

/// A fair queue: first come, first served, and only the first call looks at the meters.
pub(super) struct FairQueue {
    state: Mutex<State>,
    /// One permit, passed on in the order of arrival.
    turn: Semaphore,
}

struct State {
    meters: Vec<Meter>,
    waiting: usize,
}

impl State {
    fn wait(&mut self, now: Instant) -> Duration {
        self.meters.iter_mut().map(|meter| meter.wait(now)).max().unwrap_or_default()
    }

    fn take(&mut self, now: Instant) {
        self.meters.iter_mut().for_each(|meter| meter.take(now));
    }

    /// How long a call waits that comes now, if all that are ahead stay: found by letting them all pass.
    fn wait_at_the_end(&self, now: Instant) -> Duration {
        let mut ahead = Self { meters: self.meters.clone(), waiting: 0 };
        let mut then = now;
        for _ in 0..self.waiting {
            then += ahead.wait(then);
            ahead.take(then);
        }
        then += ahead.wait(then);
        then - now
    }
}

impl FairQueue {
    pub(super) fn new(rates: &[Rate]) -> Self {
        let meters = rates.iter().map(Meter::new).collect();
        Self { state: Mutex::new(State { meters, waiting: 0 }), turn: Semaphore::new(1) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a call may be made, and counts it. Says when that was.
    pub(super) async fn pass(&self, queue: usize, longest: Duration) -> Result<Instant, Refusal> {
        let place = {
            let mut state = self.state();
            let now = Instant::now();
            if state.waiting == 0 && state.wait(now).is_zero() {
                state.take(now);
                return Ok(now);
            }
            let wait = state.wait_at_the_end(now);
            if wait > longest {
                return Err(Refusal::TooLong(wait));
            }
            if state.waiting >= queue {
                return Err(Refusal::Full(wait));
            }
            state.waiting += 1;
            Place(self)
        };
        // Never closed, so this is a turn.
        let _turn = self.turn.acquire().await;
        loop {
            let wait = {
                let mut state = self.state();
                let now = Instant::now();
                let wait = state.wait(now);
                if wait.is_zero() {
                    state.take(now);
                    // Left under the same lock, or a call that comes between would be counted twice.
                    state.waiting -= 1;
                    std::mem::forget(place);
                    return Ok(now);
                }
                wait
            };
            sleep(wait).await;
        }
    }

    pub(super) fn outlook(&self) -> Outlook {
        let mut state = self.state();
        let now = Instant::now();
        let left = state.meters.iter_mut().map(|meter| meter.left(now)).collect();
        Outlook { left, waiting: state.waiting, wait: state.wait_at_the_end(now) }
    }

    /// Forgets a call that was counted but not made.
    pub(super) fn give_back(&self, taken: Instant) {
        self.state().meters.iter_mut().for_each(|meter| meter.give_back(taken));
    }
}

/// A place in the queue. A call that is dropped gives it up.
struct Place<'a>(&'a FairQueue);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.state().waiting -= 1;
    }
}
