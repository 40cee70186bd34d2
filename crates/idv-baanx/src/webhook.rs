//! Webhooks: HMAC over the raw body, then as much as the body says.

use idv_core::signature::{HmacHex, body_digest};
use idv_core::{
    ActionPolicy, Correlation, Error, ProviderId, Result, VendorWord, WebhookEvent, WebhookOutcome,
    WebhookRequest,
};

use crate::{mapping, wire};

/// The event types about verifications: that of the webhooks guide, and that of "Start User Verification".
const TYPES: [&str; 2] = ["kyc.status.changed", "user.verification.completed"];

/// Where the two shapes keep their facts, the guide's first (docs.baanx.com, guide "Webhooks: KYC events", and "Start
/// User Verification", webhook notifications). One reader serves both, because they share no name with another meaning.
mod at {
    use crate::wire::Place::{self, Camel, Snake, Whole};

    pub(super) const TYPE: &[Place] = &[Whole("event_type"), Whole("eventType"), Whole("event")];
    pub(super) const ID: &[Place] = &[Whole("event_id"), Whole("eventId")];
    pub(super) const USER: &[Place] = &[Whole("user_id"), Whole("userId")];
    pub(super) const EXTERNAL: &[Place] = &[Whole("user_external_id"), Whole("userExternalId")];
    pub(super) const STATUS: &[Place] = &[
        Snake("status"),
        Camel("status"),
        Whole("event_object_status"),
        Whole("eventObjectStatus"),
        Whole("verificationState"),
        Whole("verification_state"),
    ];
    pub(super) const FAILURE: &[Place] =
        &[Snake("failure_code"), Snake("failureCode"), Camel("failureCode"), Camel("failure_code")];
    pub(super) const TIME: &[Place] = &[Whole("occurred_at"), Whole("occurredAt"), Whole("timestamp")];
}

/// Verifies and reads a webhook, of either kind: one endpoint at Baanx serves both.
///
/// It names the user and not the caller's reference, so no reference can be made from it.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &HmacHex,
    actions: &ActionPolicy,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    keys.verify(webhook)?;
    let unreadable = || Error::webhook_unreadable("the body is authentic but has no event type");
    let event = wire::Event::parse(webhook.body).ok_or_else(unreadable)?;
    let name = event.text(at::TYPE).ok_or_else(unreadable)?;
    let event_type = VendorWord::new(&name);
    if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    // An id too long to be kept whole would make different events look the same, so it is told by its digest.
    let id = match event.text(at::ID) {
        Some(id) => VendorWord::code(&id).unwrap_or_else(|| body_digest(id.as_bytes())),
        None => body_digest(webhook.body),
    };
    let mut read = WebhookEvent::signed(provider.clone(), id, event_type);
    read.correlation = Correlation::new()
        .with(Correlation::USER_ID, event.text(at::USER).as_deref())
        .with(Correlation::USER_EXTERNAL_ID, event.text(at::EXTERNAL).as_deref());
    read.occurred_at = event.text(at::TIME).and_then(|time| time.parse().ok());
    if let Some(word) = event.text(at::STATUS) {
        let (status, word) = mapping::webhook_status(&word);
        let reasons = event.text(at::FAILURE).as_deref().map(mapping::reason).into_iter().collect();
        read = read.with_status(status, word, reasons, actions.next_after_signed_event(Some(status)));
    }
    Ok(WebhookOutcome::Event(Box::new(read)))
}
