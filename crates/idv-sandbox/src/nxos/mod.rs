//! nxos: organizations, verified through Sumsub.
//!
//! Where the documentation is silent, this simulation decides:
//! - a start for an organization that is `APPROVED`, `REJECTED`, `ON_HOLD` or in a word of the test's own is answered
//!   200 with a fresh token and leaves the status alone;
//! - an import for an organization that is `APPROVED` or `ON_HOLD` answers with that status (the body has the shape
//!   of the GET), and consumes the token;
//! - an organization made through `POST /v1/organizations` starts with a `PENDING` letter of authorization, one made
//!   through [`Nxos::add_organization`] with an `ACTIVE` one;
//! - the verification endpoints look at the letter only, not at whether the granter is `APPROVED`: they are the way
//!   to get there;
//! - a rate-limited answer belongs to the 4xx answers that an idempotency key replays; it has no `Retry-After`;
//! - a start with a body or a content type is refused, because the OpenAPI document declares none.

mod idempotency;
mod routes;
mod state;
mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::sync::watch;

use crate::error::{Error, Result};
use crate::front::{Front, front_methods};
use crate::signed::SignedWebhook;

pub use state::{LoaState, OrganizationType};
pub use webhook::NxosEventData;

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
    webhook_secret: String,
    held: watch::Sender<bool>,
    state: Mutex<State>,
}

front_methods!(Nxos);

impl Nxos {
    pub(crate) fn new(front: Front, seed: u64) -> Self {
        let mut state = State::new(seed);
        let api_key = format!("nxos_sk_test_{}", state.random.word(32));
        let own_organization = state.add(OrganizationType::Business, None, front.clock.now());
        let webhook_secret = format!("whsec_{}", STANDARD.encode(&state.webhook_key));
        let state = Mutex::new(state);
        let held = watch::Sender::new(false);
        Self { shared: Arc::new(Shared { front, api_key, own_organization, webhook_secret, held, state }) }
    }

    pub(crate) fn router(&self) -> Router {
        routes::router(self)
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

    /// Whether the control API must refuse more.
    pub(crate) fn is_full(&self) -> bool {
        self.lock().organizations.len() >= self.shared.front.capacity
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
    /// [`Error::Unknown`] where the organization does not exist.
    pub fn set_status(&self, organization: &str, word: &str) -> Result<()> {
        let now = self.now();
        self.with_organization(organization, |found| found.set_status(word, now))
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

    /// Whether an access token that was handed out is still good: it lives 30 minutes.
    #[must_use]
    pub fn access_token_is_live(&self, token: &str) -> bool {
        let now = self.now();
        self.lock().tokens.get(token).is_some_and(|expires_at| now < *expires_at)
    }

    /// A share token of a paired donor tenant, good for one import.
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

    /// From now on requests that are not GET are taken but not worked on, until [`Nxos::release`]. An idempotency key
    /// that is held like this is in flight.
    pub fn hold(&self) {
        self.shared.held.send_replace(true);
    }

    /// Lets the held requests go on.
    pub fn release(&self) {
        self.shared.held.send_replace(false);
    }

    /// The signing secret of the webhook endpoint, `whsec_` and the base64 of the key.
    #[must_use]
    pub fn webhook_secret(&self) -> &str {
        &self.shared.webhook_secret
    }

    /// An `organization.verification.updated` event about the organization as it stands, signed now. An organization
    /// that does not exist can be named too, but has nothing more to tell than its id.
    #[must_use]
    pub fn webhook(&self, organization: &str, data: NxosEventData) -> SignedWebhook {
        let now = self.now();
        webhook::verification_updated(&mut self.lock(), organization, data, now)
    }

    /// Signs any body as nxos would, under a new `svix-id`.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> SignedWebhook {
        let now = self.now();
        webhook::sign(&mut self.lock(), body.to_vec(), now)
    }
}
