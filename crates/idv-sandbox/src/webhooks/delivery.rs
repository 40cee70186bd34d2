//! Deliveries: one event to one endpoint.

use serde::Serialize;

use utoipa::ToSchema;

use crate::clock::iso;
use crate::signed::SignedWebhook;
use crate::vendor::Vendor;
use crate::webhooks::mischief::Mischief;

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// An attempt is due, or will be.
    Waiting,
    /// The endpoint answered 2xx.
    Delivered,
    /// The vendor has given up.
    GivenUp,
    /// The event was never sent, because of a webhook fault.
    Lost,
}

/// One attempt to deliver a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct WebhookAttempt {
    /// The time on the simulated clock, in RFC 3339 with milliseconds.
    pub at: String,
    /// The headers sent.
    #[schema(value_type = Vec<[String; 2]>)]
    pub headers: Vec<(String, String)>,
    /// The status answered; `None` where no answer came.
    pub status: Option<u16>,
    /// The first kibibyte of the body answered.
    pub answer: Option<String>,
    /// The reason why no answer came.
    pub error: Option<String>,
}

/// A webhook delivery and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// A number of its own, counting up.
    pub id: u64,
    /// The vendor that sends.
    pub vendor: Vendor,
    /// The id of the endpoint.
    pub endpoint: String,
    /// The URL.
    pub url: String,
    /// The vendor's id of the event: the same in every attempt and every duplicate.
    pub event_id: String,
    /// The type of the event.
    pub event_type: String,
    /// The organization, user or session that the event is about.
    pub subject: String,
    /// The body as it is sent; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The webhook fault.
    pub mischief: Option<Mischief>,
    /// The state of the delivery.
    pub state: DeliveryState,
    /// The time of the next attempt, on the simulated clock.
    pub next_attempt_at: Option<String>,
    /// The attempts so far.
    pub attempts: Vec<WebhookAttempt>,
}

/// An event that a vendor sends.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) event_type: String,
    pub(crate) subject: String,
    pub(crate) body: Vec<u8>,
    /// Whether a script asked for no webhook.
    pub(crate) lost: bool,
}

/// A delivery as the outbox keeps it.
#[derive(Debug)]
pub(crate) struct Delivery {
    pub(crate) id: u64,
    pub(crate) endpoint: String,
    pub(crate) url: String,
    pub(crate) event_id: String,
    pub(crate) event_type: String,
    pub(crate) subject: String,
    pub(crate) body: Vec<u8>,
    pub(crate) mischief: Option<Mischief>,
    pub(crate) state: DeliveryState,
    /// The time of the next attempt; `None` if there is none.
    pub(crate) due: Option<i64>,
    pub(crate) in_flight: bool,
    pub(crate) attempts: Vec<WebhookAttempt>,
}

impl Delivery {
    pub(crate) fn view(&self, vendor: Vendor) -> WebhookDelivery {
        WebhookDelivery {
            id: self.id,
            vendor,
            endpoint: self.endpoint.clone(),
            url: self.url.clone(),
            event_id: self.event_id.clone(),
            event_type: self.event_type.clone(),
            subject: self.subject.clone(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            mischief: self.mischief,
            state: self.state,
            next_attempt_at: self.due.filter(|_| self.state == DeliveryState::Waiting).map(iso),
            attempts: self.attempts.clone(),
        }
    }
}

/// A delivery attempt that is due.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) delivery: u64,
    pub(crate) url: String,
    pub(crate) webhook: SignedWebhook,
    pub(crate) at: i64,
}
