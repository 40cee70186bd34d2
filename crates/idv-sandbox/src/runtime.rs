//! The runtime that all simulated vendors share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::act::{Act, Acted, Actor};
use crate::error::Result;
use crate::fault::{CannedAnswer, Fault, FaultMix};
use crate::front::Front;
use crate::pages::closed::Closed;
use crate::recorded::RecordedRequest;
use crate::signed::SignedWebhook;
use crate::vendor::Vendor;
use crate::vendor_state::{VendorState, take_due_steps};
use crate::verification::SimulatedVerification;
use crate::webhooks::{Endpoint, Mischief, WebhookDelivery, WebhookEndpoint};

/// The runtime of a simulated vendor: its address, verifications, recorded requests, faults and webhooks. The handles
/// of all vendors dereference to it.
#[derive(Debug)]
pub struct Runtime {
    pub(crate) front: Front,
    state: Arc<Mutex<dyn VendorState>>,
}

impl Runtime {
    pub(crate) fn new(front: Front, state: Arc<Mutex<dyn VendorState>>) -> Self {
        Self { front, state }
    }

    fn lock(&self) -> MutexGuard<'_, dyn VendorState + 'static> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> i64 {
        self.front.clock.now()
    }

    /// The name of the vendor.
    #[must_use]
    pub fn vendor(&self) -> Vendor {
        self.front.profile.vendor
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.front.base_url
    }
}

/// The verifications.
impl Runtime {
    /// Performs an act on a verification, as the operator. `id` is that of an organization, a user, an onboarding or a
    /// session; acts of the applicant on a hosted page apply to the newest open one.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where the vendor has no verification of this id;
    /// [`Error::NoOpenSession`](crate::Error::NoOpenSession) where no page is open for the applicant;
    /// [`Error::NotPossible`](crate::Error::NotPossible) where the vendor does not support the act, or not in this
    /// state; [`Error::BadWord`](crate::Error::BadWord) where the word of [`Act::Say`] is too long.
    pub fn act(&self, id: &str, act: &Act) -> Result<Acted> {
        self.act_as(id, None, act, Actor::Operator)
    }

    pub(crate) fn act_as(&self, id: &str, link: Option<&str>, act: &Act, by: Actor) -> Result<Acted> {
        let mut state = self.lock();
        let acted = state.perform(&self.front, id, link, act, by)?;
        if !matches!(act, Act::Open) {
            let id = state.kept_id(id);
            state.scripts().stop(&id);
        }
        Ok(acted)
    }

    /// A verification as the operator sees it.
    #[must_use]
    pub fn verification(&self, id: &str) -> Option<SimulatedVerification> {
        let state = self.lock();
        state.verification(&self.front, &state.kept_id(id))
    }

    /// The vendor's verifications, the latest change first, no more than `limit`. Those of the vendor's other customers
    /// are left out.
    #[must_use]
    pub fn verifications(&self, limit: usize) -> Vec<SimulatedVerification> {
        let state = self.lock();
        let newest = state.newest(limit);
        newest.iter().filter_map(|id| state.verification(&self.front, id)).collect()
    }

    /// The verification behind the link of a hosted page.
    pub(crate) fn page(&self, link: &str) -> Result<SimulatedVerification, Closed> {
        let state = self.lock();
        let id = state.linked(link, self.now())?;
        state.verification(&self.front, &id).ok_or(Closed::Unknown)
    }

    /// Performs an act of the applicant on a hosted page.
    pub(crate) fn act_on_page(&self, link: &str, act: &Act) -> Result<Acted> {
        let id = self.lock().linked(link, self.now()).map_err(|closed| closed.error(link))?;
        self.act_as(&id, Some(link), act, Actor::Applicant)
    }

    /// Takes the steps of scripts that are due, lets the vendor do what it does by the clock, and returns the time of
    /// the next of either.
    pub(crate) fn run_scripts(&self, now: i64) -> Option<i64> {
        let mut state = self.lock();
        let step = take_due_steps(&mut *state, &self.front, now);
        let chore = state.pass_time(&self.front, now);
        step.into_iter().chain(chore).min()
    }
}

