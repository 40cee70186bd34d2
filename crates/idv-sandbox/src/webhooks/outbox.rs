//! The endpoints of one vendor, and the events on their way to them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::iso;
use crate::error::{Error, Result};
use crate::hub::Hub;
use crate::signed::{Delivered, SignedWebhook, loopback_target};
use crate::vendor::Vendor;
use crate::webhooks::delivery::{Delivery, DeliveryState, Job, WebhookAttempt, WebhookDelivery};
use crate::webhooks::endpoint::{Endpoint, WebhookEndpoint};
use crate::webhooks::mischief::{Mischief, UNKNOWN_TYPE, rewrite, tamper};
use crate::webhooks::schedule::{DISABLED_AFTER, Schedule};
use crate::webhooks::scheme::{Keys, is_proof};

/// Finished deliveries make room first.
const MAX_DELIVERIES: usize = 1000;
const MAX_ENDPOINTS: usize = 100;
const MAX_MISCHIEF: usize = 1000;
/// How long [`Mischief::Reorder`] waits for another event.
const REORDER_PATIENCE: i64 = 60 * 1000;

/// Something that a vendor has to tell.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) event_type: String,
    pub(crate) subject: String,
    pub(crate) body: Vec<u8>,
    /// Whether a script asked for silence.
    pub(crate) lost: bool,
}

/// The outgoing mail of one vendor. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    vendor: Vendor,
    hub: Hub,
    /// Spares the vendor the making of events that nobody wants.
    listening: Arc<AtomicBool>,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    keys: Keys,
    endpoints: Vec<Endpoint>,
    next_id: u64,
    deliveries: BTreeMap<u64, Delivery>,
    mischief: VecDeque<Mischief>,
    /// Deliveries that wait to be overtaken.
    held: Vec<u64>,
}

impl Outbox {
    pub(crate) fn new(vendor: Vendor, key: String, hub: Hub) -> Self {
        let inner = Inner {
            keys: Keys::new(key),
            endpoints: Vec::new(),
            next_id: 1,
            deliveries: BTreeMap::new(),
            mischief: VecDeque::new(),
            held: Vec::new(),
        };
        Self { vendor, hub, listening: Arc::default(), inner: Arc::new(Mutex::new(inner)) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The vendor's first key, which signs for all endpoints without one of their own.
    pub(crate) fn key(&self) -> String {
        self.lock().keys.current.clone()
    }

    pub(crate) fn rotate_key(&self, fresh: String, now: i64) {
        self.lock().keys.rotate(self.vendor, fresh, now);
        self.hub.changed();
    }

    /// Signs any body with the first key.
    pub(crate) fn sign(&self, event_id: &str, body: Vec<u8>, now: i64) -> SignedWebhook {
        let headers = self.lock().keys.headers(self.vendor, event_id, &body, now, now);
        SignedWebhook::new(headers, body)
    }

    /// Whether an event would go anywhere.
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

    /// Removes an endpoint; what was on its way there is given up.
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
        let vendor = self.vendor;
        let first = self.lock().keys.clone();
        self.with_endpoint(id, |known| known.keys.get_or_insert(first).rotate(vendor, fresh, now))
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

    /// Starts the attempts at an event anew; false where no delivery of it is known.
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
        self.lock().deliveries.values().map(|delivery| delivery.view(self.vendor)).collect()
    }

    /// Hands an event to every endpoint that wants it.
    pub(crate) fn post(&self, event: Event, now: i64) {
        let mut inner = self.lock();
        let mischief = if event.lost { Some(Mischief::Lost) } else { inner.mischief.pop_front() };
        inner.post(self.vendor, &event, mischief, now);
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
        let taken = self.lock().take_due(self.vendor, now);
        // Deliveries to a disabled endpoint were given up on the way.
        self.hub.changed();
        taken
    }

    pub(crate) fn settle(&self, job: &Job, outcome: Result<Delivered>) {
        self.lock().settle(self.vendor, job, outcome);
        self.hub.changed();
    }
}

impl Inner {
    fn post(&mut self, vendor: Vendor, event: &Event, mischief: Option<Mischief>, now: i64) {
        let event_type = match mischief {
            Some(Mischief::UnknownType) => UNKNOWN_TYPE,
            _ => &event.event_type,
        };
        let wanting = self.endpoints.iter().filter(|endpoint| endpoint.wants(&event.event_type));
        let targets: Vec<(String, String)> =
            wanting.map(|endpoint| (endpoint.id.clone(), endpoint.url.clone())).collect();
        let body = rewrite(mischief, vendor, &event.body).unwrap_or_else(|| event.body.clone());
        let copies = if mischief == Some(Mischief::Duplicate) { 2 } else { 1 };
        let overtaken = std::mem::take(&mut self.held);
        for (endpoint, url) in targets {
            for _ in 0..copies {
                let delivery = Delivery {
                    id: self.next_id,
                    endpoint: endpoint.clone(),
                    url: url.clone(),
                    event_id: event.id.clone(),
                    event_type: event_type.to_owned(),
                    subject: event.subject.clone(),
                    body: body.clone(),
                    mischief,
                    state: DeliveryState::Waiting,
                    due: Some(now),
                    in_flight: false,
                    attempts: Vec::new(),
                };
                self.add(delivery, mischief, now);
            }
        }
        self.release(&overtaken, now);
    }

