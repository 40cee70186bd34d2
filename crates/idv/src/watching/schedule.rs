//! The schedule of checks: a timer queue, and a queue of due checks for each provider.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::sync::Arc;

use idv_core::{CheckRequest, ProviderId, SessionRef};
use tokio::task::AbortHandle;

use super::moment::Moment;
use super::policy::{Pace, SHORTEST};
use super::slot::Slot;

/// A watch, never given twice.
pub(super) type Id = u64;

/// A watched session.
#[derive(Debug)]
pub(super) struct Session {
    asked: Asked,
    pub(super) slot: Arc<Slot>,
    pub(super) pace: Pace,
    /// Since when it is asked about at the vendor's short cadence.
    pub(super) fresh_since: Moment,
    /// Nothing moves the next check before this.
    floor: Moment,
    place: Place,
}

impl Session {
    pub(super) fn reference(&self) -> &SessionRef {
        match &self.asked {
            Asked::Bare(session) => session,
            Asked::Full(request) => &request.session,
        }
    }

    /// When the next check is due, where none is due or under way already.
    pub(super) fn due(&self) -> Option<Moment> {
        match self.place {
            Place::Waiting { due, .. } => Some(due),
            _ => None,
        }
    }

    fn request(&self) -> CheckRequest {
        match &self.asked {
            Asked::Bare(session) => CheckRequest::new(session.clone()),
            Asked::Full(request) => CheckRequest::clone(request),
        }
    }
}

/// The request of a check. Most requests name a session and nothing more, and take a third of the room.
#[derive(Debug)]
enum Asked {
    Bare(SessionRef),
    Full(Box<CheckRequest>),
}

impl From<CheckRequest> for Asked {
    fn from(request: CheckRequest) -> Self {
        if request.has_no_options() {
            Self::Bare(request.session.clone())
        } else {
            Self::Full(Box::new(request))
        }
    }
}

#[derive(Debug)]
enum Place {
    /// In the timer queue, at its due time; urgent where it was woken.
    Waiting { due: Moment, urgent: bool },
    /// In the queue of its provider, at its rank.
    Ready(Moment),
    /// Its check is under way; when it was woken meanwhile, another one follows.
    InFlight { check: Option<AbortHandle>, woken: bool },
}

/// The due checks of one provider.
#[derive(Debug, Default)]
struct Lane {
    ready: BTreeSet<(Moment, Id)>,
    in_flight: usize,
    paused_until: Option<Moment>,
}

impl Lane {
    fn is_open(&self, now: Moment, cap: usize) -> bool {
        self.in_flight < cap && self.paused_until.is_none_or(|until| until <= now)
    }

    fn is_idle(&self, now: Moment) -> bool {
        self.ready.is_empty() && self.in_flight == 0 && self.paused_until.is_none_or(|until| until <= now)
    }
}

/// A check to make.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) id: Id,
    pub(super) request: CheckRequest,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    sessions: HashMap<Id, Box<Session>>,
    /// Hashes instead of references, which are long. Two references with one hash are told apart by the sessions.
    by_reference: BTreeSet<(u64, Id)>,
    hasher: RandomState,
    waiting: BTreeSet<(Moment, Id)>,
    lanes: BTreeMap<ProviderId, Lane>,
    next_id: Id,
    pub(super) closed: bool,
}

impl Schedule {
    /// Adds a session, whose first check is due at once.
    pub(super) fn add(&mut self, request: CheckRequest, slot: Arc<Slot>, pace: Pace, now: Moment) -> Id {
        let id = self.next_id;
        self.next_id += 1;
        self.by_reference.insert((self.hasher.hash_one(&request.session), id));
        self.lane(request.session.provider()).ready.insert((now, id));
        let session = Session {
            asked: request.into(),
            slot,
            pace,
            fresh_since: now,
            floor: now,
            place: Place::Ready(now),
        };
        self.sessions.insert(id, Box::new(session));
        id
    }

    /// Takes a session out, with the check that is to be cut short.
    pub(super) fn remove(&mut self, id: Id) -> Option<AbortHandle> {
        let session = self.sessions.remove(&id)?;
        self.by_reference.remove(&(self.hasher.hash_one(session.reference()), id));
        match session.place {
            Place::Waiting { due, .. } => {
                self.waiting.remove(&(due, id));
                None
            }
            Place::Ready(rank) => {
                self.lane(session.reference().provider()).ready.remove(&(rank, id));
                None
            }
            Place::InFlight { check, .. } => check,
        }
    }

    pub(super) fn session(&mut self, id: Id) -> Option<&mut Session> {
        self.sessions.get_mut(&id).map(Box::as_mut)
    }

    /// Takes all sessions out, and lets none in any more.
    pub(super) fn close(&mut self) -> Vec<Arc<Slot>> {
        let before = mem::replace(self, Self { closed: true, next_id: self.next_id, ..Self::default() });
        before.sessions.into_values().map(|session| session.slot).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.sessions.len()
    }

    /// Makes all watches of a reference due, and says how many there are.
    pub(super) fn wake(&mut self, reference: &SessionRef, now: Moment) -> usize {
        let hash = self.hasher.hash_one(reference);
        let found: Vec<Id> =
            self.by_reference.range((hash, 0)..=(hash, Id::MAX)).map(|(_, id)| *id).collect();
        found.into_iter().filter(|id| self.wake_one(*id, reference, now)).count()
    }

