//! The machinery that vendors of hosted sessions share: one start gives a session with a page, and the session moves from
//! word to word. A vendor adds its words, its wire format and its rules as a [`Dialect`].

mod actions;
mod dialect;
mod rate;
mod session;
mod state;
mod turn;
mod verifications;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::act::Actor;
use crate::front::Front;
use crate::runtime::Runtime;

pub(crate) use actions::{is_possible, move_to};
pub(crate) use dialect::Dialect;
pub(crate) use rate::Limit;
pub(crate) use session::{Link, Session};
pub(crate) use state::{New, State};
pub(crate) use turn::{Change, Turn};

/// The state of one vendor with its runtime. Clones share them.
#[derive(Debug)]
pub(crate) struct Hosted<D: Dialect> {
    pub(crate) runtime: Arc<Runtime>,
    state: Arc<Mutex<State<D>>>,
}

impl<D: Dialect> Clone for Hosted<D> {
    fn clone(&self) -> Self {
        Self { runtime: self.runtime.clone(), state: self.state.clone() }
    }
}

impl<D: Dialect> Hosted<D> {
    pub(crate) fn new(front: Front) -> Self {
        let state = Arc::new(Mutex::new(State::new(front.random.clone())));
        Self { runtime: Arc::new(Runtime::new(front, state.clone())), state }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State<D>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn front(&self) -> &Front {
        &self.runtime.front
    }

    pub(crate) fn now(&self) -> i64 {
        self.runtime.now()
    }

    /// Adds a session, with its first link where there is one, and returns its id.
    pub(crate) fn create(&self, state: &mut State<D>, new: New<D::Facts>) -> String {
        let (front, now) = (self.front(), self.now());
        state.evict(front.capacity);
        let id = state.create(new, now);
        crate::vendor_state::note(state, front, &id, Actor::Application, "created");
        if let Some(session) = state.sessions.get(&id) {
            actions::tell(state, front, session, &Change::creation(&session.status), now);
        }
        front.hub.wake();
        id
    }
}
