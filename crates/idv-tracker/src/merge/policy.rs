//! How the observations of one vendor are ordered, as data.

use std::time::Duration;

use idv::VerificationReason;

/// How the observations of a vendor are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderingPolicy {
    /// How much earlier than asked an answer counts as given. An event of the vendor within that time before a question
    /// counts as later than its answer: the clocks of two machines differ, and vendors answer from copies that lag behind.
    pub tolerance: Duration,
    /// The reasons with which `expired` means that an approval lapsed, and not that a session timed out.
    pub lapse: &'static [VerificationReason],
    /// Whether the times that the vendor gives its events can be compared with each other. Where not, an event counts as one
    /// without a time.
    pub events_are_timed: bool,
}

impl Default for OrderingPolicy {
    /// Ten seconds, an expired document, and events whose times count.
    fn default() -> Self {
        Self {
            tolerance: Duration::from_secs(10),
            lapse: &[VerificationReason::DocumentExpired],
            events_are_timed: true,
        }
    }
}
