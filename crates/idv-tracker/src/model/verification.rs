//! A verification that is kept.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use idv::{
    NextAction, ProviderId, ReportedReason, SessionRef, SubjectKind, Timestamp, VendorWord,
    VerificationStatus,
};
use serde::{Deserialize, Serialize};

/// The number of a verification in one store. Numbers are never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VerificationId(i64);

impl VerificationId {
    pub(crate) const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for VerificationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl FromStr for VerificationId {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// How far the start of a verification has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Phase {
    /// The intent is stored; the vendor is being asked.
    Starting,
    /// The answer was lost: the vendor may hold a session that the store does not know.
    Uncertain,
    /// The session is known.
    Tracked,
    /// The start certainly made no session.
    Refused,
    /// The answer was lost, and the time for which its session is waited for is over. An event can still reveal it.
    Lost,
    /// The session turned out to be that of an older verification, which goes on in its place.
    Joined,
    /// The applicant's rows were erased. What is left counts and says nothing.
    Erased,
}

impl Phase {
    const ALL: [Self; 7] = [
        Self::Starting,
        Self::Uncertain,
        Self::Tracked,
        Self::Refused,
        Self::Lost,
        Self::Joined,
        Self::Erased,
    ];

    /// The word used in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Uncertain => "uncertain",
            Self::Tracked => "tracked",
            Self::Refused => "refused",
            Self::Lost => "lost",
            Self::Joined => "joined",
            Self::Erased => "erased",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == word)
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a verification that is not settled is not polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Waiting {
    /// The vendor reads it with the applicant's credential alone, and the application gave none: webhooks decide.
    Credential,
    /// The vendor refused the question for good, such as with `not_found`: an operator has to look.
    Operator,
}

impl Waiting {
    /// The word used in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Operator => "operator",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        [Self::Credential, Self::Operator].into_iter().find(|waiting| waiting.as_str() == word)
    }
}

/// The state of a verification, as all observations of it together say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct State {
    /// The status.
    pub status: VerificationStatus,
    /// The vendor's own word.
    pub provider_status: VendorWord,
    /// The reasons for this status.
    #[serde(default)]
    pub reasons: Vec<ReportedReason>,
    /// The next action of the application.
    #[serde(flatten)]
    pub next_action: NextAction,
    /// The kind of subject, where it was told.
    #[serde(default)]
    pub subject_kind: Option<SubjectKind>,
    /// When the status began: the vendor's time where it gave one, else ours.
    pub updated_at: Timestamp,
}

impl State {
    /// Whether the application is told of a difference to another state: another status or other reasons. Another word alone is
    /// one of another surface of the vendor, such as `VERIFIED` and `completed`, unless it is a word that is not known.
    #[must_use]
    pub fn differs_from(&self, other: &Self) -> bool {
        let is_unknown = self.status == VerificationStatus::Unrecognized;
        self.status != other.status
            || self.reasons != other.reasons
            || is_unknown && self.provider_status != other.provider_status
    }
}

/// A verification as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tracked {
    /// Its number in the store.
    pub id: VerificationId,
    /// The application's own reference.
    pub reference: String,
    /// The application's purpose; empty where it gave none.
    pub purpose: String,
    /// The provider that was asked last.
    pub provider: Option<ProviderId>,
    /// The session, once it is known.
    pub session: Option<SessionRef>,
    /// How far the start has come.
    pub phase: Phase,
    /// The state, once something was observed.
    pub state: Option<State>,
    /// How often the state has changed.
    pub version: i64,
    /// When the intent was stored.
    pub created_at: Timestamp,
    /// When the vendor is asked next.
    pub due_at: Option<Timestamp>,
    /// Why it is not polled, where it is not settled.
    pub waiting_for: Option<Waiting>,
}
