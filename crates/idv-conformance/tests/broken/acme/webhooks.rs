//! Webhooks: verified, then read.

use http::HeaderValue;
use idv_core::signature::HmacHex;
use idv_core::{
    Correlation, Error, Result, VendorWord, WebhookEvent, WebhookOutcome, WebhookRequest, lookup_ignore_case,
};
use serde_json::Value;

use super::{AcmeProvider, STATES};
use crate::flaw::Flaw;
use crate::wire;

const SIGNATURE: &str = "acme-signature";
/// Most signatures that one header lists.
const LISTED: usize = 16;

impl AcmeProvider {
    fn verify<'a>(&self, webhook: &WebhookRequest<'a>) -> Result<()> {
        let mut webhook: WebhookRequest<'a> = *webhook;
        if self.has(Flaw::TakesStaleWebhooks) {
            let sent = webhook.headers.get("acme-time").and_then(|time| time.to_str().ok()?.parse().ok());
            webhook.received_at = sent.map_or(webhook.received_at, idv_core::Timestamp::from_unix_seconds);
        }
        let Some(keys) = &self.webhooks else {
            return if self.has(Flaw::BelievesWithoutSecrets) {
                Ok(())
            } else {
                Err(Error::no_webhook_secrets())
            };
        };
        match self.verify_one_of(keys, &webhook) {
            Err(_) if self.has(Flaw::BelievesEverybody) => Ok(()),
            verified => verified,
        }
    }

    /// The header lists signatures, one for each secret of a rotation. A proxy may have joined several headers with commas.
    fn verify_one_of(&self, keys: &HmacHex, webhook: &WebhookRequest<'_>) -> Result<()> {
        let commas = !self.has(Flaw::KnowsNoCommas);
        let listed = webhook.headers.get(SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let each =
            listed.split(|c| c == ' ' || (commas && c == ',')).filter(|one| !one.is_empty()).take(LISTED);
        let authentic = each.into_iter().any(|one| {
            let mut headers = webhook.headers.clone();
            let Ok(value) = HeaderValue::from_str(one) else { return false };
            headers.insert(SIGNATURE, value);
            keys.verify(&WebhookRequest::new(&headers, webhook.body, webhook.received_at)).is_ok()
        });
        if authentic {
            Ok(())
        } else {
            Err(keys
                .verify(webhook)
                .err()
                .unwrap_or_else(|| Error::webhook_unverified("no signature is right")))
        }
    }

    /// Reads a body that is authentic.
    fn read_event(&self, body: &[u8]) -> Result<wire::Event> {
        let unreadable = |_| Error::webhook_unreadable("the body is no event");
        let body = match body.strip_prefix("\u{feff}".as_bytes()) {
            Some(rest) if !self.has(Flaw::ChokesOnMarksOfEvents) => rest,
            _ => body,
        };
        if self.has(Flaw::ReadsAllOfAnEvent) {
            serde_json::from_slice::<Value>(body).map_err(unreadable)?;
        }
        if self.has(Flaw::LastNameOfAnEventWins) {
            return serde_json::from_slice::<wire::LooseEvent>(body).map(Into::into).map_err(unreadable);
        }
        serde_json::from_slice(body).map_err(unreadable)
    }

    /// The status of an event, which it may tell in two places. Where they differ it has none.
    fn word_of(&self, event: &wire::Event) -> Option<String> {
        let state = event.check.as_ref().and_then(|check| check.state.clone());
        match (state, event.now.clone()) {
            (Some(state), Some(now))
                if !state.eq_ignore_ascii_case(&now) && !self.has(Flaw::BelievesTheFirstWord) =>
            {
                None
            }
            (state, now) => state.or(now),
        }
    }

    pub(super) fn event(&self, webhook: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        let unreadable = |_| Error::webhook_unreadable("the body is no event");
        if self.has(Flaw::ReadsBeforeVerifying) {
            serde_json::from_slice::<wire::Event>(webhook.body).map_err(unreadable)?;
        }
        if self.has(Flaw::ReadsTheTypeBeforeVerifying)
            && serde_json::from_slice::<wire::Event>(webhook.body)
                .is_ok_and(|event| event.event_type.starts_with("conformance."))
        {
            let provider_event_type = VendorWord::new("conformance.happened");
            return Ok(WebhookOutcome::Ignored { provider: self.id.clone(), provider_event_type });
        }
        self.verify(webhook)?;
        if self.has(Flaw::LogsUnreadableWebhooks)
            && serde_json::from_slice::<wire::Event>(webhook.body).is_err()
        {
            tracing::warn!(body = %String::from_utf8_lossy(webhook.body), "unreadable");
        }
        let event = self.read_event(webhook.body)?;
        let provider_event_type = VendorWord::new(&event.event_type);
        if event.event_type != "check.changed" && self.has_event_types {
            if self.has(Flaw::RefusesOtherEvents) {
                return Err(Error::webhook_unreadable("the type is not known"));
            }
            return Ok(WebhookOutcome::Ignored { provider: self.id.clone(), provider_event_type });
        }
        let id = match self.has(Flaw::ForgetsEventIds) {
            true => VendorWord::new(
                &webhook.headers.get("acme-time").map(|time| format!("{time:?}")).unwrap_or_default(),
            ),
            false => VendorWord::new(&event.id),
        };
        let mut read = WebhookEvent::signed(self.id.clone(), id, provider_event_type);
        read.occurred_at = match self.has(Flaw::ForgetsTheTimeOfEvents) {
            true => Some(webhook.received_at),
            false => event.at.0,
        };
        let id = event.check.as_ref().and_then(|check| check.id.text.as_deref());
        read.correlation = Correlation::new().with(Correlation::SESSION_ID, id);
        read.reference = id.and_then(|id| self.reference(id).ok());
        if let Some(word) = self.word_of(&event) {
            let status = self.status(&word, Flaw::ApprovesUnknownEvents);
            let known = lookup_ignore_case(STATES, &word);
            let next = self.profile.next_action_after_event(known);
            let kept = known.filter(|_| self.has(Flaw::TranslatesTheWordsOfEvents));
            let kept = kept.map_or_else(|| word.to_owned(), |status| status.to_string());
            read = read.with_status(status, VendorWord::new(&kept), Vec::new(), next);
        }
        Ok(WebhookOutcome::Event(Box::new(read)))
    }
}
