//! Durable verifications for `idv`.

mod credentials;
mod error;
mod group;
mod intake;
pub mod merge;
mod model;
mod operate;
mod outbox;
mod poll;
mod record;
mod single_flight;
mod start;
mod store;
mod tracker;
mod worker;

pub use credentials::CredentialSource;
pub use error::{StoreError, StoreErrorKind, TrackerError};
pub use intake::Receipt;
pub use model::{Observation, Phase, Source, State, Tracked, Transition, VerificationId, Waiting};
pub use operate::{Counts, Drift, Erased, History, HistoryEntry};
pub use outbox::{Consumer, DeadLetter, Delivered, Delivery, DeliveryError};
pub use poll::Polled;
pub use start::{Opening, Started, TrackedStart};
pub use store::{Engine, StoreOptions};
pub use tracker::{Tracker, TrackerBuilder, TrackerOptions};
