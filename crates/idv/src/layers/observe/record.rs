//! Audit records: the description of a call for the audit hook.

use std::time::Duration;

use idv_core::{
    Assurance, CredentialOwner, Delivery, ErasureState, Error, ErrorKind, NextAction, Operation, ProviderId,
    ProviderKind, RedirectOutcome, ReportedReason, Timestamp, VendorWord, Verification, VerificationReason,
    VerificationStatus, WebhookEvent,
};
use serde::{Serialize, Serializer};

use super::Pseudonym;

/// A call, and its outcome. It holds no secret, no URL and nothing that the applicant gave.
///
/// As JSON it is one flat object; times are in milliseconds, and absent facts are `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[doc(alias = "audit log")]
#[doc(alias = "audit hook")]
pub struct AuditRecord {
    /// When the call ended, by the registry's clock.
    pub at: Timestamp,
    /// The provider that was asked, or the one that was asked for and is not configured; `None` where `[routing]` found
    /// none.
    pub provider: Option<ProviderId>,
    /// Its kind; `None` where it is not configured.
    pub kind: Option<ProviderKind>,
    /// The operation.
    pub operation: Operation,
    /// The caller's own reference, of a start or a search.
    pub reference: Option<Pseudonym>,
    /// The session that was asked about, or that came about.
    pub session: Option<Pseudonym>,
    /// How often the vendor was asked, the first time included; 0 for a call that was refused before it reached a provider.
    pub attempts: u32,
    /// How long the call waited: for its turn, and between its attempts.
    #[serde(rename = "wait_ms", serialize_with = "millis")]
    pub wait: Duration,
    /// How long the call took, waiting included.
    #[serde(rename = "duration_ms", serialize_with = "millis")]
    pub duration: Duration,
    /// The outcome.
    #[serde(flatten)]
    pub result: AuditResult,
}

/// The outcome of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
#[non_exhaustive]
pub enum AuditResult {
    /// A link is open: after a start or a refresh.
    Session {
        /// `in_progress`, unless the vendor says otherwise.
        status: VerificationStatus,
    },
    /// The state at the vendor: after a check, an import or a cancellation.
    Verification(AuditedState),
    /// The verifications that the vendor has under a reference.
    Found {
        /// The verifications.
        verifications: Vec<AuditedVerification>,
    },
    /// How far the deletion of the applicant's data has come.
    Erasure {
        /// The state of the deletion.
        state: ErasureState,
    },
    /// The claim of a return URL: a hint from a browser. Its own words are left out, because anybody can write them.
    Redirect {
        /// The claimed status.
        status: VerificationStatus,
        /// The claimed reason.
        reason: Option<VerificationReason>,
    },
    /// An authentic webhook about a verification.
    Event(Box<AuditedEvent>),
    /// An authentic webhook of a type that is not ours.
    Ignored {
        /// The vendor's own event type.
        provider_event_type: VendorWord,
    },
    /// An error.
    Failed(Box<AuditedError>),
    /// The caller went away, or the call was cut short: its outcome is not known here.
    Cancelled,
    /// An answer that this version has no description for.
    Other,
}

/// The state of a verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditedState {
    /// The status; of an event only where a signed body carries one.
    pub status: Option<VerificationStatus>,
    /// The vendor's own word for it.
    pub provider_status: Option<VendorWord>,
    /// Why.
    pub reasons: Vec<ReportedReason>,
    /// The word of the next action.
    pub next_action: &'static str,
}

/// One of the verifications that were found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditedVerification {
    /// Which one.
    pub session: Pseudonym,
    /// Where it stands.
    #[serde(flatten)]
    pub state: AuditedState,
}

/// An authentic webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditedEvent {
    /// To deduplicate on.
    pub id: VendorWord,
    /// The vendor's own event type.
    pub provider_event_type: VendorWord,
    /// How far it can be believed.
    pub assurance: Assurance,
    /// When it happened, where the vendor says so.
    pub occurred_at: Option<Timestamp>,
    /// Where the verification stands.
    #[serde(flatten)]
    pub state: AuditedState,
}

/// The machine-readable facts of an error, without its message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuditedError {
    /// The kind of the error.
    pub error: ErrorKind,
    /// The status of the vendor's answer.
    pub http_status: Option<u16>,
    /// The vendor's own code.
    pub code: Option<VendorWord>,
    /// The vendor's id of the request.
    pub request_id: Option<VendorWord>,
    /// Whose credential was refused.
    pub credential: Option<CredentialOwner>,
    /// Whether a session could exist.
    pub delivery: Delivery,
    /// The word of the retry verdict.
    pub retry: &'static str,
    /// The wait that was asked for.
    #[serde(rename = "retry_after_ms", serialize_with = "some_millis")]
    pub retry_after: Option<Duration>,
}

impl AuditedState {
    fn new(
        status: Option<VerificationStatus>,
        provider_status: Option<&VendorWord>,
        reasons: &[ReportedReason],
        next_action: &NextAction,
    ) -> Self {
        Self {
            status,
            provider_status: provider_status.cloned(),
            reasons: reasons.to_vec(),
            next_action: next_action.as_str(),
        }
    }
}

impl From<&Verification> for AuditedState {
    fn from(said: &Verification) -> Self {
        Self::new(Some(said.status), Some(&said.provider_status), &said.reasons, &said.next_action)
    }
}

impl From<&WebhookEvent> for AuditedEvent {
    fn from(event: &WebhookEvent) -> Self {
        let state =
            AuditedState::new(event.status(), event.provider_status(), event.reasons(), &event.next_action);
        Self {
            id: event.id.clone(),
            provider_event_type: event.provider_event_type.clone(),
            assurance: event.assurance(),
            occurred_at: event.occurred_at,
            state,
        }
    }
}

impl From<&RedirectOutcome> for AuditResult {
    fn from(outcome: &RedirectOutcome) -> Self {
        Self::Redirect { status: outcome.status(), reason: outcome.reason }
    }
}

impl From<&Error> for AuditResult {
    fn from(error: &Error) -> Self {
        Self::Failed(Box::new(AuditedError {
            error: error.kind(),
            http_status: error.http_status(),
            code: error.code().cloned(),
            request_id: error.request_id().cloned(),
            credential: error.credential(),
            delivery: error.delivery(),
            retry: error.retry().as_str(),
            retry_after: error.retry_after(),
        }))
    }
}

/// A time in whole milliseconds.
pub(super) fn in_millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(in_millis(*time))
}

fn some_millis<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(in_millis).serialize(serializer)
}
