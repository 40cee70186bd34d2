//! One thing that was seen of a verification.

use std::fmt;

use idv::{
    Assurance, Correlation, NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, Verification,
    VerificationStatus, WebhookEvent,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Where an observation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// The vendor opened a session.
    Start,
    /// The applicant came back with a return URL: a hint, which never changes a state.
    Redirect,
    /// A verification that was made elsewhere was taken over.
    Import,
    /// The vendor sent an event.
    Webhook,
    /// The vendor was asked.
    Poll,
    /// The period for which the configuration lets an approval count is over.
    Validity,
    /// An operator decided.
    Manual,
}

impl Source {
    /// Every source, in the order in which they count where all else is equal.
    pub const ALL: [Self; 7] =
        [Self::Start, Self::Redirect, Self::Import, Self::Webhook, Self::Poll, Self::Validity, Self::Manual];

    /// The word used in JSON and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Redirect => "redirect",
            Self::Import => "import",
            Self::Webhook => "webhook",
            Self::Poll => "poll",
            Self::Validity => "validity",
            Self::Manual => "manual",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing that was seen of a verification. The state is a function of all of them: see [`merge`](crate::merge::merge).
///
/// It holds no link, no token and no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Observation {
    /// Where it comes from.
    pub source: Source,
    /// The status, where it has one that can be believed. A redirect's is a hint.
    #[serde(default)]
    pub status: Option<VerificationStatus>,
    /// The vendor's own word.
    #[serde(default)]
    pub provider_status: Option<VendorWord>,
    /// The reasons.
    #[serde(default)]
    pub reasons: Vec<ReportedReason>,
    /// The next action of the application, where it follows from this observation.
    #[serde(flatten)]
    pub next_action: Option<NextAction>,
    /// The kind of subject, where it is told.
    #[serde(default)]
    pub subject_kind: Option<SubjectKind>,
    /// The vendor's time: of an event, when it happened; of a poll, when the status last changed.
    #[serde(default)]
    pub vendor_time: Option<Timestamp>,
    /// Our time: when the vendor was asked, or when an event arrived.
    pub observed_at: Timestamp,
    /// Our time of the last answer of the vendor that said the same, where there were several.
    #[serde(skip)]
    pub seen_until: Option<Timestamp>,
    /// How far an event can be believed.
    #[serde(default)]
    pub assurance: Option<Assurance>,
    /// The vendor's id of an event, or the SHA-256 of its body.
    #[serde(default)]
    pub event_id: Option<VendorWord>,
    /// The vendor's type of an event.
    #[serde(default)]
    pub event_type: Option<VendorWord>,
    /// The vendor's own ids.
    #[serde(default)]
    pub correlation: Correlation,
    /// The SHA-256 of the raw bytes of an event, in hex.
    #[serde(default)]
    pub digest: Option<String>,
}

impl Observation {
    /// An observation of a source at a moment of our clock, with nothing more to it.
    #[must_use]
    pub fn new(source: Source, observed_at: Timestamp) -> Self {
        Self {
            source,
            status: None,
            provider_status: None,
            reasons: Vec::new(),
            next_action: None,
            subject_kind: None,
            vendor_time: None,
            observed_at,
            seen_until: None,
            assurance: None,
            event_id: None,
            event_type: None,
            correlation: Correlation::new(),
            digest: None,
        }
    }

    /// The same with a status and the vendor's word for it.
    #[must_use]
    pub fn with_status(mut self, status: VerificationStatus, word: VendorWord) -> Self {
        self.status = Some(status);
        self.provider_status = Some(word);
        self
    }

    /// The answer to a check, asked at `asked_at`. The identity is left out.
    #[must_use]
    pub fn of_check(source: Source, verification: &Verification, asked_at: Timestamp) -> Self {
        Self {
            status: Some(verification.status),
            provider_status: Some(verification.provider_status.clone()),
            reasons: verification.reasons.clone(),
            next_action: Some(verification.next_action.clone()),
            subject_kind: verification.subject_kind,
            vendor_time: verification.updated_at,
            correlation: verification.correlation.clone(),
            ..Self::new(source, asked_at)
        }
    }

    /// The content of an event.
    #[must_use]
    pub fn of_event(event: &WebhookEvent, body: &[u8], received_at: Timestamp) -> Self {
        Self {
            status: event.status(),
            provider_status: event.provider_status().cloned(),
            reasons: event.reasons().to_vec(),
            next_action: event.status().map(|_| event.next_action.clone()),
            vendor_time: event.occurred_at,
            assurance: Some(event.assurance()),
            event_id: Some(event.id.clone()),
            event_type: Some(event.provider_event_type.clone()),
            correlation: event.correlation.clone(),
            digest: Some(base16ct::lower::encode_string(&Sha256::digest(body))),
            ..Self::new(Source::Webhook, received_at)
        }
    }

    /// The SHA-256 of what it says, whenever it was made.
    pub(crate) fn facts_digest(self) -> Option<String> {
        let timeless = Self { observed_at: Timestamp::UNIX_EPOCH, seen_until: None, ..self };
        let facts = serde_json::to_vec(&timeless).ok()?;
        Some(base16ct::lower::encode_string(&Sha256::digest(facts)))
    }

    /// Whether two observations say the same of the verification, whenever they were made.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.source == other.source
            && self.status == other.status
            && self.provider_status == other.provider_status
            && self.reasons == other.reasons
            && self.subject_kind == other.subject_kind
            && self.vendor_time == other.vendor_time
            && self.correlation == other.correlation
    }
}
