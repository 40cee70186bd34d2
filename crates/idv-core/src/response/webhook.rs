//! Webhooks: raw bytes in, a verified event out.

mod content;

use http::HeaderMap;
use serde::{Deserialize, Serialize};

use self::content::{Content, NoticeOf};
use crate::model::stored::empty_if_null;
use crate::{
    Assurance, Correlation, NextAction, ProviderId, ReportedReason, SessionRef, Timestamp, VendorWord,
    VerificationStatus,
};

/// A webhook as it arrived. The body is verified as raw bytes, before anything parses it.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct WebhookRequest<'a> {
    /// All headers of the request.
    pub headers: &'a HeaderMap,
    /// The body, byte for byte.
    pub body: &'a [u8],
    /// When it arrived.
    pub received_at: Timestamp,
}

impl<'a> WebhookRequest<'a> {
    /// A webhook that arrived at a moment, such as `SystemTime::now()`.
    #[must_use]
    pub fn new(headers: &'a HeaderMap, body: &'a [u8], received_at: impl Into<Timestamp>) -> Self {
        Self { headers, body, received_at: received_at.into() }
    }
}

impl std::fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookRequest")
            .field("body_bytes", &self.body.len())
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

/// The outcome of an authentic webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookOutcome {
    /// It is about a verification.
    Event(Box<WebhookEvent>),
    /// It is of a type that is not about verifications. Answer 2xx, or the vendor repeats it for ever.
    Ignored {
        /// The configured provider.
        provider: ProviderId,
        /// The vendor's own event type.
        provider_event_type: VendorWord,
    },
}

impl WebhookOutcome {
    /// The event, where it is about a verification.
    #[must_use]
    pub fn event(&self) -> Option<&WebhookEvent> {
        match self {
            Self::Event(event) => Some(event),
            Self::Ignored { .. } => None,
        }
    }

    /// The vendor's own event type.
    #[must_use]
    pub fn provider_event_type(&self) -> &VendorWord {
        match self {
            Self::Event(event) => &event.provider_event_type,
            Self::Ignored { provider_event_type, .. } => provider_event_type,
        }
    }
}

/// An authentic webhook about a verification.
///
/// It can be stored: its JSON is that of `idv webhook --json`, with what the next action carries beside its word. Absent
/// facts are `null`, and may be left out when it is read; fields that this version does not know are ignored. A content that
/// no webhook can have, such as a status without a signature, is an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// The configured provider.
    pub provider: ProviderId,
    /// The verification, where a reference can be made from what the event says.
    #[serde(default)]
    pub reference: Option<SessionRef>,
    /// To deduplicate on: the vendor's id, else the SHA-256 of the raw body.
    pub id: VendorWord,
    /// The vendor's own event type.
    pub provider_event_type: VendorWord,
    /// When it happened, where the vendor says so.
    #[serde(default)]
    pub occurred_at: Option<Timestamp>,
    /// The vendor's own ids: whom it is about.
    #[serde(default, deserialize_with = "empty_if_null")]
    pub correlation: Correlation,
    /// The next action of the application.
    #[serde(flatten)]
    pub next_action: NextAction,
    #[serde(flatten)]
    content: Content,
}

impl WebhookEvent {
    /// A signed event. It may carry a status: see [`with_status`](Self::with_status).
    #[must_use]
    pub fn signed(provider: ProviderId, id: VendorWord, provider_event_type: VendorWord) -> Self {
        Self::new(provider, id, provider_event_type, Content::Signed { status: None, reasons: Vec::new() })
    }

    /// An event that is authenticated by a shared secret alone. It can carry no status: read it with a check.
    #[must_use]
    pub fn shared_secret(provider: ProviderId, id: VendorWord, provider_event_type: VendorWord) -> Self {
        Self::new(provider, id, provider_event_type, Content::Notice(NoticeOf::SharedSecret))
    }

    /// An event that anybody may have sent. It can carry no status: read it with a check.
    #[must_use]
    pub fn unsigned(provider: ProviderId, id: VendorWord, provider_event_type: VendorWord) -> Self {
        Self::new(provider, id, provider_event_type, Content::Notice(NoticeOf::Nobody))
    }

    fn new(provider: ProviderId, id: VendorWord, provider_event_type: VendorWord, content: Content) -> Self {
        Self {
            provider,
            reference: None,
            id,
            provider_event_type,
            occurred_at: None,
            correlation: Correlation::new(),
            next_action: NextAction::Check,
            content,
        }
    }

    /// Adds the status that a signed body carries, and the action that follows. On an event that is not signed this does nothing.
    #[must_use]
    pub fn with_status(
        mut self,
        status: VerificationStatus,
        word: VendorWord,
        reasons: Vec<ReportedReason>,
        next_action: NextAction,
    ) -> Self {
        if let Content::Signed { .. } = self.content {
            self.content = Content::Signed { status: Some((status, word)), reasons };
            self.next_action = next_action;
        }
        self
    }

    /// How far the event can be believed.
    #[must_use]
    pub fn assurance(&self) -> Assurance {
        self.content.assurance()
    }

    /// The status, where a signed body carries one.
    #[must_use]
    pub fn status(&self) -> Option<VerificationStatus> {
        match &self.content {
            Content::Signed { status: Some((status, _)), .. } => Some(*status),
            _ => None,
        }
    }

    /// The vendor's own status word, where a signed body carries one.
    #[must_use]
    pub fn provider_status(&self) -> Option<&VendorWord> {
        match &self.content {
            Content::Signed { status: Some((_, word)), .. } => Some(word),
            _ => None,
        }
    }

    /// The reasons, where a signed body carries some.
    #[must_use]
    pub fn reasons(&self) -> &[ReportedReason] {
        match &self.content {
            Content::Signed { reasons, .. } => reasons,
            Content::Notice(_) => &[],
        }
    }
}
