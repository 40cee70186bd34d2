//! The requests of operators and applications: states, histories, counts, drift, decisions by hand, and erasure.

mod ask;
mod erase;
mod hints;
mod lapse;
mod observe;
mod reconcile;
mod status;

pub(crate) use lapse::lapse;

pub use erase::Erased;
pub use reconcile::Drift;
pub use status::{Counts, History, HistoryEntry};
