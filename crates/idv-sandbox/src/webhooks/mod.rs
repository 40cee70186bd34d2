//! The webhook outbox: webhooks that the simulated vendors send by themselves, whenever a verification changes, to the
//! registered endpoints: signed in the vendor's way, repeated on the vendor's schedule, and with faults on request.
//!
//! | vendor | attempts | delivered | given up |
//! |---|---|---|---|
//! | nxos | at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h (Svix documentation, retries) | 2xx within 15 s | after the eighth; an endpoint that fails for five days is disabled |
//! | Baanx | at once, then after 1, 2, 4, 8 and 16 s (first delay, factor and number: Baanx guide, webhooks delivery; the doubling is this simulation's) | 2xx within 30 s | after the sixth, or after any 4xx |
//! | session API | at once, then after 10 s, 1 min, 5 min and 30 min (the schedule is undocumented; this one is the simulation's) | 2xx within 10 s | after the fifth |
//! | Sumsub | at once, then after 5 min, 1 h, 5 h and 18 h (Sumsub documentation, webhooks) | 2xx within 5 s | after the fifth |
//! | Veriff | at once, then hourly for seven days (Veriff documentation, webhooks guide) | 2xx within 5 s | after the 169th |
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
