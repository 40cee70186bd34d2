//! Webhook verification: HMAC over the raw body, then as much as the body says.

use idv_core::signature::{HmacHex, body_digest};
use idv_core::{
    Correlation, Error, ProviderId, ProviderProfile, ReportedReason, Result, VendorWord, VerificationStatus,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_http::json::{Found, JsonError};

use crate::wire::Fact;
use crate::{mapping, wire};

/// The event types about verifications: that of the webhooks guide, and that of "Start User Verification".
const TYPES: &[(&str, ())] = &[("kyc.status.changed", ()), ("user.verification.completed", ())];

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
    let name = match event.fact(Fact::EventType, str::eq_ignore_ascii_case) {
        Found::Given(name) => name,
        Found::Absent => {
            return Err(Error::webhook_unreadable("the body is authentic but has no event type"));
        }
        Found::Unreadable(error) => return Err(unreadable(*error)),
    };
    let (ours, event_type) = VendorWord::lookup_ignore_case(TYPES, &name);
    if ours.is_none() {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    let exactly = |fact: Fact| event.fact(fact, |one, other| one == other);
    // An id too long to be kept whole would make different events look the same, so it is told by its digest.
    let id = match exactly(Fact::EventId) {
        Found::Given(id) => VendorWord::code(&id).unwrap_or_else(|| body_digest(id.as_bytes())),
        _ => body_digest(webhook.body),
    };
    let (user, external) = (exactly(Fact::User), exactly(Fact::ExternalUser));
    let status = match (&user, &external) {
        (Found::Unreadable(_), _) | (_, Found::Unreadable(_)) => None,
        _ => status(&event),
    };
    let mut read = WebhookEvent::signed(provider.clone(), id, event_type);
    read.correlation = Correlation::new()
        .with(Correlation::USER_ID, user.given().as_deref())
        .with(Correlation::USER_EXTERNAL_ID, external.given().as_deref());
    read.occurred_at = exactly(Fact::Time).given().and_then(|time| time.parse().ok());
    if let Some((status, word, reasons)) = status {
        let then = profile.next_action_after_event(Some(status));
        read = read.with_status(status, word, reasons, then);
    }
    Ok(WebhookOutcome::Event(Box::new(read)))
}

/// The status of an event and why, where its facts agree: the words mean the same in every place, and no approval has a
/// failure beside it (`failure_code` is null on `completed`: docs.baanx.com, guide "Webhooks: KYC events").
fn status(event: &wire::Event<'_>) -> Option<(VerificationStatus, VendorWord, Vec<ReportedReason>)> {
    let same = |one: &str, other: &str| {
        one.eq_ignore_ascii_case(other) || mapping::webhook_status(one).0 == mapping::webhook_status(other).0
    };
    let word = event.fact(Fact::Status, same).given()?;
    let changed = event.fact(Fact::StatusChange, same).optional().ok()?;
    if changed.is_some_and(|changed| !same(&word, &changed)) {
        return None;
    }
    let failure = event.fact(Fact::FailureCode, |one, other| one == other).optional().ok()?;
    let (status, word) = mapping::webhook_status(&word);
    if status == VerificationStatus::Approved && failure.is_some() {
        return None;
    }
    Some((status, word, failure.as_deref().map(mapping::reason).into_iter().collect()))
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
