//! Veriff, asked directly: hosted sessions, created with an API key and read with signed calls.
//!
//! Operations of [faults](crate::fault): `start`, `check_decision`, `check_attempts`, `update`, `delete`, `other`; `check` stands for both reads.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then hourly for seven days (Veriff documentation, webhooks guide); a 2xx within 5 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - the texts of errors are this crate's own, and so is the code where none is documented: the HTTP status as text;
//! - checks come in the order key, signature, limit of deletions, session, body, state;
//! - an id that is not a UUID is 400 with 1002, a session that does not exist 404 with 1001; only the decision of an
//!   id that was never given out is null;
//! - `decision` keeps the last decision while the applicant tries again;
//! - an attempt begins when the page is opened; attempts are listed oldest first;
//! - `acceptanceTime` is the creation of the session;
//! - a submission of the tenth attempt is declined with 539 at once, and so is a wish for an eleventh attempt;
//! - a try that fails on the hosted page for a reason of 2xx or 6xx leads to `resubmission_requested`, for any other to
//!   `declined`;
//! - a declined session without a reason has 105, a resubmission without one 201;
//! - a decision may be changed to any other; `expired` and `abandoned` sessions are approved or declined only;
//! - a further decision, or a submission, replaces a webhook that is still withheld;
//! - all calls that delete count towards the limits; where deletion is not enabled they are 403;
//! - a replaced shared secret is no longer taken;
//! - an undocumented word has the code 9199;
//! - a script takes a step on reads of the decision, and not on those of the attempts; `-resubmit` goes on when the
//!   applicant opens the page again, or with the next session of the same reference.
//!
//! Not simulated: media, persons, watchlist screening, statuses of a user's own and their webhooks, proof of address (7005),
//! the old `X-SIGNATURE`, and several shared secrets at once.

mod actions;
mod agenda;
mod api;
mod attempt;
mod codes;
mod control;
mod create;
mod deletions;
mod events;
mod operations;
mod profile;
mod reasons;
mod record;
mod seal;
mod settings;
mod signing;
mod state;
mod turn;
mod vendor;
mod verifications;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;

pub use codes::VeriffCodes;
pub(crate) use vendor::REGISTRATION;

use settings::Settings;
use state::{Session, State};

/// A handle on the simulated Veriff. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Veriff {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    api_key: String,
    state: Arc<Mutex<State>>,
}

impl Deref for Veriff {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Veriff {
    pub(crate) fn new(front: Front) -> Self {
        let api_key = front.random.uuid();
        front.outbox.always_send(signing::CLIENT, api_key.clone());
        let state = Arc::new(Mutex::new(State::new(front.random.clone())));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, api_key, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_session<T>(&self, id: &str, look: impl FnOnce(&Session, Settings) -> T) -> Result<T> {
        let state = self.lock();
        let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
        state.sessions.get(id).map(|session| look(session, state.settings)).ok_or_else(unknown)
    }

    /// The API key, which every call carries in `X-AUTH-CLIENT`.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.api_key
    }

    /// The shared secret, which signs calls, answers and webhooks: the same as the webhook secret.
    #[must_use]
    pub fn shared_secret(&self) -> String {
        self.webhook_secret()
    }

    /// Replaces the shared secret by one of the caller's choice.
    pub fn set_shared_secret(&self, secret: &str) {
        self.front.outbox.rotate_key(secret.to_owned(), self.now());
    }

    /// The ids of the sessions, oldest first, without those that were deleted.
    #[must_use]
    pub fn sessions(&self) -> Vec<String> {
        self.lock().sessions.ids()
    }

    /// The status of a session.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.with_session(id, |session, _| session.status.clone()).ok()
    }

    /// The number of attempts of a session so far.
    #[must_use]
    pub fn attempts(&self, id: &str) -> Option<usize> {
        self.with_session(id, |session, _| session.attempts.len()).ok()
    }

    /// Sets the table of status codes, [`VeriffCodes::StatusTable`] at first.
    pub fn codes(&self, codes: VeriffCodes) {
        self.lock().settings.codes = codes;
    }

    /// Writes reason codes as text in place of numbers: Veriff's pages show both.
    pub fn reason_codes_as_text(&self, text: bool) {
        self.lock().settings.text_reason_codes = text;
    }

    /// Allows callbacks with plain `http` on loopback, for applications that run beside the sandbox. Off by default, as
    /// Veriff takes HTTPS only.
    pub fn allow_loopback_callbacks(&self, allow: bool) {
        self.lock().settings.loopback_callbacks = allow;
    }

    /// Allows the deletion of sessions. On by default, although Veriff enables it on request only.
    pub fn allow_deletion(&self, allow: bool) {
        self.lock().settings.deletion = allow;
    }

    /// A decision webhook about the current state of a session.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the session does not exist; [`Error::NotPossible`] where it has no decision.
    pub fn decision_webhook(&self, id: &str) -> Result<SignedWebhook> {
        let event = self.with_session(id, |session, settings| {
            session.decision.is_some().then(|| events::decision(session, settings))
        })?;
        let none = || Error::NotPossible { act: "decision", id: id.to_owned(), why: "there is none yet" };
        event.map(|event| self.sign(&event.body)).ok_or_else(none)
    }
}
