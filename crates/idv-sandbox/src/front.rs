//! The machinery between a simulated vendor and the outside.

use std::sync::{Mutex, PoisonError};

use crate::clock::Clock;
use crate::hub::Hub;
use crate::profile::Profile;
use crate::random::Random;
use crate::tap::Tap;
use crate::webhooks::Outbox;

/// The machinery of one vendor: its address, clock, random ids, request recorder and webhook outbox.
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

    /// The URL of the hosted page of a link.
    pub(crate) fn page_url(&self, link: &str) -> String {
        format!("{}/l/{link}", self.base_url)
    }

    pub(crate) fn new_key(&self) -> String {
        (self.profile.scheme.new_key)(&self.random)
    }

    pub(crate) fn new_endpoint_id(&self) -> String {
        (self.profile.scheme.new_endpoint_id)(&self.random)
    }
}
