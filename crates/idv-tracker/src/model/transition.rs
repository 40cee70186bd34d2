//! A change of state that the application is told.

use idv::{ProviderId, SessionRef, Timestamp, VerificationStatus};
use serde::{Deserialize, Serialize};

use super::{Source, State, VerificationId};

/// A change of the state of a verification. Its JSON is the `data` of a webhook to the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Transition {
    /// The place among all transitions of the store: grows, without a promise that no number is left out.
    pub position: i64,
    /// The verification.
    pub verification: VerificationId,
    /// The place among the transitions of the verification: 1, 2, 3 and so on, without gaps.
    pub version: i64,
    /// The application's own reference.
    pub reference: String,
    /// The application's purpose; empty where it gave none.
    pub purpose: String,
    /// The provider.
    pub provider: ProviderId,
    /// The session.
    pub session: Option<SessionRef>,
    /// The status before.
    pub from: Option<VerificationStatus>,
    /// The state now.
    #[serde(flatten)]
    pub state: State,
    /// The source of the observation that changed it.
    pub cause: Source,
    /// When the change was stored.
    pub at: Timestamp,
}
