//! The webhook outbox of one vendor: the interface for senders and readers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::hub::Hub;
use crate::profile::Profile;
use crate::signed::{Delivered, SignedWebhook, loopback_target};
use crate::webhooks::delivery::{DeliveryState, Event, Job, WebhookDelivery};
use crate::webhooks::endpoint::{Endpoint, WebhookEndpoint};
use crate::webhooks::mischief::Mischief;
use crate::webhooks::queue::Queue;
use crate::webhooks::scheme::Keys;

const MAX_ENDPOINTS: usize = 100;
const MAX_MISCHIEF: usize = 1000;

/// The webhook outbox of one vendor. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    profile: &'static Profile,
    hub: Hub,
    /// Whether there is a receiver, so that no event is built without one.
    listening: Arc<AtomicBool>,
    inner: Arc<Mutex<Queue>>,
}

impl Outbox {
    pub(crate) fn new(profile: &'static Profile, key: String, hub: Hub) -> Self {
        let inner = Queue::new(profile, Keys::new(key));
        Self { profile, hub, listening: Arc::default(), inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vendor's first key, which signs for all endpoints without one of their own.
    pub(crate) fn key(&self) -> String {
        self.lock().keys.current.clone()
    }

    /// Sends this header with every webhook from now on.
    pub(crate) fn always_send(&self, name: &'static str, value: String) {
        self.lock().constant.push((name, value));
    }

    pub(crate) fn rotate_key(&self, fresh: String, now: i64) {
        self.lock().keys.rotate(&self.profile.scheme, fresh, now);
        self.hub.changed();
    }

    /// Sets the algorithm of the signatures with the first key.
    pub(crate) fn set_algorithm(&self, algorithm: &'static str) {
        self.lock().keys.algorithm = algorithm;
    }

    /// Signs any body with the first key.
    pub(crate) fn sign(&self, event_id: &str, body: Vec<u8>, now: i64) -> SignedWebhook {
        let inner = self.lock();
        let mut headers = inner.keys.headers(&self.profile.scheme, event_id, &body, now, now);
        headers.extend(inner.constant.iter().cloned());
        SignedWebhook::new(headers, body)
    }

    /// Whether an event has a receiver.
    pub(crate) fn is_listening(&self) -> bool {
        self.listening.load(Ordering::Relaxed)
    }

    pub(crate) fn add_endpoint(&self, endpoint: Endpoint) -> Result<()> {
        loopback_target(&endpoint.url)?;
        let mut inner = self.lock();
        if inner.endpoints.len() >= MAX_ENDPOINTS {
            return Err(Error::TooMany { what: "webhook endpoints", limit: MAX_ENDPOINTS });
        }
        inner.endpoints.push(endpoint);
        self.listening.store(true, Ordering::Relaxed);
        drop(inner);
        self.hub.changed();
        Ok(())
    }

    /// Removes an endpoint; pending deliveries to it are given up.
    pub(crate) fn remove_endpoint(&self, id: &str) -> Result<()> {
        let mut inner = self.lock();
        let before = inner.endpoints.len();
        inner.endpoints.retain(|endpoint| endpoint.id != id);
        if inner.endpoints.len() == before {
            return Err(Error::Unknown { what: "webhook endpoint", id: id.to_owned() });
        }
        for delivery in inner.deliveries.values_mut() {
            if delivery.endpoint == id && delivery.state == DeliveryState::Waiting {
                delivery.state = DeliveryState::GivenUp;
            }
        }
        self.listening.store(!inner.endpoints.is_empty(), Ordering::Relaxed);
        drop(inner);
        self.hub.changed();
        Ok(())
    }

    /// Replaces an endpoint by a changed one.
    pub(crate) fn put_endpoint(&self, endpoint: Endpoint) -> Result<()> {
        loopback_target(&endpoint.url)?;
        let id = endpoint.id.clone();
        self.with_endpoint(&id, |known| *known = endpoint)
    }

    pub(crate) fn rotate_endpoint_key(&self, id: &str, fresh: String, now: i64) -> Result<()> {
        let scheme = &self.profile.scheme;
        let first = self.lock().keys.clone();
        self.with_endpoint(id, |known| known.keys.get_or_insert(first).rotate(scheme, fresh, now))
    }

    fn with_endpoint(&self, id: &str, change: impl FnOnce(&mut Endpoint)) -> Result<()> {
        let mut inner = self.lock();
        let unknown = || Error::Unknown { what: "webhook endpoint", id: id.to_owned() };
        inner.endpoints.iter_mut().find(|endpoint| endpoint.id == id).map(change).ok_or_else(unknown)?;
        drop(inner);
        self.hub.changed();
        Ok(())
    }

    pub(crate) fn endpoint(&self, id: &str) -> Option<Endpoint> {
        self.lock().endpoints.iter().find(|endpoint| endpoint.id == id).cloned()
    }

    pub(crate) fn all_endpoints(&self) -> Vec<Endpoint> {
        self.lock().endpoints.clone()
    }

    /// Makes another attempt at an event now; if it fails too, the rest of the schedule follows, if any is left. False
    /// if no delivery of the event is known.
    pub(crate) fn send_again(&self, event_id: &str, now: i64) -> bool {
        let mut inner = self.lock();
        let mut found = false;
        for delivery in inner.deliveries.values_mut().filter(|one| one.event_id == event_id) {
            found = true;
            delivery.state = DeliveryState::Waiting;
            delivery.due = Some(now);
        }
        drop(inner);
        self.hub.changed();
        self.hub.wake();
        found
    }

    pub(crate) fn endpoints(&self) -> Vec<WebhookEndpoint> {
        let inner = self.lock();
        let view = |endpoint: &Endpoint| WebhookEndpoint {
            id: endpoint.id.clone(),
            url: endpoint.url.clone(),
            event_types: endpoint.event_types.clone(),
            enabled: endpoint.enabled,
            secret: endpoint.keys.as_ref().unwrap_or(&inner.keys).current.clone(),
        };
        inner.endpoints.iter().map(view).collect()
    }

    pub(crate) fn add_mischief(&self, mischief: Mischief) -> Result<()> {
        let mut inner = self.lock();
        if inner.mischief.len() >= MAX_MISCHIEF {
            return Err(Error::TooMany { what: "queued mischiefs", limit: MAX_MISCHIEF });
        }
        inner.mischief.push_back(mischief);
        Ok(())
    }

    pub(crate) fn clear_mischief(&self) {
        self.lock().mischief.clear();
    }

    /// The deliveries, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<WebhookDelivery> {
        self.lock().deliveries.values().map(|delivery| delivery.view(self.profile.vendor)).collect()
    }

    /// Queues an event for every endpoint that wants it.
    pub(crate) fn post(&self, event: Event, now: i64) {
        let mut inner = self.lock();
        let mischief = if event.lost { Some(Mischief::Lost) } else { inner.mischief.pop_front() };
        inner.post(&event, mischief, now);
        drop(inner);
        self.hub.changed();
        self.hub.wake();
    }

    /// Whether an attempt is due or under way.
    pub(crate) fn is_busy(&self, now: i64) -> bool {
        let inner = self.lock();
        inner.deliveries.values().any(|delivery| {
            delivery.state == DeliveryState::Waiting
                && (delivery.in_flight || delivery.due.is_some_and(|due| due <= now))
        })
    }

    /// The attempts to be made now, at most one for each endpoint, and when the next one is due.
    pub(crate) fn take_due(&self, now: i64) -> (Vec<Job>, Option<i64>) {
        let mut inner = self.lock();
        if inner.deliveries.is_empty() {
            return (Vec::new(), None);
        }
        let taken = inner.take_due(now);
        drop(inner);
        // Deliveries to a disabled endpoint were given up on the way.
        self.hub.changed();
        taken
    }

    /// The vendor's timeout for an answer.
    pub(crate) fn patience(&self) -> Duration {
        self.profile.schedule.patience
    }

    pub(crate) fn settle(&self, job: &Job, outcome: Result<Delivered>) {
        self.lock().settle(job, outcome);
        self.hub.changed();
    }
}
