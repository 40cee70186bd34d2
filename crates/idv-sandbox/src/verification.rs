//! One verification as the operator sees it, whatever the vendor.

use serde::Serialize;

use utoipa::ToSchema;

use crate::act::ActName;
use crate::history::HistoryEntry;
use crate::vendor::Vendor;

/// Whom or what a vendor's verification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// An nxos organization.
    Organization,
    /// A registered Baanx user.
    User,
    /// A Baanx registration that is not finished.
    Onboarding,
    /// A session of the session API.
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
    /// What the id names.
    pub subject: Subject,
    /// The application's own id, where the vendor was told one.
    pub external_id: Option<String>,
    /// The vendor's word for the state.
    pub status: String,
    /// The vendor's word for the applicant's progress, where it has one.
    pub progress: Option<String>,
    /// The hosted pages that are open, newest last.
    pub open_pages: Vec<String>,
    /// Last change, on the simulated clock, in RFC 3339 with milliseconds.
    pub updated_at: String,
    /// What can be done now.
    pub acts: Vec<ActName>,
    /// What happened, oldest first; the oldest lines of a long history are forgotten.
    pub history: Vec<HistoryEntry>,
}
