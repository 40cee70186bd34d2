//! The delivery queue of one vendor: which endpoint is due, what is sent, and what follows from the answer.

use std::collections::{BTreeMap, VecDeque};

use crate::clock::iso;
use crate::error::{Error, Result};
use crate::profile::Profile;
use crate::signed::{Delivered, SignedWebhook};
use crate::webhooks::delivery::{Delivery, DeliveryState, Event, Job, WebhookAttempt};
use crate::webhooks::endpoint::Endpoint;
use crate::webhooks::mischief::{Mischief, UNKNOWN_TYPE, rewrite, tamper};
use crate::webhooks::scheme::{Headers, Keys};

/// The most deliveries that are kept. Finished ones are evicted first.
const MAX_DELIVERIES: usize = 1000;

/// The longest time that [`Mischief::Reorder`] waits for another event.
const REORDER_PATIENCE: i64 = 60 * 1000;

/// The endpoints of a vendor and the deliveries to them.
#[derive(Debug)]
pub(super) struct Queue {
    profile: &'static Profile,
    pub(super) keys: Keys,
    /// The headers that are the same in every webhook.
    pub(super) constant: Headers,
    pub(super) endpoints: Vec<Endpoint>,
    next_id: u64,
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) mischief: VecDeque<Mischief>,
    /// Deliveries that wait to be overtaken.
    held: Vec<u64>,
}

impl Queue {
    pub(super) fn new(profile: &'static Profile, keys: Keys) -> Self {
        Self {
            profile,
            keys,
            constant: Headers::new(),
            endpoints: Vec::new(),
            next_id: 1,
            deliveries: BTreeMap::new(),
            mischief: VecDeque::new(),
            held: Vec::new(),
        }
    }

    pub(super) fn post(&mut self, event: &Event, mischief: Option<Mischief>, now: i64) {
        let event_type = match mischief {
            Some(Mischief::UnknownType) => UNKNOWN_TYPE,
            _ => &event.event_type,
        };
        let wanting = self.endpoints.iter().filter(|endpoint| endpoint.wants(&event.event_type));
        let targets: Vec<(String, String)> =
            wanting.map(|endpoint| (endpoint.id.clone(), endpoint.url.clone())).collect();
        let body = rewrite(mischief, &self.profile.scheme, &event.body).unwrap_or_else(|| event.body.clone());
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

    /// Queues overtaken deliveries behind those that were just added.
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

    pub(super) fn take_due(&mut self, now: i64) -> (Vec<Job>, Option<i64>) {
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
                && let Some(job) = self.job(id, now)
            {
                busy.push(endpoint);
                jobs.push(job);
            }
        }
        (jobs, next)
    }

    fn job(&mut self, id: u64, now: i64) -> Option<Job> {
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
        let mut headers =
            keys.headers(&self.profile.scheme, &delivery.event_id, &delivery.body, now, timestamp);
        headers.extend(self.constant.iter().cloned());
        if delivery.mischief == Some(Mischief::Unsigned) {
            headers.retain(|(name, _)| *name != self.profile.scheme.proof);
        }
        let body = match delivery.mischief {
            Some(Mischief::Tampered) => tamper(self.profile, &delivery.body),
            _ => delivery.body.clone(),
        };
        let webhook = SignedWebhook::new(headers, body);
        // The schedule counts from when the attempt was due, so that a clock that jumps finds the same attempts.
        Some(Job { delivery: id, url: delivery.url.clone(), webhook, at: delivery.due.unwrap_or(now) })
    }

    pub(super) fn settle(&mut self, job: &Job, outcome: Result<Delivered>) {
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
        let delay = self.profile.schedule.delay_after(delivery.attempts.len(), status);
        (delivery.state, delivery.due) = match (succeeded, delay) {
            (true, _) => (DeliveryState::Delivered, None),
            (false, Some(delay)) => (DeliveryState::Waiting, Some(job.at.saturating_add(delay))),
            (false, None) => (DeliveryState::GivenUp, None),
        };
        let endpoint = delivery.endpoint.clone();
        self.judge(&endpoint, succeeded, job.at);
    }

    /// Tracks the failures of an endpoint. Some vendors disable one that keeps failing.
    fn judge(&mut self, endpoint: &str, succeeded: bool, at: i64) {
        let Some(endpoint) = self.endpoints.iter_mut().find(|one| one.id == endpoint) else { return };
        if succeeded {
            endpoint.failing_since = None;
            return;
        }
        let since = *endpoint.failing_since.get_or_insert(at);
        let limit = self.profile.schedule.disabled_after;
        if limit.is_some_and(|limit| at.saturating_sub(since) >= limit) {
            endpoint.enabled = false;
        }
    }
}

/// The text of the innermost error, which has the cause: refused, reset, timed out.
fn cause(error: &Error) -> String {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