    fn add(&mut self, mut delivery: Delivery, mischief: Option<Mischief>, now: i64) {
        match mischief {
            Some(Mischief::Late { seconds }) => {
                delivery.due = Some(now.saturating_add(i64::from(seconds) * 1000));
            }
            Some(Mischief::Reorder) => {
                delivery.due = Some(now.saturating_add(REORDER_PATIENCE));
                self.held.push(delivery.id);
            }
            Some(Mischief::Lost) => delivery.state = DeliveryState::Lost,
            _ => {}
        }
        self.next_id += 1;
        self.deliveries.insert(delivery.id, delivery);
        self.make_room();
    }

    /// Lets overtaken deliveries follow those that were just added.
    fn release(&mut self, overtaken: &[u64], now: i64) {
        for id in overtaken {
            let untouched = |one: &Delivery| !one.in_flight && one.attempts.is_empty();
            if self.deliveries.get(id).is_some_and(untouched)
                && let Some(mut delivery) = self.deliveries.remove(id)
            {
                delivery.due = Some(now);
                delivery.id = self.next_id;
                self.next_id += 1;
                self.deliveries.insert(delivery.id, delivery);
            }
        }
    }

    fn make_room(&mut self) {
        while self.deliveries.len() > MAX_DELIVERIES {
            let finished = self.deliveries.values().find(|one| one.state != DeliveryState::Waiting);
            let Some(id) = finished.or_else(|| self.deliveries.values().next()).map(|one| one.id) else {
                return;
            };
            self.deliveries.remove(&id);
        }
    }

    fn take_due(&mut self, vendor: Vendor, now: i64) -> (Vec<Job>, Option<i64>) {
        let mut busy: Vec<String> =
            self.deliveries.values().filter(|one| one.in_flight).map(|one| one.endpoint.clone()).collect();
        let mut waiting: Vec<(i64, u64)> = self
            .deliveries
            .values()
            .filter(|one| one.state == DeliveryState::Waiting && !one.in_flight)
            .filter_map(|one| Some((one.due?, one.id)))
            .collect();
        waiting.sort_unstable();
        let (mut jobs, mut next) = (Vec::new(), None);
        for (due, id) in waiting {
            if due > now {
                next = Some(due);
                break;
            }
            let Some(endpoint) = self.deliveries.get(&id).map(|one| one.endpoint.clone()) else { continue };
            if !busy.contains(&endpoint)
                && let Some(job) = self.job(vendor, id, now)
            {
                busy.push(endpoint);
                jobs.push(job);
            }
        }
        (jobs, next)
    }

    fn job(&mut self, vendor: Vendor, id: u64, now: i64) -> Option<Job> {
        let delivery = self.deliveries.get_mut(&id)?;
        let endpoint = self.endpoints.iter().find(|endpoint| endpoint.id == delivery.endpoint)?;
        if !endpoint.enabled {
            delivery.state = DeliveryState::GivenUp;
            return None;
        }
        delivery.in_flight = true;
        let timestamp = match delivery.mischief {
            Some(Mischief::WrongClock { seconds }) => now.saturating_add(i64::from(seconds) * 1000),
            _ => now,
        };
        let keys = endpoint.keys.as_ref().unwrap_or(&self.keys);
        let mut headers = keys.headers(vendor, &delivery.event_id, &delivery.body, now, timestamp);
        if delivery.mischief == Some(Mischief::Unsigned) {
            headers.retain(|(name, _)| !is_proof(name));
        }
        let body = match delivery.mischief {
            Some(Mischief::Tampered) => tamper(vendor, &delivery.body),
            _ => delivery.body.clone(),
        };
        let webhook = SignedWebhook::new(headers, body);
        // The schedule counts from when the attempt was due, so that a clock that jumps finds the same attempts.
        Some(Job { delivery: id, url: delivery.url.clone(), webhook, at: delivery.due.unwrap_or(now) })
    }

    fn settle(&mut self, vendor: Vendor, job: &Job, outcome: Result<Delivered>) {
        let Some(delivery) = self.deliveries.get_mut(&job.delivery) else { return };
        let (status, answer, error) = match outcome {
            Ok(delivered) => (Some(delivered.status), Some(delivered.text), None),
            Err(error) => (None, None, Some(cause(&error))),
        };
        delivery.in_flight = false;
        delivery.attempts.push(WebhookAttempt {
            at: iso(job.at),
            headers: job.webhook.headers.clone(),
            status,
            answer,
            error,
        });
        let succeeded = status.is_some_and(|status| (200..300).contains(&status));
        if delivery.state != DeliveryState::Waiting {
            return;
        }
        let delay = Schedule::of(vendor).delay_after(delivery.attempts.len(), status);
        (delivery.state, delivery.due) = match (succeeded, delay) {
            (true, _) => (DeliveryState::Delivered, None),
            (false, Some(delay)) => (DeliveryState::Waiting, Some(job.at.saturating_add(delay))),
            (false, None) => (DeliveryState::GivenUp, None),
        };
        let endpoint = delivery.endpoint.clone();
        self.judge(vendor, &endpoint, succeeded, job.at);
    }

    /// Only nxos disables an endpoint that keeps failing.
    fn judge(&mut self, vendor: Vendor, endpoint: &str, succeeded: bool, at: i64) {
        let Some(endpoint) = self.endpoints.iter_mut().find(|one| one.id == endpoint) else { return };
        if succeeded {
            endpoint.failing_since = None;
            return;
        }
        let since = *endpoint.failing_since.get_or_insert(at);
        if vendor == Vendor::Nxos && at.saturating_sub(since) >= DISABLED_AFTER {
            endpoint.enabled = false;
        }
    }
}

/// The innermost error says what happened: refused, reset, timed out.
fn cause(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
