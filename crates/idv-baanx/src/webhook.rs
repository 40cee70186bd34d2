//! Webhooks: HMAC over the raw body, then as much as the body says.

use idv_core::signature::{HmacHex, body_digest};
use idv_core::{
    Correlation, Error, ProviderId, ProviderProfile, Result, VendorWord, VerificationStatus, VerifiedReason,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_http::json::{Found, JsonError};

use crate::wire::Place;
use crate::{mapping, wire};

/// The event types about verifications: that of the webhooks guide, and that of "Start User Verification".
const TYPES: [&str; 2] = ["kyc.status.changed", "user.verification.completed"];

/// Where the two shapes keep their facts, the guide's first (docs.baanx.com, guide "Webhooks: KYC events", and "Start
/// User Verification", webhook notifications). One reader serves both, because they share no name with another meaning.
mod at {
    use crate::wire::Place::{self, Camel, Change, Snake, Whole};

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
    /// What a status has to agree with. By itself it is none: it tells of a change, and not of what is.
    pub(super) const CHANGED: &[Place] = &[Change("event_object_changes"), Change("eventObjectChanges")];
    pub(super) const FAILURE: &[Place] =
        &[Snake("failure_code"), Snake("failureCode"), Camel("failureCode"), Camel("failure_code")];
    pub(super) const TIME: &[Place] = &[Whole("occurred_at"), Whole("occurredAt"), Whole("timestamp")];
}

/// Verifies and reads a webhook, of either kind: one endpoint at Baanx serves both.
///
/// It names the user and not the caller's reference, so no reference can be made from it. An event whose own facts disagree
/// carries no status: the state is looked up.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &HmacHex,
    profile: &ProviderProfile,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    keys.verify(webhook)?;
    let event = wire::Event::parse(webhook.body).map_err(unreadable)?;
    let name = match event.fact(at::TYPE, str::eq_ignore_ascii_case) {
        Found::Given(name) => name,
        Found::Absent => {
            return Err(Error::webhook_unreadable("the body is authentic but has no event type"));
        }
        Found::Unreadable(error) => return Err(unreadable(error)),
    };
    let event_type = VendorWord::new(&name);
    if !TYPES.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    let exactly = |places: &[Place]| event.fact(places, |one, other| one == other);
    // An id too long to be kept whole would make different events look the same, so it is told by its digest.
    let id = match exactly(at::ID) {
        Found::Given(id) => VendorWord::code(&id).unwrap_or_else(|| body_digest(id.as_bytes())),
        _ => body_digest(webhook.body),
    };
    let (user, external) = (exactly(at::USER), exactly(at::EXTERNAL));
    let status = match (&user, &external) {
        (Found::Unreadable(_), _) | (_, Found::Unreadable(_)) => None,
        _ => status(&event),
    };
    let mut read = WebhookEvent::signed(provider.clone(), id, event_type);
    read.correlation = Correlation::new()
        .with(Correlation::USER_ID, user.given().as_deref())
        .with(Correlation::USER_EXTERNAL_ID, external.given().as_deref());
    read.occurred_at = exactly(at::TIME).given().and_then(|time| time.parse().ok());
    if let Some((status, word, reasons)) = status {
        let then = profile.next_action_after_event(Some(status));
        read = read.with_status(status, word, reasons, then);
    }
    Ok(WebhookOutcome::Event(Box::new(read)))
}

/// The status of an event and why, where its facts agree: the words mean the same in every place, and no approval has a
/// failure beside it (`failure_code` is null on `completed`: docs.baanx.com, guide "Webhooks: KYC events").
fn status(event: &wire::Event<'_>) -> Option<(VerificationStatus, VendorWord, Vec<VerifiedReason>)> {
    let same = |one: &str, other: &str| {
        one.eq_ignore_ascii_case(other) || mapping::webhook_status(one).0 == mapping::webhook_status(other).0
    };
    let word = event.fact(at::STATUS, same).given()?;
    let changed = event.fact(at::CHANGED, same).optional().ok()?;
    if changed.is_some_and(|changed| !same(&word, &changed)) {
        return None;
    }
    let failure = event.fact(at::FAILURE, |one, other| one == other).optional().ok()?;
    let (status, word) = mapping::webhook_status(&word);
    if status == VerificationStatus::Approved && failure.is_some() {
        return None;
    }
    Some((status, word, failure.as_deref().map(mapping::reason).into_iter().collect()))
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
