//! The parts that all vendor handles share.

use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;
use crate::hub::Hub;
use crate::profile::Profile;
use crate::random::Random;
use crate::tap::Tap;
use crate::webhooks::Outbox;

/// The parts of every vendor handle: its address, the clock, and the request recorder.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) profile: &'static Profile,
    pub(crate) base_url: String,
    pub(crate) clock: Clock,
    /// The source of the vendor's ids, tokens and keys.
    pub(crate) random: Random,
    pub(crate) tap: Tap,
    /// The capacity: the most organizations, users or sessions that are kept.
    pub(crate) capacity: usize,
    pub(crate) hub: Hub,
    pub(crate) outbox: Outbox,
    /// The return URL of hosted pages, for vendors that configure it in advance.
    pub(crate) return_url: Mutex<Option<String>>,
}

impl Front {
    pub(crate) fn return_url(&self) -> Option<String> {
        self.return_url.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The methods that the three vendor handles share.
macro_rules! front_methods {
    ($handle:ident) => {
        impl $handle {
            pub(crate) fn outbox(&self) -> &crate::webhooks::Outbox {
                &self.shared.front.outbox
            }

            /// Performs the script steps that are due, and returns the time of the next one.
            pub(crate) fn run_scripts(&self, now: i64) -> Option<i64> {
                let mut state = self.lock();
                while let Some((id, step)) = state.scripts.take_due(now) {
                    actions::step(&mut state, &self.shared.front, &id, step);
                }
                state.scripts.next_due()
            }

            /// Registers a receiver of webhooks: a plain `http` URL on loopback. It gets every event, signed with the
            /// key of this handle. Returns the id of the endpoint.
            ///
            /// # Errors
            /// [`Error::NotLoopback`](crate::Error::NotLoopback) for any other URL;
            /// [`Error::TooMany`](crate::Error::TooMany) beyond a hundred.
            pub fn add_webhook_endpoint(&self, url: &str) -> crate::Result<String> {
                let front = &self.shared.front;
                let id = (front.profile.scheme.new_endpoint_id)(&front.random);
                let endpoint = crate::webhooks::Endpoint::new(id.clone(), url.to_owned(), self.now());
                self.outbox().add_endpoint(endpoint).map(|()| id)
            }

            /// Removes a receiver of webhooks; pending deliveries to it are given up.
            ///
            /// # Errors
            /// [`Error::Unknown`](crate::Error::Unknown) where there is none of this id.
            pub fn remove_webhook_endpoint(&self, id: &str) -> crate::Result<()> {
                self.outbox().remove_endpoint(id)
            }

            /// The registered receivers of webhooks.
            #[must_use]
            pub fn webhook_endpoints(&self) -> Vec<crate::WebhookEndpoint> {
                self.outbox().endpoints()
            }

            /// The webhooks sent or queued, oldest first; beyond a thousand, finished ones are evicted first.
            #[must_use]
            pub fn webhooks(&self) -> Vec<crate::WebhookDelivery> {
                self.outbox().deliveries()
            }

            /// Queues a fault for the next event of this vendor. Several queue up, one for each event.
            ///
            /// # Errors
            /// [`Error::TooMany`](crate::Error::TooMany) where a thousand are queued.
            pub fn add_mischief(&self, mischief: crate::Mischief) -> crate::Result<()> {
                self.outbox().add_mischief(mischief)
            }

            /// Clears the queued webhook faults.
            pub fn clear_mischief(&self) {
                self.outbox().clear_mischief();
            }

            pub(crate) fn tap(&self) -> &crate::tap::Tap {
                &self.shared.front.tap
            }

            /// `http://127.0.0.1:PORT`, without a trailing slash.
            #[must_use]
            pub fn base_url(&self) -> &str {
                &self.shared.front.base_url
            }

            /// The recorded requests, oldest first, without visits to hosted pages. Beyond the limit set in
            /// [`SandboxBuilder::recorded_requests`](crate::SandboxBuilder::recorded_requests) the oldest are evicted.
            #[must_use]
            pub fn requests(&self) -> Vec<crate::RecordedRequest> {
                self.shared.front.tap.requests()
            }

            /// Clears the recorded requests.
            pub fn clear_requests(&self) {
                self.shared.front.tap.clear_requests();
            }

            /// The next request gets this answer instead of the vendor's, whatever its operation and authentication.
            /// The request is recorded, changes nothing at the vendor, and does not count towards limits. Several
            /// canned answers queue up.
            pub fn answer_next(&self, answer: crate::CannedAnswer) {
                self.tap().answer_next(answer);
            }

            /// Queues a fault for the next answers. Several faults queue up; a request gets the first one that is meant
            /// for its operation.
            ///
            /// # Errors
            /// [`Error::UnknownOperation`](crate::Error::UnknownOperation) for an operation that the vendor does not
            /// have; [`Error::BadFault`](crate::Error::BadFault) for an answer that HTTP does not allow;
            /// [`Error::TooMany`](crate::Error::TooMany) where a thousand are queued.
            pub fn add_fault(&self, fault: crate::Fault) -> crate::Result<()> {
                self.tap().add_fault(fault)
            }

            /// Sets a mix of random faults; `None` ends it.
            ///
            /// # Errors
            /// [`Error::BadFault`](crate::Error::BadFault) where the mix is invalid.
            pub fn mix_faults(&self, mix: Option<crate::FaultMix>) -> crate::Result<()> {
                self.tap().mix_faults(mix)
            }

            /// Clears the queued faults, and ends the mix.
            pub fn clear_faults(&self) {
                self.tap().clear_faults();
            }

            /// The queued faults.
            #[must_use]
            pub fn pending_faults(&self) -> Vec<crate::Fault> {
                self.tap().pending_faults()
            }
        }
    };
}
pub(crate) use front_methods;
