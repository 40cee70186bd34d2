//! Webhook verification: the key of the integration and a signature over the raw body, then as much as the body says.

use idv_core::signature::body_digest;
use idv_core::{
    Correlation, Error, ProviderId, ProviderProfile, Result, SessionRef, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest, lookup_ignore_case,
};
use idv_http::json::{Found, JsonError, Object};

use crate::auth::{CLIENT, Keys};
use crate::mapping;
use crate::wire::Decision;

/// Verifies and reads a webhook. Decisions, events and the other families come to one address and are told apart by their
/// shape (devdocs.veriff.com, "Decision webhook", "Event webhook"); a family that is not known is ignored.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &Keys,
    profile: &ProviderProfile,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    keys.signatures.verify(webhook)?;
    is_ours(keys, webhook)?;
    let body = Object::of_body(webhook.body).map_err(unreadable)?;
    let id = body_digest(webhook.body);
    let decision = body.object("verification").optional().map_err(unreadable)?;
    match decision.filter(|decision| !matches!(decision.word("code"), Found::Absent)) {
        Some(decision) => decided(provider, profile, id, &decision),
        None => happened(provider, id, &body),
    }
}

/// A webhook of another integration, such as a test's, carries another key. Only one who knows a shared secret gets so far.
fn is_ours(keys: &Keys, webhook: &WebhookRequest<'_>) -> Result<()> {
    let mut given = webhook.headers.get_all(&CLIENT).iter();
    match (given.next(), given.next()) {
        (Some(key), None) if *key == keys.client => Ok(()),
        _ => Err(Error::webhook_unverified("the header `x-auth-client` is not the key of this integration")),
    }
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}

/// A decision, which need not be the last one.
fn decided(
    provider: &ProviderId,
    profile: &ProviderProfile,
    id: VendorWord,
    decision: &Object<'_>,
) -> Result<WebhookOutcome> {
    let decision = Decision::of(decision).map_err(unreadable)?;
    let (status, word) = mapping::status(&decision.status);
    let reasons = decision.reason_code.as_deref().map(mapping::reason).into_iter().collect();
    let next = profile.next_action_after_event(Some(status));
    let mut event = WebhookEvent::signed(provider.clone(), id, VendorWord::new("decision"))
        .with_status(status, word, reasons, next);
    event.occurred_at = decision.at;
    about(&mut event, provider, &decision.id, decision.vendor_data.as_deref());
    Ok(WebhookOutcome::Event(Box::new(event)))
}

/// An event of the applicant's journey, or something else.
fn happened(provider: &ProviderId, id: VendorWord, body: &Object<'_>) -> Result<WebhookOutcome> {
    if body.members().next().is_none() {
        return Err(Error::webhook_unreadable("the body is authentic, and there is nothing in it"));
    }
    let (Found::Given(action), Found::Given(_)) = (body.text("action"), body.text("feature")) else {
        let word = body.text("eventType").given().unwrap_or_else(|| "unknown".into());
        return Ok(WebhookOutcome::Ignored {
            provider: provider.clone(),
            provider_event_type: VendorWord::new(&word),
        });
    };
    let session = body.required_text("id").map_err(unreadable)?;
    let mut event = WebhookEvent::signed(provider.clone(), id, VendorWord::new(&action));
    if let Some(status) = lookup_ignore_case(mapping::ACTIONS, &action) {
        event = event.with_status(status, VendorWord::new(&action), Vec::new(), idv_core::NextAction::Check);
    }
    about(&mut event, provider, &session, body.text("vendorData").given().as_deref());
    Ok(WebhookOutcome::Event(Box::new(event)))
}

fn about(event: &mut WebhookEvent, provider: &ProviderId, session: &str, reference: Option<&str>) {
    event.reference =
        mapping::is_session(session).then(|| SessionRef::new(provider.clone(), session).ok()).flatten();
    event.correlation = Correlation::new()
        .with(Correlation::SESSION_ID, Some(session))
        .with(Correlation::EXTERNAL_ID, reference);
}
