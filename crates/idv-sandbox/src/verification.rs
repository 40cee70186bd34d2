//! A verification as the operator sees it, for all vendors.

use serde::Serialize;

use utoipa::ToSchema;

use crate::act::ActName;
use crate::history::HistoryEntry;
use crate::vendor::Vendor;

/// The kind of subject of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An organization.
    Organization,
    /// A registered user, or an applicant.
    User,
    /// A registration that is not finished.
    Onboarding,
    /// A session.
    Session,
}

/// A verification that a simulated vendor holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[non_exhaustive]
pub struct SimulatedVerification {
    /// The vendor.
    pub vendor: Vendor,
    /// The id to use with [`Act`](crate::Act)s: of the organization, the user, the onboarding or the session.
    pub id: String,
    /// The kind of subject that the id names.
    pub subject: Subject,
    /// The application's own id, if the vendor got one.
    pub external_id: Option<String>,
    /// The vendor's word for the state.
    pub status: String,
    /// The vendor's word for the applicant's progress, where it has one.
    pub progress: Option<String>,
    /// The hosted pages that are open, newest last.
    pub open_pages: Vec<String>,
    /// Last change, on the simulated clock, in RFC 3339 with milliseconds.
    pub updated_at: String,
    /// The acts that are possible now.
    pub acts: Vec<ActName>,
    /// The history, oldest first; the oldest lines of a long one are evicted.
    pub history: Vec<HistoryEntry>,
}
