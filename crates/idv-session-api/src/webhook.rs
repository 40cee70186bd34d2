//! Webhook verification: the vendor's scheme over the raw body, then as much as the body says.

use idv_core::signature::{SignatureScheme, WebhookVerifier, body_digest};
use idv_core::{
    Assurance, Correlation, Error, ProviderId, ProviderProfile, Result, SessionRef, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use idv_http::json::{self, Found, JsonError, Node};

use crate::mapping::{self, Vocabulary};
use crate::wire::{Pointers, RecordPlaces};

/// A vendor's webhooks.
#[derive(Debug, Clone)]
pub(crate) struct WebhookShape {
    pub(crate) scheme: SignatureScheme,
    pub(crate) event_type: Pointers,
    /// When the event happened.
    pub(crate) time: Pointers,
    /// The vendor's id of the event.
    pub(crate) id: Pointers,
    pub(crate) record: RecordPlaces,
    /// The event types about sessions; a `*` at the end stands for any ending.
    pub(crate) ours: Vec<String>,
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

    /// Verifies and reads a webhook. A body that nothing binds to the secret is a notice: it carries no status. Neither does a
    /// signed event whose name is another decision than its session has.
    pub(crate) fn read(
        &self,
        provider: &ProviderId,
        verifier: &dyn WebhookVerifier,
        vocabulary: &Vocabulary,
        profile: &ProviderProfile,
        webhook: &WebhookRequest<'_>,
    ) -> Result<WebhookOutcome> {
        let id = verifier.verify(webhook)?;
        let body = json::text_of(webhook.body).and_then(Node::parse).map_err(unreadable)?;
        let word = self.event_type.required(self.event_type.text(&body)).map_err(unreadable)?;
        let event_type = VendorWord::new(&word);
        if !self.is_ours(&word) {
            return Ok(WebhookOutcome::Ignored {
                provider: provider.clone(),
                provider_event_type: event_type,
            });
        }
        let id = id.unwrap_or_else(|| self.event_id(&body, webhook.body));
        let mut event = match self.scheme.assurance() {
            Assurance::Signed => WebhookEvent::signed(provider.clone(), id, event_type),
            _ => WebhookEvent::shared_secret(provider.clone(), id, event_type),
        };
        event.occurred_at = self.time.time(&body);
        let Ok(record) = self.record.read(&body) else { return Ok(WebhookOutcome::Event(Box::new(event))) };
        let is_clear = !record.id.is_repeated();
        if let Found::Given((status, own, reasons)) = vocabulary.read(&record)
            && is_clear
            && !mapping::contradicts(&vocabulary.statuses, &word, status)
        {
            let then = profile.next_action_after_event(Some(status));
            event = event.with_status(status, own, reasons, then);
        }
        let (session, external) = (record.id.given(), record.reference.given());
        let key = session.as_deref().filter(|id| mapping::is_session(id));
        event.reference = key.and_then(|id| SessionRef::new(provider.clone(), id).ok());
        event.correlation = Correlation::new()
            .with(Correlation::SESSION_ID, session.as_deref())
            .with(Correlation::EXTERNAL_ID, external.as_deref());
        Ok(WebhookOutcome::Event(Box::new(event)))
    }

    /// The id for deduplication: the vendor's id, else the digest of the body. An id too long to be kept whole would make
    /// different events look the same, so it is told by its digest.
    fn event_id(&self, event: &Node<'_>, body: &[u8]) -> VendorWord {
        match self.id.id(event) {
            Found::Given(id) => VendorWord::code(&id).unwrap_or_else(|| body_digest(id.as_bytes())),
            _ => body_digest(body),
        }
    }
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
