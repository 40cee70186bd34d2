//! Fault injection: kinds of faults, the operations that they hit, and how often.
//!
//! | vendor | operations |
//! |---|---|
//! | nxos | `start`, `check`, `import`, `create_organization`, `authorizations`, `webhooks`, `other` |
//! | Baanx | `start_user`, `start_registration`, `check_user`, `check_registration`, `registration`, `webhooks`, `other`; `start` and `check` stand for both flows |
//! | session API | `start`, `check`, `find`, `update_status`, `workflows`, `other` |
//! | Veriff | `start`, `check_decision`, `check_attempts`, `update`, `delete`, `other`; `check` stands for both reads |

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
