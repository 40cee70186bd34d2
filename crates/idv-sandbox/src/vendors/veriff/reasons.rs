//! The reasons of decisions.

use crate::reason::Reason;
use crate::vendors::veriff_codes::{code, text};

/// The code of a declined session without a reason.
pub(crate) const SUSPICIOUS: &str = "105";

/// The code of a resubmission without a reason.
pub(crate) const MISSING_PHOTOS: &str = "201";

/// The code of a session whose attempts are used up.
pub(crate) const TOO_MANY_ATTEMPTS: &str = "539";

/// A reason as decisions have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Granular {
    pub(crate) code: String,
    pub(crate) text: &'static str,
}

impl Granular {
    pub(crate) fn new(code: &str) -> Self {
        Self { code: code.to_owned(), text: text(code) }
    }

    /// The reason of an act, or else that of the code.
    pub(crate) fn of(reason: Option<&Reason>, or_else: &str) -> Self {
        Self::new(reason.map_or(or_else, code))
    }

    /// Whether the applicant is asked to try again: 2xx, and 6xx of the finer codes.
    pub(crate) fn allows_another_try(&self) -> bool {
        self.code.len() == 3 && (self.code.starts_with('2') || self.code.starts_with('6'))
    }
}
