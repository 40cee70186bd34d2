//! Sumsub: applicants under the application's own id, signed requests, and a verdict that can change.
//!
//! Operations of [faults](crate::fault): `start_link`, `start_token`, `start_applicant`, `check`, `find`, `count`, `deactivate`, `activate`, `reset`,
//! `test_completed`, `other`; `start` stands for the first three.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 5 min, 1 h, 5 h and 18 h (Sumsub documentation, webhooks); a 2xx within 5 s ends them.
//!
//! Decisions of this simulation where the documentation is silent:
//! - it has one environment, the sandbox: the app token begins with `sbx:`;
//! - every failure of the signature has the body that is documented for a mismatch; checks come in the order token,
//!   time, signature, limits;
//! - there are two levels at first, `sim-kyc` for individuals and `sim-kyb` for companies; an unknown one is 404;
//! - links last 1800 seconds and tokens 600 unless the call says otherwise; a newer one leaves the older ones valid;
//! - a link or token for another level moves the applicant there, and the review begins anew; while the vendor is at
//!   work, the level stays;
//! - a deactivated applicant gets neither link nor token: 409 with the error 1008; so do resets and `testCompleted`;
//! - resets and deactivations while the vendor is at work are answered 409;
//! - an access token opens the hosted page as a link does, in place of the embedded flow; query parameters of the
//!   page are not carried over to the return;
//! - a try that fails on the hosted page is RED with RETRY, and with FINAL for `attempts_exhausted`;
//! - an approval that lapses becomes RED with RETRY for `EXPIRATION_DATE`; a rejection after an approval, RED with
//!   FINAL;
//! - when time runs out, the links end, and the applicant stays as it is: there is no state for it;
//! - `Void` is the deactivation; `Say` sets the review status, and sends the event of the documented words;
//! - the answer of the count is `{"count": N}`; the limits are counted in windows of five seconds from their first
//!   request, all methods but GET together.

mod actions;
mod api;
mod applicant;
mod control;
mod events;
mod limits;
mod operations;
mod profile;
mod record;
mod signing;
mod state;
mod vendor;
mod verdict;
mod verifications;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::act::Actor;
use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;
use crate::vendor_state::VendorState;

pub use limits::SumsubRateLimits;
pub use signing::SumsubDigest;
pub(crate) use vendor::REGISTRATION;

use applicant::{Applicant, Details};
use state::State;

/// A handle on the simulated Sumsub. Clones share the same vendor. An applicant is named by its id or by its external
/// id.
#[derive(Clone, Debug)]
pub struct Sumsub {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    app_token: String,
    secret: String,
    state: Arc<Mutex<State>>,
}

impl Deref for Sumsub {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Sumsub {
    pub(crate) fn new(front: Front) -> Self {
        let state = State::new(front.random.clone(), front.capacity);
        let app_token = format!("sbx:{}.{}", state.random.word(24), state.random.word(32));
        let secret = state.random.word(32);
        let state = Arc::new(Mutex::new(state));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, app_token, secret, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The app token of the sandbox environment.
    #[must_use]
    pub fn app_token(&self) -> &str {
        &self.shared.app_token
    }

    /// The secret that signs requests.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.shared.secret
    }

    /// Adds a level for individuals, or for companies.
    pub fn add_level(&self, name: &str, for_companies: bool) {
        let kind = if for_companies { "company" } else { "individual" };
        self.lock().levels.insert(name.to_owned(), kind);
    }

    /// Adds an applicant at a level, and returns its id; where the external id is taken, the applicant that has it.
    pub fn add_applicant(&self, external_id: &str, level: &str) -> String {
        let (mut state, now) = (self.lock(), self.now());
        if let Some(id) = state.by_external.get(external_id) {
            return id.clone();
        }
        let kind = state.levels.get(level).copied().unwrap_or("individual");
        let applicant = state.draft(external_id, (kind, level), Details::default(), now);
        state.add_for_good(applicant)
    }

