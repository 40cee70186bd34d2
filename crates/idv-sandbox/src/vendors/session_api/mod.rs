//! The session API in the shape of deepidv: sessions created for named applicants with an API key.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `find`, `update_status`, `workflows`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 10 s, 1 min, 5 min and 30 min (the schedule is undocumented; this one is the simulation's); a 2xx within
//! 10 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - each refusal of a body says which field is wrong; the text is this crate's own;
//! - checks come in the order key, limits, sandbox key, body, workflow, balance;
//! - a session costs one token of the balance;
//! - lists are newest first, and a `next_token` stays valid while sessions are added;
//! - the query parameter that carries the redirect URL inside `session_url` is `redirect_url`;
//! - the limits hold for each key, the daily one for 24 hours from the first request, and 429 has a `Retry-After`;
//! - of the sandbox key's test ids `test_verified` and `test_rejected` are known, any other gives a random scenario;
//! - a try that fails on the hosted page leads to `EXPIRED` for `session_expired`, to `FAILED` for `internal_error`,
//!   `unknown` and `attempts_exhausted`, and to `REJECTED` for any other reason;
//! - an applicant who leaves can come back; the session stays `PENDING`;
//! - `by_organization` in the query of a list changes nothing: there is one organization to see;
//! - workflows have one step; the SDK's `PATCH` of a session and its `offset` and `status` of a list are taken too;
//! - a status may be changed from any other.

mod actions;
mod api;
mod control;
mod create;
mod events;
mod limits;
mod operations;
mod profile;
mod record;
mod signing;
mod spelling;
mod state;
mod vendor;
mod verifications;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::act::Act;
use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;

pub use create::Invites;
pub use limits::RateLimits;
pub use spelling::{AnswerSpelling, IdField};
pub(crate) use vendor::REGISTRATION;

use state::{Session, State};

/// A handle on the simulated session API. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct SessionApi {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    api_key: String,
    sandbox_key: String,
    state: Arc<Mutex<State>>,
}

impl Deref for SessionApi {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl SessionApi {
    pub(crate) fn new(front: Front) -> Self {
        let state = State::new(front.random.clone());
        let api_key = format!("sk_live_{}", state.random.word(32));
        let sandbox_key = format!("sk_sandbox_{}", state.random.word(32));
        let state = Arc::new(Mutex::new(state));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, api_key, sandbox_key, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The live key: it creates, reads and changes sessions.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.api_key
    }

    /// The sandbox key: it reads canned scenarios, and writes nothing.
    #[must_use]
    pub fn sandbox_key(&self) -> &str {
        &self.shared.sandbox_key
    }

    /// Adds a workflow and returns its id.
    #[must_use]
    pub fn add_workflow(&self) -> String {
        self.lock().add_workflow()
    }

    /// The same under an id of the caller's choice.
    pub fn add_workflow_with_id(&self, id: &str) {
        self.lock().workflows.insert(id.to_owned());
    }

    /// Adds a session of another organization, which answers 403, and returns its id.
    #[must_use]
    pub fn add_foreign_session(&self) -> String {
        let now = self.now();
        self.lock().add_foreign(now)
    }

    /// The ids of the sessions created over HTTP, oldest first.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.lock().own_sessions().map(|(_, session)| session.id.clone()).collect()
    }

    pub(crate) fn make_room(&self) {
        self.lock().make_room(self.front.capacity);
    }

    /// Whether the control API must refuse more workflows.
    pub(crate) fn is_full(&self) -> bool {
        self.lock().workflows.len() >= self.front.capacity
    }

    fn with_session<T>(&self, id: &str, change: impl FnOnce(&mut Session) -> T) -> Result<T> {
        let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
        self.lock().sessions.get_mut(id).map(change).ok_or_else(unknown)
    }

    /// Sets the status to any word, documented or not. `SUBMITTED`, `VERIFIED` and `REJECTED` also complete the
    /// progress, and set `submitted_at` the first time.
    ///
    /// # Errors
    /// As [`Runtime::act`] with [`Act::Say`].
    pub fn set_status(&self, id: &str, word: &str) -> Result<()> {
        self.act(id, &Act::Say { word: word.to_owned() }).map(|_| ())
    }

    /// Sets `session_progress` to any word; `PENDING`, `STARTED` and `COMPLETED` are documented.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist.
    pub fn set_progress(&self, id: &str, word: &str) -> Result<()> {
        let now = self.now();
        self.with_session(id, |session| session.set_progress(word, now))
    }

    /// The status of a session.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.with_session(id, |session| session.status.clone()).ok()
    }

    /// The invitations that the create call asked for: both, unless it said otherwise.
    #[must_use]
    pub fn invites(&self, id: &str) -> Option<Invites> {
        self.with_session(id, |session| session.invites).ok()
    }

    /// Sets the token balance, which is a million at first; at zero, creating is answered 402.
    pub fn set_balance(&self, tokens: u64) {
        self.lock().balance = tokens;
    }

    /// The tokens left.
    #[must_use]
    pub fn balance(&self) -> u64 {
        self.lock().balance
    }

    /// Sets the limits, [`RateLimits::default`] initially, and resets their counters; `None` lifts them.
    pub fn set_rate_limits(&self, limits: Option<RateLimits>) {
        self.lock().limits.set(limits);
    }

    /// The spelling of keys in answers and events, snake case at first.
    pub fn spelling(&self, spelling: AnswerSpelling) {
        self.lock().spelling = spelling;
    }

    /// The name under which the answer to a create call gives the session id, `id` at first.
    pub fn id_field(&self, field: IdField) {
        self.lock().id_field = field;
    }

    /// Allows redirect URLs with plain `http` on loopback, for applications that run beside the sandbox. Off by
    /// default, as the vendor takes HTTPS only.
    pub fn allow_loopback_redirects(&self, allow: bool) {
        self.lock().loopback_redirects = allow;
    }

    /// The session's redirect URL with the parameters that the vendor appends when it sends the browser back. `status`
    /// and `reason` are any words; `success`, `failed` and `abandoned` are documented, and no reason goes with
    /// `success`.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist; [`Error::NoRedirect`] where it has no redirect URL.
    pub fn redirect_url(&self, id: &str, status: &str, reason: Option<&str>) -> Result<String> {
        let no_redirect = || Error::NoRedirect { id: id.to_owned() };
        self.with_session(id, |session| actions::return_url(session, status, reason))?.ok_or_else(no_redirect)
    }

    /// An event about the current state of the session. `event_type` is any word, such as `session.status.verified`.
    /// For a session that does not exist it has the id alone.
    #[must_use]
    pub fn webhook(&self, id: &str, event_type: &str) -> SignedWebhook {
        let body = events::body(&self.lock(), id, event_type);
        self.sign(&body)
    }
}
