//! The model of the store: verifications, the observations of them, and the transitions that the application is told.

mod observation;
mod transition;
mod verification;

pub use observation::{Observation, Source};
pub use transition::Transition;
pub use verification::{Phase, State, Tracked, VerificationId, Waiting};
