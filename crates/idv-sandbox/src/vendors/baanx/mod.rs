//! Baanx: card users, verified through Veriff, after registration (bearer token) or during it (onboarding id).
//!
//! Operations of [faults](crate::fault): `start_user`, `start_registration`, `check_user`, `check_registration`, `registration`, `webhooks`, `other`;
//! `start` and `check` stand for both flows.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 1, 2, 4, 8 and 16 s (first delay, factor and number: Baanx guide, webhooks delivery; the doubling is this
//! simulation's); a 2xx within 30 s or any 4xx ends them.
//!
//! Decisions of this simulation where the documentation is silent or contradicts itself:
//! - 498 and 499 hold for every endpoint, and come before any other check;
//! - an `Authorization` header on a registration call is refused with 400, because the documentation forbids it and a
//!   silent vendor would hide the mistake;
//! - an `x-us-env` other than `true` and `false` is refused with 400;
//! - an onboarding lives 60 minutes (30 to 60 documented), then it is 400; a completed one is 404;
//! - a link of the user flow ends with the submission, with [`Baanx::abandon`], or after 24 hours; one of the
//!   registration flow survives being left, and lives 7 days;
//! - the daily limit counts the last 24 hours; `limit` says `10_per_day`, `3_concurrent`, or, in the cool-down, the
//!   documented `3_per_hour`;
//! - three rejections in a row start the cool-down, and the count begins anew;
//! - no limit applies to registration;
//! - every change of the state sends a webhook in the shape of the guide, whatever caused it; a rejection without a
//!   reason has the code 102;
//! - any user's access token manages the webhook endpoints of the client; the entries of logs and the events have fields
//!   of this simulation's choice;
//! - every code that would arrive by e-mail or text message is `123456`; users added through this API have the password
//!   `Simulation-1`; a login with a wrong password is 401 `Invalid credentials`, and never asks for a second factor;
//! - a `VERIFIED` user who submits again stays `VERIFIED` until a decision says otherwise.

mod actions;
mod api;
mod applicant;
mod control;
mod events;
mod operations;
mod profile;
mod region;
mod signing;
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

pub use region::Region;
pub use state::{BaanxEventShape, BaanxUser};
pub(crate) use vendor::REGISTRATION;

use applicant::Applicant;
use state::State;

/// A handle on the simulated Baanx. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Baanx {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    client_key: String,
    state: Arc<Mutex<State>>,
}

