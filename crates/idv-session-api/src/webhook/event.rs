//! A webhook: the vendor's scheme over the raw body, then the event in it.

use std::borrow::Cow;

use idv_core::signature::{WebhookVerifier, body_digest};
use idv_core::{
    Assurance, Correlation, Error, ProviderId, ProviderProfile, Result, SessionRef, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use idv_http::json::{self, Found, JsonError, Node};

use crate::description::spec::{EventPattern, EventType, WebhookSpec};
use crate::mapping;
use crate::record::Record;

/// Verifies and reads a webhook. A body that nothing binds to the secret is a notice: it carries no status. Neither does a
/// signed event whose name is another decision than its session has, nor one whose status may be an old one.
pub(crate) fn read(
    provider: &ProviderId,
    spec: &WebhookSpec,
    verifier: &dyn WebhookVerifier,
    profile: &ProviderProfile,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    let id = verifier.verify(webhook)?;
    let body = json::text_of(webhook.body).and_then(Node::parse).map_err(unreadable)?;
    refuse_old(spec, &body, webhook)?;
    let EventType { at, otherwise } = &spec.event_type;
    let told = at.text(&body).optional().map_err(unreadable)?;
    let is_untold = told.is_none();
    let word = told.or_else(|| otherwise.as_deref().map(Cow::Borrowed));
    let word = word.ok_or_else(|| unreadable(at.missing()))?;
    let event_type = VendorWord::new(&word);
    if !fits(&spec.ours, &word) {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    if is_untold {
        // Where no type says what a body is, the session that it is about has to.
        let record = spec.record.read(&body).map_err(unreadable)?;
        spec.record.id.required(record.id).map_err(unreadable)?;
    }
    let id = id.unwrap_or_else(|| event_id(spec, &body, webhook));
    let mut event = match spec.assurance() {
        Assurance::Signed => WebhookEvent::signed(provider.clone(), id, event_type),
        Assurance::SharedSecret => WebhookEvent::shared_secret(provider.clone(), id, event_type),
        _ => WebhookEvent::unsigned(provider.clone(), id, event_type),
    };
    event.occurred_at = spec.time.time(&body);
    let Ok(record) = spec.record.read(&body) else { return Ok(WebhookOutcome::Event(Box::new(event))) };
    if !fits(&spec.notices, &word) {
        event = with_status(spec, profile, event, &word, &record);
    }
    let (session, external) = (record.id.given(), record.reference.given());
    let key = session.as_deref().filter(|id| mapping::is_session(id));
    event.reference = key.and_then(|id| SessionRef::new(provider.clone(), id).ok());
    event.correlation = Correlation::new()
        .with(Correlation::SESSION_ID, session.as_deref())
        .with(Correlation::EXTERNAL_ID, external.as_deref());
    Ok(WebhookOutcome::Event(Box::new(event)))
}

fn with_status(
    spec: &WebhookSpec,
    profile: &ProviderProfile,
    event: WebhookEvent,
    event_type: &str,
    record: &Record<'_>,
) -> WebhookEvent {
    let is_clear = !record.id.is_repeated();
    match spec.vocabulary.read(record) {
        Found::Given((status, own, reasons))
            if is_clear && !mapping::contradicts(&spec.vocabulary.statuses, event_type, status) =>
        {
            let then = profile.next_action_after_event(Some(status));
            event.with_status(status, own, reasons, then)
        }
        _ => event,
    }
}

/// Refuses a body whose own time is not of the present: a header that nothing signs can be fresh on an old body.
fn refuse_old(spec: &WebhookSpec, body: &Node<'_>, webhook: &WebhookRequest<'_>) -> Result<()> {
    let Some((places, tolerance)) = &spec.fresh else { return Ok(()) };
    let time = places.time(body).ok_or_else(|| {
        Error::webhook_unreadable("the signed body holds no time, so it may have been played again")
    })?;
    let away = time.unix_seconds().abs_diff(webhook.received_at.unix_seconds());
    match away <= tolerance.as_secs() {
        true => Ok(()),
        false => Err(Error::webhook_unverified(format!(
            "the time in the signed body is more than {} seconds away from the present",
            tolerance.as_secs()
        ))),
    }
}

fn fits(patterns: &[EventPattern], event_type: &str) -> bool {
    patterns.iter().any(|pattern| pattern.fits(event_type))
}

/// The id for deduplication: the vendor's id, else the digest of the body, and of a header where bodies are alike. An id too long to be
/// kept whole would make different events look the same, so it is told by its digest.
fn event_id(spec: &WebhookSpec, event: &Node<'_>, webhook: &WebhookRequest<'_>) -> VendorWord {
    let header = spec.id_header.as_ref().and_then(|name| webhook.headers.get(name));
    match (spec.id.id(event), header) {
        (Found::Given(id), _) => VendorWord::code(&id).unwrap_or_else(|| body_digest(id.as_bytes())),
        (_, Some(header)) => body_digest(&[header.as_bytes(), b"\n", webhook.body].concat()),
        (_, None) => body_digest(webhook.body),
    }
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
