//! The outbox: every transition, at least once, in order for each verification. The application reads it itself, or has it sent to
//! its URL.

mod claim;
mod consumer;
mod dead_letters;
mod deliver;
mod delivered;
mod delivery;
mod delivery_error;
mod enqueue;
mod message;
mod number;
mod positions;
mod retry;
mod settle;
mod signature;

pub(crate) use deliver::keep_delivering;
pub(crate) use positions::transitions_of;

pub use consumer::Consumer;
pub use dead_letters::DeadLetter;
pub use delivered::Delivered;
pub use delivery::Delivery;
pub use delivery_error::DeliveryError;
