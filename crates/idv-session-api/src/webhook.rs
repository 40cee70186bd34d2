//! Webhooks: the vendor's scheme over the raw body, then as much as the body says.

use http::HeaderName;
use idv_core::signature::{HmacHex, SharedSecret, Svix, body_digest};
use idv_core::{
    ActionPolicy, Assurance, Correlation, Error, ProviderId, Result, SessionRef, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};

use crate::json::Json;
use crate::mapping::{self, Vocabulary};
use crate::wire::{Pointers, RecordPlaces};

/// A vendor's webhooks.
#[derive(Debug, Clone)]
pub(crate) struct WebhookShape {
    pub(crate) scheme: Scheme,
    pub(crate) event_type: Pointers,
    /// When the event happened.
    pub(crate) time: Pointers,
    pub(crate) record: RecordPlaces,
    /// The event types about sessions; a `*` at the end stands for any ending.
    pub(crate) ours: Vec<String>,
}

/// How a webhook shows that it is authentic.
#[derive(Debug, Clone)]
pub(crate) enum Scheme {
    Svix,
    HmacHex { signature: HeaderName, timestamp: Option<HeaderName> },
    SharedSecret { header: HeaderName },
}

/// A scheme with its keys.
#[derive(Debug)]
pub(crate) enum Keys {
    Svix(Svix),
    HmacHex(HmacHex),
    SharedSecret(SharedSecret),
}

impl Scheme {
    pub(crate) fn assurance(&self) -> Assurance {
        match self {
            Self::Svix | Self::HmacHex { .. } => Assurance::Signed,
            Self::SharedSecret { .. } => Assurance::SharedSecret,
        }
    }
}

impl Keys {
    /// Verifies a webhook and gives the id to deduplicate on: the vendor's, else the digest of the body.
    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<VendorWord> {
        match self {
            Self::Svix(keys) => return keys.verify(webhook),
            Self::HmacHex(keys) => keys.verify(webhook)?,
            Self::SharedSecret(secrets) => secrets.verify(webhook)?,
        }
        Ok(body_digest(webhook.body))
    }
}

impl WebhookShape {
    pub(crate) fn assurance(&self) -> Assurance {
        self.scheme.assurance()
    }

    fn is_ours(&self, event_type: &str) -> bool {
        self.ours.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => event_type.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)),
            None => event_type.eq_ignore_ascii_case(pattern),
        })
    }

    /// Verifies and reads a webhook. A body that nothing binds to the secret is a notice: it carries no status.
    pub(crate) fn read(
        &self,
        provider: &ProviderId,
        keys: &Keys,
        vocabulary: &Vocabulary,
        actions: &ActionPolicy,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        let id = keys.verify(webhook)?;
        let unreadable = || Error::webhook_unreadable("the body is authentic but has no event type");
        let body: Json<'_> = serde_json::from_slice(webhook.body).map_err(|_| unreadable())?;
        let word = self.event_type.text(&body).ok_or_else(unreadable)?;
        let event_type = VendorWord::new(word);
        if !self.is_ours(word) {
            return Ok(WebhookOutcome::Ignored {
                provider: provider.clone(),
                provider_event_type: event_type,
            });
        }
        let mut event = match self.scheme.assurance() {
            Assurance::Signed => WebhookEvent::signed(provider.clone(), id, event_type),
            _ => WebhookEvent::notice(provider.clone(), id, event_type),
        };
        event.occurred_at = self.time.time(&body);
        let Some(record) = self.record.read(&body) else {
            return Ok(WebhookOutcome::Event(Box::new(event)));
        };
        let session = record.id.filter(|id| mapping::is_session(id));
        event.reference = session.and_then(|id| SessionRef::new(provider.clone(), id).ok());
        event.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, record.id)
            .with(Correlation::EXTERNAL_ID, record.reference);
        if let Some((status, word, reasons)) = vocabulary.read(&record) {
            let then = actions.next_after_signed_event(Some(status));
            event = event.with_status(status, word, reasons, then);
        }
        Ok(WebhookOutcome::Event(Box::new(event)))
    }
}