impl Deref for Baanx {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Baanx {
    pub(crate) fn new(front: Front) -> Self {
        let mut state = State::new(front.random.clone());
        let client_key = state.add_client();
        let state = Arc::new(Mutex::new(state));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, client_key, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The client key that users belong to.
    #[must_use]
    pub fn client_key(&self) -> &str {
        &self.shared.client_key
    }

    /// Another valid client key, to which none of the users belongs.
    #[must_use]
    pub fn add_client_key(&self) -> String {
        self.lock().add_client()
    }

    /// Adds a registered user of the international environment, `UNVERIFIED`. In the user flow the names `Test`
    /// `Approved`, `Test` `Rejected` and `Test` `Pending` decide what a submission leads to.
    #[must_use]
    pub fn add_user(&self, first_name: &str, last_name: &str) -> BaanxUser {
        self.add_user_in(Region::International, first_name, last_name)
    }

    /// The same in a given environment; each environment has its own users.
    #[must_use]
    pub fn add_user_in(&self, region: Region, first_name: &str, last_name: &str) -> BaanxUser {
        let now = self.now();
        self.lock().add_user(&self.shared.client_key, region, first_name, last_name, now)
    }

    /// A fresh access token for a user, as after another login; earlier ones stay valid for their six hours.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the user does not exist.
    pub fn issue_token(&self, user_id: &str) -> Result<String> {
        let now = self.now();
        let mut state = self.lock();
        let region = state.applicants.get(user_id).map(|user| user.region).ok_or_else(|| unknown(user_id))?;
        Ok(state.issue_token(user_id, region, now))
    }

    /// Suspends a user: from now on 403.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the user does not exist.
    pub fn suspend(&self, user_id: &str) -> Result<()> {
        self.with_applicant(user_id, |user| user.suspended = true)
    }

    /// Gives a user the client's own id, which webhooks then carry as `user_external_id`.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the user does not exist.
    pub fn set_external_id(&self, user_or_onboarding: &str, external_id: &str) -> Result<()> {
        let mut state = self.lock();
        let user_id = state.known_user(user_or_onboarding)?;
        state.direct(&user_id, external_id);
        let user = state.applicants.get_mut(&user_id).ok_or_else(|| unknown(user_or_onboarding))?;
        user.external_id = Some(external_id.to_owned());
        Ok(())
    }

    /// Begins a registration in the international environment, as far as the verified phone number, and returns its
    /// onboarding id.
    #[must_use]
    pub fn add_onboarding(&self) -> String {
        self.add_onboarding_in(Region::International)
    }

    /// The same in a given environment; ids of the US one begin with `US_`.
    #[must_use]
    pub fn add_onboarding_in(&self, region: Region) -> String {
        let now = self.now();
        let mut state = self.lock();
        let id = format!("{}{}", region.prefix(), state.random.uuid());
        state.add_onboarding(&self.shared.client_key, region, &id, now);
        id
    }

    /// The same under an id of the caller's choice; an onboarding that is there already starts anew.
    pub fn add_onboarding_with_id(&self, region: Region, id: &str) {
        let now = self.now();
        self.lock().add_onboarding(&self.shared.client_key, region, id, now);
    }

    /// The id of the user of an onboarding, which stays the same after the registration.
    #[must_use]
    pub fn onboarding_user(&self, onboarding_id: &str) -> Option<String> {
        self.lock().onboardings.get(onboarding_id).map(|onboarding| onboarding.user_id.clone())
    }

    /// Finishes a registration: the onboarding id is spent, and the user, who keeps the verification state, has a
    /// token.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the onboarding does not exist or was finished before.
    pub fn complete_registration(
        &self,
        onboarding_id: &str,
        first_name: &str,
        last_name: &str,
    ) -> Result<BaanxUser> {
        let now = self.now();
        let completed = self.lock().complete_registration(onboarding_id, first_name, last_name, now);
        completed.ok_or_else(|| Error::Unknown { what: "open onboarding", id: onboarding_id.to_owned() })
    }

    /// Evicts the oldest applicants created over HTTP before the control API adds one, and counts the new one among
    /// them.
    pub(crate) fn among_created(&self, add: impl FnOnce(&Self) -> String) -> String {
        self.lock().make_room(self.front.capacity);
        let id = add(self);
        let mut state = self.lock();
        let user_id = state.user_id(&id).to_owned();
        state.created.push_back(user_id);
        id
    }

    /// Whether the control API must refuse more client keys.
    pub(crate) fn is_full(&self) -> bool {
        self.lock().client_keys.len() >= self.front.capacity
    }

    fn with_applicant<T>(&self, id: &str, change: impl FnOnce(&mut Applicant) -> T) -> Result<T> {
        self.lock().applicant_mut(id).map(change).ok_or_else(|| unknown(id))
    }

    /// Sets the verification state to any word, documented or not. `PENDING`, `VERIFIED` and `REJECTED` end the
    /// hosted session that is open, since they follow a submission; `REJECTED` counts as a failure, `VERIFIED` ends
    /// a row of failures.
    ///
    /// # Errors
    /// As [`Runtime::act`] with [`Act::Say`].
    pub fn set_state(&self, user_or_onboarding: &str, word: &str) -> Result<()> {
        self.act(user_or_onboarding, &Act::Say { word: word.to_owned() }).map(|_| ())
    }

    /// The URL to which hosted pages send the applicant afterwards; at Baanx it belongs to the client's configuration,
    /// not to a request. Without one the page says that the window may be closed.
    pub fn set_return_url(&self, url: Option<url::Url>) {
        let mut configured = self.front.return_url.lock().unwrap_or_else(PoisonError::into_inner);
        *configured = url.map(String::from);
    }

    /// The verification state of a user or onboarding.
    #[must_use]
    pub fn state(&self, user_or_onboarding: &str) -> Option<String> {
        self.with_applicant(user_or_onboarding, |found| found.state.clone()).ok()
    }

    /// Submits the newest open hosted session, as the applicant does, and returns the resulting state: `PENDING`, or in
    /// the user flow the one of the test name.
    ///
    /// # Errors
    /// As [`Runtime::act`].
    pub fn submit(&self, user_or_onboarding: &str) -> Result<String> {
        self.act(user_or_onboarding, &Act::Submit).map(|acted| acted.status)
    }

    /// Leaves the newest open hosted session, as an applicant who closes the window does. The state stays; a link of
    /// the user flow is used up, one of the registration flow is not.
    ///
    /// # Errors
    /// As [`Runtime::act`].
    pub fn abandon(&self, user_or_onboarding: &str) -> Result<()> {
        self.act(user_or_onboarding, &Act::Leave).map(|_| ())
    }

    /// The key that signs webhooks, `whk_…`.
    #[must_use]
    pub fn webhook_key(&self) -> String {
        self.webhook_secret()
    }

    /// Replaces the key and returns the new one. The old one is no longer used.
    pub fn rotate_webhook_key(&self) -> String {
        self.rotate_webhook_secret()
    }

    /// The shape of the events that Baanx sends by itself, initially that of the guide.
    pub fn set_event_shape(&self, shape: BaanxEventShape) {
        self.lock().event_shape = shape;
    }

    /// A `kyc.status.changed` event in the shape of the webhooks guide, signed now. `status` is any word; `pending`,
    /// `completed` and `failed` are documented. The user need not exist.
    #[must_use]
    pub fn webhook_guide(&self, user_id: &str, status: &str, failure_code: Option<&str>) -> SignedWebhook {
        let now = self.now();
        let (_, body) = events::guide(&mut self.lock(), user_id, status, failure_code, now);
        self.sign(&body)
    }

    /// A `user.verification.completed` event in the shape of the page "Start User Verification", signed now.
    #[must_use]
    pub fn webhook_legacy(&self, user_id: &str, state: &str) -> SignedWebhook {
        self.sign(&events::legacy(user_id, state, self.now()))
    }
}

fn unknown(id: &str) -> Error {
    Error::Unknown { what: "user or onboarding", id: id.to_owned() }
}