    fn wake_one(&mut self, id: Id, reference: &SessionRef, now: Moment) -> bool {
        let Some(session) = self.sessions.get_mut(&id).filter(|one| one.reference() == reference) else {
            return false;
        };
        session.fresh_since = now;
        match &mut session.place {
            Place::InFlight { woken, .. } => *woken = true,
            Place::Ready(rank) => {
                // A woken session comes before one that is merely due.
                let before = mem::replace(rank, now.min(*rank));
                let rank = *rank;
                if let Some(lane) = self.lanes.get_mut(reference.provider()) {
                    lane.ready.remove(&(before, id));
                    lane.ready.insert((rank, id));
                }
            }
            Place::Waiting { due, urgent } => {
                *urgent = true;
                let before = mem::replace(due, session.floor.max(now).min(*due));
                let due = *due;
                self.waiting.remove(&(before, id));
                self.waiting.insert((due, id));
            }
        }
        true
    }

    /// Puts everything that is due into the queue of its provider. The rank is the time by which the check after this one
    /// would be due: fresh sessions, whose polls follow closely, come first, and no session waits for ever. A woken session
    /// does not wait for the others.
    pub(super) fn release(&mut self, now: Moment) {
        while let Some(&(due, id)) = self.waiting.first().filter(|(due, _)| *due <= now) {
            self.waiting.remove(&(due, id));
            let Some(session) = self.sessions.get_mut(&id) else { continue };
            let urgent = matches!(session.place, Place::Waiting { urgent: true, .. });
            let rank = if urgent { due } else { due + session.pace.interval() };
            session.place = Place::Ready(rank);
            let provider = session.reference().provider();
            match self.lanes.get_mut(provider) {
                Some(lane) => lane.ready.insert((rank, id)),
                None => self.lanes.entry(provider.clone()).or_default().ready.insert((rank, id)),
            };
        }
        self.lanes.retain(|_, lane| !lane.is_idle(now));
    }

    /// The next check to make, where its provider has room for it.
    pub(super) fn take(&mut self, now: Moment, cap: usize) -> Option<Job> {
        let open = self.lanes.values_mut().filter(|lane| lane.is_open(now, cap) && !lane.ready.is_empty());
        // The provider with the least under way comes first, so that none starves another.
        let lane = open.min_by_key(|lane| lane.in_flight)?;
        while let Some((_, id)) = lane.ready.pop_first() {
            if let Some(session) = self.sessions.get_mut(&id) {
                session.place = Place::InFlight { check: None, woken: false };
                lane.in_flight += 1;
                return Some(Job { id, request: session.request() });
            }
        }
        None
    }

    /// Stores the abort handle of a check, or gives it back where its watch has ended.
    pub(super) fn started(&mut self, id: Id, handle: AbortHandle) -> Option<AbortHandle> {
        match self.sessions.get_mut(&id).map(|session| &mut session.place) {
            Some(Place::InFlight { check, .. }) => *check = Some(handle),
            Some(_) => {}
            None => return Some(handle),
        }
        None
    }

    /// A check is over: its provider has room for another one.
    pub(super) fn finished(&mut self, provider: &ProviderId) {
        if let Some(lane) = self.lanes.get_mut(provider) {
            lane.in_flight = lane.in_flight.saturating_sub(1);
        }
    }

    /// Asks nothing of a provider for a while.
    pub(super) fn pause(&mut self, provider: &ProviderId, until: Moment) {
        let lane = self.lane(provider);
        lane.paused_until = lane.paused_until.max(Some(until));
    }

    /// Puts a session whose check is over back into the timer queue, no earlier than `floor`, even when it is woken.
    pub(super) fn wait(&mut self, id: Id, now: Moment, due: Moment, floor: Moment) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.floor = floor.max(now + SHORTEST);
        let woken = matches!(session.place, Place::InFlight { woken: true, .. });
        let due = if woken { session.floor } else { due };
        session.place = Place::Waiting { due, urgent: woken };
        self.waiting.insert((due, id));
    }

    /// When there is something to do again.
    pub(super) fn wake_at(&self, now: Moment) -> Option<Moment> {
        let held = self.lanes.values().filter(|lane| !lane.ready.is_empty());
        let resumed = held.filter_map(|lane| lane.paused_until).filter(|until| *until > now);
        let due = self.waiting.first().map(|(due, _)| *due);
        resumed.chain(due).min()
    }

    fn lane(&mut self, provider: &ProviderId) -> &mut Lane {
        self.lanes.entry(provider.clone()).or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use tokio::time::Instant;

    use super::*;

    #[test]
    fn nothing_is_left_of_a_watch_that_ends_wherever_it_is() {
        let now = Moment::now(Instant::now());
        let request = CheckRequest::new("acme:k".parse().unwrap());
        let mut schedule = Schedule::default();
        let add =
            |schedule: &mut Schedule| schedule.add(request.clone(), Arc::default(), Pace::new(SHORTEST), now);
        let waiting = add(&mut schedule);
        schedule.take(now, 1).unwrap();
        schedule.finished(request.session.provider());
        schedule.wait(waiting, now, now + SHORTEST, now);
        let flying = add(&mut schedule);
        schedule.take(now, 1).unwrap();
        let ready = add(&mut schedule);
        for id in [waiting, flying, ready] {
            schedule.remove(id);
        }
        schedule.finished(request.session.provider());
        schedule.release(now);
        assert!(schedule.sessions.is_empty() && schedule.by_reference.is_empty(), "{schedule:?}");
        assert!(schedule.waiting.is_empty() && schedule.lanes.is_empty(), "{schedule:?}");
    }
}
