//! The codes of statuses.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code of words that no page lists.
const UNDOCUMENTED: u16 = 9199;

/// The table of status codes: Veriff's pages contradict each other about 9104 and 9121.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VeriffCodes {
    /// 9104 stands for `expired` and `abandoned`, 9121 for `review` (page of the status codes).
    #[default]
    StatusTable,
    /// 9104 stands for `expired`, 9121 for `abandoned` (page of the decision call), and for `review` as well.
    DecisionTable,
}

impl VeriffCodes {
    /// The code of a word; `None` for those that are never notified.
    pub(crate) fn of(self, word: &str) -> Option<u16> {
        Some(match (word, self) {
            ("created" | "inflow_completed", _) => return None,
            ("started", _) => 7001,
            ("submitted", _) => 7002,
            ("approved", _) => 9001,
            ("declined", _) => 9102,
            ("resubmission_requested", _) => 9103,
            ("expired", _) | ("abandoned", Self::StatusTable) => 9104,
            ("abandoned", Self::DecisionTable) | ("review", _) => 9121,
            _ => UNDOCUMENTED,
        })
    }
}

/// Whether a word is told by the decision webhook.
pub(crate) fn is_decision(word: &str) -> bool {
    !matches!(word, "created" | "started" | "submitted" | "inflow_completed")
}

/// Whether the applicant can go on with a session of this word.
pub(crate) fn is_open(word: &str) -> bool {
    matches!(word, "created" | "started" | "resubmission_requested")
}

/// The word for a session whose time is over.
pub(crate) fn overdue(word: &str) -> &'static str {
    if word == "created" { "expired" } else { "abandoned" }
}
