//! nxos: organizations, verified through Sumsub.
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
mod events;
mod idempotency;
mod operations;
mod profile;
mod refusal;
mod signing;
mod state;
mod websdk;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::act::{Act, Acted, Actor};
use crate::clock::iso;
use crate::error::{Error, Result};
use crate::front::{Front, front_methods};
use crate::pages::hosted::{Closed, Hosts};
use crate::profile::Profile;
use crate::signed::SignedWebhook;
use crate::vendor::Vendor;
use crate::verification::{SimulatedVerification, Subject};

pub(crate) use api::router;
pub(crate) use profile::PROFILE;
pub use state::{LoaState, NxosEventData, OrganizationType};

use state::{Organization, State};

/// A handle on the simulated nxos. Clones share the same vendor.
#[derive(Clone, Debug)]
pub struct Nxos {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    front: Front,
    api_key: String,
    own_organization: String,
    held: watch::Sender<bool>,
    state: Mutex<State>,
}

front_methods!(Nxos);

impl Nxos {
    pub(crate) fn new(front: Front) -> Self {
        let mut state = State::new(front.random.clone());
        let api_key = format!("nxos_sk_test_{}", state.random.word(32));
        let own_organization = state.add(OrganizationType::Business, None, front.clock.now());
        let state = Mutex::new(state);
        let held = watch::Sender::new(false);
        Self { shared: Arc::new(Shared { front, api_key, own_organization, held, state }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> i64 {
        self.shared.front.clock.now()
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
        state.make_room(self.shared.front.capacity);
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
    /// As [`Nxos::act`] with [`Act::Say`].
    pub fn set_status(&self, organization: &str, word: &str) -> Result<()> {
        self.act(organization, &Act::Say { word: word.to_owned() }).map(|_| ())
    }

    /// Performs an act on the verification of an organization, as the operator.
    ///
    /// # Errors
    /// [`Error::Unknown`] where the organization does not exist; [`Error::NotPossible`] where nxos does not support the
    /// act, or not in this state; [`Error::BadWord`] where the word of [`Act::Say`] is too long.
    pub fn act(&self, organization: &str, act: &Act) -> Result<Acted> {
        self.act_as(organization, act, Actor::Operator)
    }

    pub(crate) fn act_as(&self, organization: &str, act: &Act, by: Actor) -> Result<Acted> {
        let mut state = self.lock();
        let acted = actions::perform(&mut state, &self.shared.front, organization, act, by)?;
        if !matches!(act, Act::Open) {
            state.scripts.stop(organization);
        }
        Ok(acted)
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

    /// A verification as the operator sees it.
    #[must_use]
    pub fn verification(&self, organization: &str) -> Option<SimulatedVerification> {
        self.view(&self.lock(), organization)
    }

    /// The verifications of all organizations, the latest change first, no more than `limit`.
    #[must_use]
    pub fn verifications(&self, limit: usize) -> Vec<SimulatedVerification> {
        let state = self.lock();
        let mut newest: Vec<(i64, &String)> =
            state.organizations.iter().map(|(id, found)| (found.updated_at, id)).collect();
        newest.sort_unstable_by(|left, right| right.cmp(left));
        newest.into_iter().take(limit).filter_map(|(_, id)| self.view(&state, id)).collect()
    }

    fn view(&self, state: &State, id: &str) -> Option<SimulatedVerification> {
        let (found, now) = (state.organizations.get(id)?, self.now());
        let is_open = |link: &str| state.links.get(link).is_some_and(|pass| now < pass.expires_at);
        let links = found.sessions.iter().filter(|(link, _)| is_open(link));
        Some(SimulatedVerification {
            vendor: Vendor::Nxos,
            id: id.to_owned(),
            subject: Subject::Organization,
            external_id: None,
            status: found.status.clone(),
            progress: None,
            open_pages: links.map(|(link, _)| format!("{}/l/{link}", self.base_url())).collect(),
            updated_at: iso(found.updated_at),
            acts: actions::possible(found),
            history: found.history.entries(),
        })
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

    /// The signing secret of webhooks, `whsec_` and the base64 of the key.
    #[must_use]
    pub fn webhook_secret(&self) -> String {
        self.outbox().key()
    }

    /// Replaces the signing secret and returns the new one. For 24 hours events are signed with both.
    pub fn rotate_webhook_secret(&self) -> String {
        let fresh = signing::new_key(&self.shared.front.random);
        self.outbox().rotate_key(fresh.clone(), self.now());
        fresh
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
        self.outbox().sign(&event.id, event.body, now)
    }

    /// Signs any body as nxos would, under a new `svix-id`.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> SignedWebhook {
        let id = (PROFILE.scheme.new_event_id)(&self.shared.front.random);
        self.outbox().sign(&id, body.to_vec(), self.now())
    }
}

impl Hosts for Nxos {
    const PROFILE: &'static Profile = &PROFILE;

    fn act_on_page(&self, link: &str, act: &Act) -> Result<Acted> {
        let organization = Hosts::page(self, link).map_err(|closed| closed.error(link))?.id;
        self.act_as(&organization, act, Actor::Applicant)
    }

    fn page(&self, link: &str) -> Result<SimulatedVerification, Closed> {
        let now = self.now();
        let state = self.lock();
        let pass = state.links.get(link).ok_or(Closed::Unknown)?;
        if now >= pass.expires_at {
            return Err(Closed::Expired);
        }
        self.view(&state, &pass.organization).ok_or(Closed::Unknown)
    }
}
