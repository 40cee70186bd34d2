//! The state of a watcher, behind one lock.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use idv_core::{
    CheckRequest, Error, ErrorKind, Operation, ProviderId, Randomness, Result, SessionRef, Verification,
};
use tokio::sync::Notify;
use tokio::time::Instant;

use super::moment::Moment;
use super::policy::{self, Pace, WatchPolicy};
use super::schedule::{Id, Schedule, Session};
use super::slot::Slot;
use crate::Registry;

/// The state of one watcher.
pub(super) struct Shared {
    pub(super) registry: Registry,
    pub(super) policy: WatchPolicy,
    pub(super) random: Arc<dyn Randomness>,
    pub(super) schedule: Mutex<Schedule>,
    /// The origin of moments.
    pub(super) origin: Instant,
    /// There is something to do earlier than was known.
    pub(super) changed: Notify,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Schedule> {
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Moment {
        Moment::now(self.origin)
    }

    /// When a watch is due, and how many of its latest checks failed.
    pub(super) fn next_due(&self, id: Id) -> (Option<Instant>, u32) {
        match self.lock().session(id) {
            Some(session) => (session.due().and_then(|due| due.instant(self.origin)), session.pace.errors()),
            None => (None, 0),
        }
    }

    /// The provider that a watch asks, as long as it has not ended.
    pub(super) fn provider(&self, id: Id) -> Option<ProviderId> {
        self.lock().session(id).map(|session| session.reference().provider().clone())
    }

    pub(super) fn add(&self, request: CheckRequest, slot: Arc<Slot>) -> Id {
        let now = self.now();
        let cadence = self.cadence(&request.session).map(|cadence| cadence.applicant_busy);
        let pace = Pace::new(cadence.unwrap_or_default());
        let mut schedule = self.lock();
        if schedule.closed {
            slot.failed(stopped(CLOSED));
            slot.end();
        }
        let (closed, id) = (schedule.closed, schedule.add(request, slot, pace, now));
        if closed {
            schedule.remove(id);
        }
        drop(schedule);
        self.changed.notify_one();
        id
    }

    pub(super) fn remove(&self, id: Id) {
        let check = self.lock().remove(id);
        if let Some(check) = check {
            check.abort();
        }
    }

    fn cadence(&self, reference: &SessionRef) -> Option<idv_core::Cadence> {
        let provider = self.registry.provider(reference.provider()).ok()?;
        Some(provider.profile().actions.cadence)
    }

    /// Records the outcome of a check.
    pub(super) fn settle(&self, id: Id, request: &CheckRequest, outcome: Result<Verification>) {
        let now = self.now();
        let provider = request.session.provider();
        let mut schedule = self.lock();
        schedule.finished(provider);
        let Some(session) = schedule.session(id) else { return };
        let slot = Arc::clone(&session.slot);
        let asked = outcome.as_ref().err().and_then(Error::retry_after);
        let throttled = outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::RateLimited);
        let pause = match outcome {
            Ok(verification) => self.answered(session, verification, now),
            Err(error) => self.failed(session, error),
        };
        if let Some(until) = asked.filter(|_| throttled) {
            schedule.pause(provider, now + until);
        }
        if let Some(pause) = pause {
            let due = now + policy::jittered(pause, &*self.random);
            schedule.wait(id, now, due, now + asked.unwrap_or_default());
        } else {
            schedule.remove(id);
            slot.end();
        }
        drop(schedule);
        wake(&slot);
    }

    /// Records a value, and says how long to wait; `None` at the end.
    fn answered(&self, session: &mut Session, verification: Verification, now: Moment) -> Option<Duration> {
        let wanted = policy::wanted_pause(&verification.next_action, self.cadence(session.reference()));
        let ends = verification.status.stops_watching();
        if session.slot.answer(verification.without_identity()) {
            session.fresh_since = now;
        }
        (!ends).then(|| session.pace.after_answer(now.since(session.fresh_since), wanted, &self.policy))
    }

    /// Records an error, and says how long to wait; `None` where waiting does not help.
    fn failed(&self, session: &mut Session, error: Error) -> Option<Duration> {
        let (asked, is_transient) = (error.retry_after(), policy::is_transient(&error));
        tracing::debug!(
            idv.provider = %session.reference().provider(), idv.outcome = %error.kind(), ends = !is_transient,
            "a watched check failed"
        );
        session.slot.failed(error);
        is_transient.then(|| session.pace.after_error(asked, &self.policy))
    }

    /// Ends all watches, because the task that serves them has ended.
    pub(super) fn close(&self) {
        let slots = self.lock().close();
        for slot in slots {
            slot.failed(stopped(CLOSED));
            slot.end();
            wake(&slot);
        }
    }
}

/// Wakes the holder of a watch. A holder that is woken may drop the watch, so no lock may be held.
fn wake(slot: &Slot) {
    if let Some(waker) = slot.waker() {
        waker.wake();
    }
}

const CLOSED: &str = "the watcher has stopped";

pub(super) fn stopped(message: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_operation(Operation::Check)
}
