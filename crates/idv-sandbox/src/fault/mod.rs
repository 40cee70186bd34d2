//! Fault injection: kinds of faults, the operations that they hit, and how often.
//! The operations of a vendor are on the page of its module.

mod answer;
mod disturb;
mod kind;
mod operation;
mod plan;

pub use answer::{CannedAnswer, RetryAfter};
pub use kind::FaultKind;
pub use plan::{Fault, FaultMix};

pub(crate) use disturb::{Hangup, disturb, hang_up, say};
pub(crate) use operation::Operations;
pub(crate) use plan::Plan;
