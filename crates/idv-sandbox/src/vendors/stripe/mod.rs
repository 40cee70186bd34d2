//! Stripe Identity: sessions that never expire and are never declined, forms, and idempotency keys.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `update`, `cancel`, `redact`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1 h and 2 h (Stripe documentation, webhooks: three attempts over a few hours in a sandbox); a 2xx
//! within 10 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - it has one mode, test mode: keys begin with `sk_test_` and `rk_test_`, and `livemode` is false;
//! - checks come in the order key, permission, rate, idempotency key, fields; an unknown field is refused with
//!   `parameter_unknown`;
//! - the 25 requests of a second are counted in windows from their first request, all endpoints together;
//! - every read of a session that requires input gives a fresh link and a fresh client secret, and the ten newest links of
//!   a session are kept; opening one ends the others, and finishing or leaving ends all;
//! - an open page can be reloaded; `last_error` stays until the next submission;
//! - leaving the page is `abandoned` at once, and sends the applicant back as finishing does;
//! - a failed check is `requires_input` with the code that is nearest to the reason; `reject` is a failed check too, as
//!   there is no refusal;
//! - `cancel` is refused while Stripe processes, and so is `redact`; `redact` may be repeated and changes nothing then;
//!   it is done four days later;
//! - sensitive results with the secret key are refused with 403;
//! - the answer to a POST is kept under its key for 24 hours, unless its fields were refused;
//! - an undocumented word sends an event of that word.
//!
//! Not simulated: files, email and phone checks, connected accounts, requests that are in flight under one key, and the
//! parts of events that belong to other products.

mod actions;
mod api;
mod change;
mod codes;
mod control;
mod create;
mod events;
mod form;
mod idempotency;
mod links;
mod operations;
mod profile;
mod record;
mod refusal;
mod session;
mod signing;
mod state;
mod vendor;
mod verifications;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;

pub(crate) use vendor::REGISTRATION;

use session::Session;
use state::State;

/// A handle on the simulated Stripe Identity. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Stripe {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    secret_key: String,
    restricted_key: String,
    state: Arc<Mutex<State>>,
}

impl Deref for Stripe {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Stripe {
    pub(crate) fn new(front: Front) -> Self {
        let key = |kind: &str| format!("{kind}_test_51{}", front.random.word(30));
        let (secret_key, restricted_key) = (key("sk"), key("rk"));
        let state = Arc::new(Mutex::new(State::new(front.random.clone())));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, secret_key, restricted_key, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_session<T>(&self, id: &str, look: impl FnOnce(&Session) -> T) -> Result<T> {
        let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
        self.lock().sessions.get(id).map(look).ok_or_else(unknown)
    }

    /// The secret key, `sk_test_…`.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        &self.shared.secret_key
    }

    /// A restricted key, `rk_test_…`, with all permissions of Identity, those for sensitive results included.
    #[must_use]
    pub fn restricted_key(&self) -> &str {
        &self.shared.restricted_key
    }

    /// Grants the restricted key the permission for sessions, or withdraws it. Granted at first.
    pub fn permit(&self, permit: bool) {
        self.lock().settings.permitted = permit;
    }

    /// Sends thin events in place of snapshots, or snapshots again. Snapshots at first.
    pub fn send_thin_events(&self, thin: bool) {
        self.lock().settings.thin_events = thin;
    }

    /// The requests allowed in a second, 25 unless set; `None` lifts the limit.
    pub fn set_rate_limit(&self, per_second: Option<u32>) {
        self.lock().rate.set(per_second);
    }

    /// The ids of the sessions, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.lock().sessions.ids()
    }

    /// The status of a session.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.with_session(id, |session| session.status.clone()).ok()
    }

    /// The code of the last error of a session.
    #[must_use]
    pub fn last_error(&self, id: &str) -> Option<String> {
        self.with_session(id, |session| session.last_error.clone()).ok().flatten()
    }

    /// A snapshot event about the current state of a session, as if it had just changed to it.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn event(&self, id: &str) -> Result<SignedWebhook> {
        self.event_of(id, events::snapshot)
    }

    /// A thin event about the current state of a session.
    ///
    /// # Errors
    /// As [`Self::event`].
    pub fn thin_event(&self, id: &str) -> Result<SignedWebhook> {
        self.event_of(id, events::thin)
    }

    fn event_of(&self, id: &str, make: events::Make) -> Result<SignedWebhook> {
        let (front, now) = (&self.front, self.now());
        let event = self.with_session(id, |session| {
            make(session, &session.status, &signing::new_event_id(&front.random), now)
        })?;
        Ok(front.outbox.sign(&event.id, event.body, now))
    }
}
