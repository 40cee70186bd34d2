//! The webhook outbox: webhooks that the simulated vendors send by themselves, whenever a verification changes, to the
//! registered endpoints: signed in the vendor's way, repeated on the vendor's schedule, and with faults on request.
//!
//! The schedule of a vendor is on the page of its module.
//!
//! Each delay counts from the attempt before, on the simulated clock. A repeated attempt carries the same event id and
//! body, and a signature and timestamp of its own. One endpoint gets one attempt at a time. The timestamps are those of
//! the simulated clock: a receiver that checks them needs the sandbox's time once the clock has been moved.

mod delivery;
mod endpoint;
mod mischief;
mod outbox;
mod queue;
mod schedule;
mod scheme;
mod worker;

pub use delivery::{DeliveryState, WebhookAttempt, WebhookDelivery};
pub use endpoint::WebhookEndpoint;
pub use mischief::Mischief;

pub(crate) use delivery::Event;
pub(crate) use endpoint::Endpoint;
pub(crate) use outbox::Outbox;

pub(crate) use schedule::{HOUR, MINUTE, SECOND, Schedule};
pub(crate) use scheme::{Headers, Keys, Message, Scheme};
pub(crate) use worker::{Chores, Worker};
