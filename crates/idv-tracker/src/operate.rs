//! The requests of operators and applications: states, histories, counts, drift, decisions by hand, and erasure.

mod ask;
mod counts;
mod erase;
mod health;
mod hints;
mod lapse;
mod observe;
mod reconcile;
mod retain;
mod rows;
mod status;

pub(crate) use lapse::lapse;
pub(crate) use retain::retain;

pub use counts::Counts;
pub use erase::Erased;
pub use health::{Concern, Health};
pub use reconcile::Drift;
pub use status::{History, HistoryEntry};
