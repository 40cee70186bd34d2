//! nxos: organizations, verified through Sumsub.
//!
//! Operations of [faults](crate::fault): `start`, `check`, `import`, `create_organization`, `authorizations`, `webhooks`, `other`.
//!
//! Attempts of a [webhook](crate::webhooks): at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h (Svix documentation, retries); a 2xx within 15 s ends them, and an
//! endpoint that fails for five days is disabled.
//!
//! Decisions of this simulation where the documentation is silent:
//! - a start for an organization that is `APPROVED`, `REJECTED`, `ON_HOLD` or in a word of the test's own is answered
//!   200 with a fresh token, and the status stays;
//! - an import for an organization that is `APPROVED` or `ON_HOLD` answers with that status (the body has the shape
//!   of the GET), and consumes the token;
//! - an import is approved ten seconds later, unless another act comes first;
//! - an organization made through `POST /v1/organizations` starts with a `PENDING` letter of authorization, one made
//!   through [`Nxos::add_organization`] with an `ACTIVE` one;
//! - the verification endpoints check the letter only, not whether the granter is `APPROVED`: that status is reached
//!   through them;
//! - a rate-limited answer belongs to the 4xx answers that an idempotency key replays; it has no `Retry-After`;
//! - an approval lapses to `RESUBMISSION_REQUIRED`, the only status that asks the customer to act, and a try that fails
//!   on the hosted page leads there too;
//! - every change of the status sends a webhook, whatever caused it; events are signed with the replaced signing secret
//!   too for 24 hours, as Svix does it;
//! - letters of authorization are listed by the id of the granter; the organization of the API key holds letters and
//!   gives none; the fields of a letter beyond those of the revocation are this simulation's;
//! - a start with a body or a content type is refused, because the OpenAPI document declares none.

mod actions;
mod api;
mod control;
mod events;
mod idempotency;
mod operations;
mod profile;
mod refusal;
mod signing;
mod state;
mod vendor;
mod verifications;
mod websdk;

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::act::Act;
use crate::error::{Error, Result};
use crate::front::Front;
use crate::runtime::Runtime;
use crate::signed::SignedWebhook;

pub use state::{LoaState, NxosEventData, OrganizationType};
pub(crate) use vendor::REGISTRATION;

use state::{Organization, State};

/// A handle on the simulated nxos. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Nxos {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    runtime: Arc<Runtime>,
    api_key: String,
    own_organization: String,
    held: watch::Sender<bool>,
    state: Arc<Mutex<State>>,
}

impl Deref for Nxos {
    type Target = Runtime;

    fn deref(&self) -> &Runtime {
        &self.shared.runtime
    }
}