    /// The ids of the applicants, oldest first.
    #[must_use]
    pub fn applicants(&self) -> Vec<String> {
        self.lock().applicants.ids()
    }

    /// Whether the control API must refuse more levels and applicants.
    pub(crate) fn is_full(&self) -> bool {
        let state = self.lock();
        state.levels.len().max(state.applicants.len()) >= self.front.capacity
    }

    fn with_applicant<T>(&self, id: &str, look: impl FnOnce(&Applicant) -> T) -> Option<T> {
        let state = self.lock();
        state.applicants.get(&state.kept_id(id)).map(look)
    }

    /// The id of the applicant with this external id.
    #[must_use]
    pub fn applicant_id(&self, external_id: &str) -> Option<String> {
        self.lock().by_external.get(external_id).cloned()
    }

    /// The review status of an applicant.
    #[must_use]
    pub fn status(&self, id: &str) -> Option<String> {
        self.with_applicant(id, |applicant| applicant.review.status.clone())
    }

    /// The level of an applicant.
    #[must_use]
    pub fn level(&self, id: &str) -> Option<String> {
        self.with_applicant(id, |applicant| applicant.review.level.clone())
    }

    /// Whether an applicant is deactivated.
    #[must_use]
    pub fn is_deactivated(&self, id: &str) -> bool {
        self.with_applicant(id, |applicant| applicant.deleted).unwrap_or_default()
    }

    /// Ends the review with any result, such as `{"reviewAnswer": "RED"}` without a reject type.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the applicant does not exist.
    pub fn complete(&self, id: &str, result: Value) -> Result<()> {
        let mut state = self.lock();
        let id = known(&state, id)?;
        state.scripts.stop(&id);
        actions::complete(&mut state, &self.front, &id, result, (Actor::Operator, "reviewed".into()));
        Ok(())
    }

    /// Starts the review anew, as an officer does in the dashboard.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the applicant does not exist; [`Error::NotPossible`] while the vendor is at work.
    pub fn reset(&self, id: &str) -> Result<()> {
        let mut state = self.lock();
        let id = known(&state, id)?;
        state.scripts.stop(&id);
        if actions::reset(&mut state, &self.front, &id, Actor::Operator) {
            return Ok(());
        }
        Err(Error::NotPossible { act: "reset", id, why: "the applicant is being checked" })
    }

    /// Sets the limits, [`SumsubRateLimits::default`] initially, and resets their counters; `None` lifts them.
    pub fn set_rate_limits(&self, limits: Option<SumsubRateLimits>) {
        self.lock().limits = limits::Limits::new(limits);
    }

    /// Sets the algorithm that signs webhooks, SHA-256 at first.
    pub fn set_digest(&self, digest: SumsubDigest) {
        self.front.outbox.set_algorithm(digest.name());
    }

    /// Sends an event of any type about the current state of an applicant to the receivers of webhooks, such as
    /// `applicantPersonalInfoChanged` or `applicantWorkflowCompleted`, which no act sends.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the applicant does not exist.
    pub fn send_event(&self, id: &str, event_type: &str) -> Result<()> {
        let state = self.lock();
        let id = known(&state, id)?;
        events::tell(&state, &self.front, &id, event_type);
        Ok(())
    }

    /// An event about the current state of the applicant. `event_type` is any word, such as `applicantTagsChanged`.
    /// For an applicant that does not exist it has the id alone.
    #[must_use]
    pub fn webhook(&self, id: &str, event_type: &str) -> SignedWebhook {
        let state = self.lock();
        let body = events::body(&state, &state.kept_id(id), event_type, self.now());
        drop(state);
        self.sign(&body)
    }
}

fn known(state: &State, id: &str) -> Result<String> {
    let id = state.kept_id(id);
    if state.applicants.get(&id).is_some() { Ok(id) } else { Err(Error::Unknown { what: "applicant", id }) }
}
