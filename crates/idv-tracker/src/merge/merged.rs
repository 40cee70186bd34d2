//! The result of merging.

use idv::{NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, VerificationStatus};

use crate::Source;

/// The state that a set of observations adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// The status.
    pub status: VerificationStatus,
    /// The vendor's own word for it.
    pub provider_status: VendorWord,
    /// The reasons for this status: the last that were told with it.
    pub reasons: Vec<ReportedReason>,
    /// The next action, where an observation of this status told one.
    pub next_action: Option<NextAction>,
    /// The kind of subject, where it was told.
    pub subject_kind: Option<SubjectKind>,
    /// When this status began: the vendor's time where there is one, else ours. It is never later than we learned of it.
    pub since: Timestamp,
    /// The source of the observation that gave the status.
    pub cause: Source,
    /// Whether the vendor has to be asked, even where the status itself needs no asking: the last answer says something else, or
    /// an event without a place in the vendor's order arrived after it.
    pub in_doubt: bool,
}