impl Nxos {
    pub(crate) fn new(front: Front) -> Self {
        let mut state = State::new(front.random.clone());
        let api_key = format!("nxos_sk_test_{}", state.random.word(32));
        let own_organization = state.add(OrganizationType::Business, None, front.clock.now());
        let (held, state) = (watch::Sender::new(false), Arc::new(Mutex::new(state)));
        let runtime = Arc::new(Runtime::new(front, state.clone()));
        Self { shared: Arc::new(Shared { runtime, api_key, own_organization, held, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one valid API key, `nxos_sk_test_…`.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.shared.api_key
    }

    /// The organization that the API key belongs to: a `BUSINESS`, `NOT_STARTED`.
    #[must_use]
    pub fn own_organization(&self) -> &str {
        &self.shared.own_organization
    }

    /// Adds a customer organization, `NOT_STARTED`, whose letter of authorization is active, and returns its id.
    #[must_use]
    pub fn add_organization(&self, kind: OrganizationType) -> String {
        let now = self.now();
        self.lock().add(kind, Some(LoaState::Active), now)
    }

    /// The same under an id of the caller's choice; an organization that is there already starts anew.
    pub fn add_organization_with_id(&self, id: &str, kind: OrganizationType) {
        let now = self.now();
        self.lock().put(id.to_owned(), Organization::new(kind, Some(LoaState::Active), now));
    }

    /// The same for the control API: evicts the oldest of those created over HTTP if the capacity is reached.
    pub(crate) fn create_organization(&self, id: Option<String>, kind: OrganizationType) -> String {
        let now = self.now();
        let mut state = self.lock();
        state.make_room(self.front.capacity);
        let id = id.unwrap_or_else(|| format!("org_{}", state.random.hex(32)));
        state.created.push_back(id.clone());
        state.put(id.clone(), Organization::new(kind, Some(LoaState::Active), now));
        id
    }

    fn with_organization<T>(&self, id: &str, change: impl FnOnce(&mut Organization) -> T) -> Result<T> {
        let mut state = self.lock();
        let unknown = || Error::Unknown { what: "organization", id: id.to_owned() };
        state.organizations.get_mut(id).map(change).ok_or_else(unknown)
    }

    /// Sets the state of the letter of authorization that the organization gave to the API key's own organization.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the organization does not exist.
    pub fn set_loa(&self, organization: &str, loa: LoaState) -> Result<()> {
        self.with_organization(organization, |found| found.loa = Some(loa))
    }

    /// Sets the verification status to any word, documented or not. `updatedAt` moves only when the word changes.
    ///
    /// # Errors
    /// As [`Runtime::act`] with [`Act::Say`].
    pub fn set_status(&self, organization: &str, word: &str) -> Result<()> {
        self.act(organization, &Act::Say { word: word.to_owned() }).map(|_| ())
    }

    /// The organization that an access token was handed out for, and whether the token is still valid.
    pub(crate) fn token_holder(&self, token: &str) -> Option<(String, bool)> {
        let now = self.now();
        self.lock().tokens.get(token).map(|pass| (pass.organization.clone(), now < pass.expires_at))
    }

    /// The completed steps of the embedded flow.
    pub(crate) fn steps_done(&self, organization: &str) -> Vec<&'static str> {
        self.with_organization(organization, |found| found.steps.iter().copied().collect())
            .unwrap_or_default()
    }

    pub(crate) fn finish_step(&self, organization: &str, step: &'static str) {
        // An organization that was evicted meanwhile has no steps to finish.
        let _ = self.with_organization(organization, |found| found.steps.insert(step));
    }

    /// A fresh link and access token, as after a start by the application.
    pub(crate) fn reopen(&self, organization: &str) -> (String, String) {
        let now = self.now();
        self.lock().open_session(organization, now)
    }

    /// The verification status of the organization.
    #[must_use]
    pub fn status(&self, organization: &str) -> Option<String> {
        self.with_organization(organization, |found| found.status.clone()).ok()
    }

    /// The id of the provider's applicant for this organization, once one exists. It never changes.
    #[must_use]
    pub fn applicant(&self, organization: &str) -> Option<String> {
        self.with_organization(organization, |found| found.applicant.clone()).ok().flatten()
    }

    /// Whether an access token is still valid: it lives 30 minutes.
    #[must_use]
    pub fn access_token_is_live(&self, token: &str) -> bool {
        let now = self.now();
        self.lock().tokens.get(token).is_some_and(|pass| now < pass.expires_at)
    }

    /// A share token of a paired donor tenant, valid for one import.
    #[must_use]
    pub fn issue_share_token(&self) -> String {
        self.lock().issue_share_token()
    }

    /// The next `count` requests with a well-formed key are answered 401 `authentication_failed`, the code that stands
    /// for a failure on the vendor's side.
    pub fn fail_authentication(&self, count: u32) {
        self.lock().failing_authentications = count;
    }

    /// The number of requests allowed in a minute, 1000 unless set; `None` lifts the limit.
    pub fn set_rate_limit(&self, per_minute: Option<u32>) {
        self.lock().rate.per_minute = per_minute;
    }

    /// Holds all requests that are not GET until [`Nxos::release`]. The idempotency key of a held request is in flight.
    pub fn hold(&self) {
        self.shared.held.send_replace(true);
    }

    /// Releases the held requests.
    pub fn release(&self) {
        self.shared.held.send_replace(false);
    }

    /// The amount of data in the events that nxos sends by itself, everything by default. The documentation leaves it
    /// open.
    pub fn set_event_data(&self, data: NxosEventData) {
        self.lock().event_data = data;
    }

    /// An `organization.verification.updated` event about the current state of the organization, signed now. For an
    /// organization that does not exist it has the id alone.
    #[must_use]
    pub fn webhook(&self, organization: &str, data: NxosEventData) -> SignedWebhook {
        let now = self.now();
        let event = events::verification_updated(&mut self.lock(), organization, data, now, false);
        self.front.outbox.sign(&event.id, event.body, now)
    }
}
