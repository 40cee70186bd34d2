//! Attempts of an applicant, and decisions about them.

use crate::vendors::veriff::reasons::Granular;

/// The most attempts of a session: the tenth is declined (Veriff documentation, resubmissions).
pub(crate) const MAX_ATTEMPTS: usize = 10;

/// One try of the applicant.
#[derive(Debug)]
pub(crate) struct Attempt {
    pub(crate) id: String,
    pub(crate) status: String,
    pub(crate) created_at: i64,
}

/// The last decision of a session.
#[derive(Clone, Debug)]
pub(crate) struct Decision {
    pub(crate) attempt_id: String,
    pub(crate) word: String,
    pub(crate) reason: Option<Granular>,
    pub(crate) at: i64,
}