/// The webhooks.
impl Runtime {
    /// Registers a receiver of webhooks: a plain `http` URL on loopback. It gets every event, signed with the key of
    /// this handle. Returns the id of the endpoint.
    ///
    /// # Errors
    /// [`Error::NotLoopback`](crate::Error::NotLoopback) for any other URL;
    /// [`Error::TooMany`](crate::Error::TooMany) beyond a hundred.
    pub fn add_webhook_endpoint(&self, url: &str) -> Result<String> {
        let id = self.front.new_endpoint_id();
        let endpoint = Endpoint::new(id.clone(), url.to_owned(), self.now());
        self.front.outbox.add_endpoint(endpoint).map(|()| id)
    }

    /// Removes a receiver of webhooks; pending deliveries to it are given up.
    ///
    /// # Errors
    /// [`Error::Unknown`](crate::Error::Unknown) where there is none of this id.
    pub fn remove_webhook_endpoint(&self, id: &str) -> Result<()> {
        self.front.outbox.remove_endpoint(id)
    }

    /// The registered receivers of webhooks.
    #[must_use]
    pub fn webhook_endpoints(&self) -> Vec<WebhookEndpoint> {
        self.front.outbox.endpoints()
    }

    /// The webhooks sent or queued, oldest first; beyond a thousand, finished ones are evicted first.
    #[must_use]
    pub fn webhooks(&self) -> Vec<WebhookDelivery> {
        self.front.outbox.deliveries()
    }

    /// Queues a fault for the next event of this vendor. Several queue up, one for each event.
    ///
    /// # Errors
    /// [`Error::TooMany`](crate::Error::TooMany) where a thousand are queued.
    pub fn add_mischief(&self, mischief: Mischief) -> Result<()> {
        self.front.outbox.add_mischief(mischief)
    }

    /// Clears the queued webhook faults.
    pub fn clear_mischief(&self) {
        self.front.outbox.clear_mischief();
    }

    /// The secret that signs webhooks, or that they carry.
    #[must_use]
    pub fn webhook_secret(&self) -> String {
        self.front.outbox.key()
    }

    /// Replaces the secret and returns the new one. The old one is no longer used, unless the vendor signs with both
    /// for a while.
    pub fn rotate_webhook_secret(&self) -> String {
        let fresh = self.front.new_key();
        self.front.outbox.rotate_key(fresh.clone(), self.now());
        fresh
    }

    /// Signs any body as the vendor would, under a new event id where the vendor gives events one.
    #[must_use]
    pub fn sign(&self, body: &[u8]) -> SignedWebhook {
        let event_id = (self.front.profile.scheme.new_event_id)(&self.front.random);
        self.front.outbox.sign(&event_id, body.to_vec(), self.now())
    }
}

/// The recorded requests, and faults of answers.
impl Runtime {
    /// The recorded requests, oldest first, without visits to hosted pages. Beyond the limit set in
    /// [`SandboxBuilder::recorded_requests`](crate::SandboxBuilder::recorded_requests) the oldest are evicted.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.front.tap.requests()
    }

    /// Clears the recorded requests.
    pub fn clear_requests(&self) {
        self.front.tap.clear_requests();
    }

    /// The next request gets this answer instead of the vendor's, whatever its operation and authentication. The
    /// request is recorded, changes nothing at the vendor, and does not count towards limits. Several canned answers
    /// queue up.
    pub fn answer_next(&self, answer: CannedAnswer) {
        self.front.tap.answer_next(answer);
    }

    /// Queues a fault for the next answers. Several faults queue up; a request gets the first one that is meant for its
    /// operation.
    ///
    /// # Errors
    /// [`Error::UnknownOperation`](crate::Error::UnknownOperation) for an operation that the vendor does not have;
    /// [`Error::BadFault`](crate::Error::BadFault) for an answer that HTTP does not allow;
    /// [`Error::TooMany`](crate::Error::TooMany) where a thousand are queued.
    pub fn add_fault(&self, fault: Fault) -> Result<()> {
        self.front.tap.add_fault(fault)
    }

    /// Sets a mix of random faults; `None` ends it.
    ///
    /// # Errors
    /// [`Error::BadFault`](crate::Error::BadFault) where the mix is invalid.
    pub fn mix_faults(&self, mix: Option<FaultMix>) -> Result<()> {
        self.front.tap.mix_faults(mix)
    }

    /// Clears the queued faults, and ends the mix.
    pub fn clear_faults(&self) {
        self.front.tap.clear_faults();
    }

    /// The queued faults.
    #[must_use]
    pub fn pending_faults(&self) -> Vec<Fault> {
        self.front.tap.pending_faults()
    }
}
