//! Webhook verification: a digest of the raw body, then as much as the body says.

use idv_core::signature::{HmacHex, body_digest};
use idv_core::{
    Correlation, Error, NextAction, ProviderId, ProviderProfile, Result, SessionRef, VendorWord,
    WebhookEvent, WebhookOutcome, WebhookRequest,
};
use idv_http::json::{JsonError, Object};

use crate::wire::{OwnReview, time};
use crate::{labels, mapping};

/// The types whose review is a verdict, once it is completed. All others can carry the result of an earlier review
/// (docs.sumsub.com, "User verification webhooks").
const VERDICTS: [&str; 2] = ["applicantReviewed", "applicantWorkflowCompleted"];

/// Verifies and reads a webhook. `is_production` is the environment of the app token: events of the sandbox are ignored then.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &HmacHex,
    profile: &ProviderProfile,
    is_production: bool,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    keys.verify(webhook)?;
    let body = Object::of_body(webhook.body).map_err(unreadable)?;
    let event_type = body.required_text("type").map_err(unreadable)?;
    let is_sandbox = body.word("sandboxMode").given().is_some_and(|mode| mode == "true");
    let ignored = |word: String| {
        Ok(WebhookOutcome::Ignored {
            provider: provider.clone(),
            provider_event_type: VendorWord::new(&word),
        })
    };
    if !is_ours(&event_type) {
        return ignored(event_type.into_owned());
    }
    if is_production && is_sandbox {
        return ignored(format!("{event_type} of the sandbox"));
    }
    let id = body_digest(webhook.body);
    let mut event = WebhookEvent::signed(provider.clone(), id, VendorWord::new(&event_type));
    event.occurred_at = body.text("createdAtMs").given().as_deref().and_then(time);
    let external_id = body.text("externalUserId").given();
    event.reference =
        external_id.as_deref().and_then(|id| SessionRef::new(provider.clone(), &mapping::key(id)).ok());
    event.correlation = Correlation::new()
        .with(Correlation::EXTERNAL_ID, external_id.as_deref())
        .with(Correlation::USER_ID, body.text("applicantId").given().as_deref());
    // A review that cannot be read is looked up.
    let review = OwnReview::of(&body).ok().filter(|_| !body.text("externalUserId").is_repeated());
    if let Some(review) = review {
        event = reviewed(event, profile, &event_type, &review);
    }
    Ok(WebhookOutcome::Event(Box::new(event)))
}

/// Adds the state of a review, where the type of the event lets it stand.
fn reviewed(
    event: WebhookEvent,
    profile: &ProviderProfile,
    event_type: &str,
    review: &OwnReview<'_>,
) -> WebhookEvent {
    let words = review.words();
    let is_verdict = VERDICTS.iter().any(|verdict| verdict.eq_ignore_ascii_case(event_type));
    if words.is_completed() && !is_verdict {
        return event;
    }
    let (status, word) = words.read();
    let next = if is_verdict { profile.next_action_after_event(Some(status)) } else { NextAction::Check };
    event.with_status(status, word, review.labels().map(labels::reason).collect(), next)
}

/// Events about an applicant. Those about actions and video calls are of other products.
fn is_ours(event_type: &str) -> bool {
    let begins =
        |start: &str| event_type.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    begins("applicant") && !begins("applicantAction")
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
