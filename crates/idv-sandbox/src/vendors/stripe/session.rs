//! One session of the simulated Stripe Identity.

use crate::history::History;
use crate::script::Plot;
use crate::vendors::stripe::create::Wanted;
use crate::vendors::stripe::links::Links;

#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) wanted: Wanted,
    pub(crate) status: String,
    /// The code of the last failed check.
    pub(crate) last_error: Option<String>,
    /// The id of the last report.
    pub(crate) report: Option<String>,
    pub(crate) redaction: Option<Redaction>,
    pub(crate) links: Links,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) history: History,
    pub(crate) no_webhook: bool,
    /// The script that goes on with another try.
    pub(crate) sequel: Option<Plot>,
}

/// How far the deletion of a session's data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Redaction {
    Processing,
    Redacted,
}

impl Session {
    /// Whether the applicant has something to do.
    pub(crate) fn requires_input(&self) -> bool {
        self.status == "requires_input"
    }

    /// Whether the checks can still come to a result.
    pub(crate) fn is_undecided(&self) -> bool {
        !matches!(self.status.as_str(), "verified" | "canceled") && self.redaction.is_none()
    }
}
