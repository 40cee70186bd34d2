//! Webhook verification: a signature over the raw body, then as much as the body says.

use idv_core::signature::{HmacHex, body_digest};
use idv_core::{
    Correlation, Error, ProviderId, ProviderProfile, Result, SessionRef, VendorWord, WebhookEvent,
    WebhookOutcome, WebhookRequest,
};
use idv_http::json::{Found, JsonError, Object, agreed};

use crate::mapping::{self, Outcome};
use crate::profile::APPLICANT_ID;
use crate::wire;

/// The one action about a run as a whole (OpenAPI specification, `webhook_event_type`). Others have words of tasks, checks and
/// reports in the place of the status, such as `completed` and `complete`.
const DECIDED: &str = "workflow_run.completed";
/// The beginning of the actions about runs and their parts.
const RUNS: &str = "workflow_";

/// Verifies and reads a webhook. An event about a part of a run is a notice of it; one about a check, a report or a list is ignored,
/// because it names no run.
pub(crate) fn read(
    provider: &ProviderId,
    keys: &HmacHex,
    profile: &ProviderProfile,
    webhook: &WebhookRequest<'_>,
) -> Result<WebhookOutcome> {
    keys.verify(webhook)?;
    let body = Object::of_body(webhook.body).map_err(unreadable)?;
    let payload = body.object("payload").optional().map_err(unreadable)?;
    let payload = payload.ok_or_else(|| unreadable(body.lacks("payload")))?;
    let action = payload.required_text("action").map_err(unreadable)?;
    let event_type = VendorWord::new(&action);
    if !action.get(..RUNS.len()).is_some_and(|start| start.eq_ignore_ascii_case(RUNS)) {
        return Ok(WebhookOutcome::Ignored { provider: provider.clone(), provider_event_type: event_type });
    }
    let resource = payload.object("resource").optional();
    // A resource that cannot be read may say another thing than the object.
    let is_readable = resource.is_ok();
    let content = Content {
        object: payload.object("object").optional().map_err(unreadable)?,
        resource: resource.unwrap_or_default(),
    };
    let is_about_run = action.eq_ignore_ascii_case(DECIDED);
    let mut event = WebhookEvent::signed(provider.clone(), body_digest(webhook.body), event_type);
    let run = if is_about_run { content.agreed("id") } else { content.agreed("workflow_run_id") };
    event.reference = run
        .as_deref()
        .filter(|run| mapping::is_id(run))
        .and_then(|run| SessionRef::new(provider.clone(), run).ok());
    event.occurred_at = content.object("completed_at_iso8601").and_then(|time| time.parse().ok());
    event.correlation = Correlation::new()
        .with(Correlation::SESSION_ID, run.as_deref())
        .with(APPLICANT_ID.as_str(), content.resource("applicant_id").as_deref())
        .with(Correlation::EXTERNAL_ID, content.resource("customer_user_id").as_deref());
    let outcome = content.outcome().filter(|_| is_about_run && is_readable && run.is_some());
    if let Some(outcome) = outcome {
        let (status, word, reasons) = outcome.read();
        event = event.with_status(status, word, reasons, profile.next_action_after_event(Some(status)));
    }
    Ok(WebhookOutcome::Event(Box::new(event)))
}

/// The parts of an event: `object`, which every event has, and `resource`, which depends on the settings of the webhook.
struct Content<'a> {
    object: Option<Object<'a>>,
    resource: Option<Object<'a>>,
}

type Text<'a> = std::borrow::Cow<'a, str>;

impl<'a> Content<'a> {
    fn object(&self, name: &str) -> Option<Text<'a>> {
        self.object.as_ref()?.text(name).given()
    }

    fn resource(&self, name: &str) -> Option<Text<'a>> {
        self.resource.as_ref()?.text(name).given()
    }

    /// The text of a name in the object, with which the resource must not disagree: an event that says two things says nothing.
    fn agreed(&self, name: &str) -> Option<Text<'a>> {
        let of = |part: &Option<Object<'a>>| part.as_ref().map_or(Found::Absent, |part| part.text(name));
        let places = [("object", of(&self.object)), ("resource", of(&self.resource))];
        agreed(places, |one, other| one.eq_ignore_ascii_case(other)).given().filter(|text| !text.is_empty())
    }

    /// The state of the run; none where it cannot be read, so that it is looked up.
    fn outcome(&self) -> Option<Outcome<'a>> {
        let status = self.agreed("status")?;
        let resource = self.resource.as_ref();
        Some(Outcome {
            status,
            reasons: resource.map(wire::reasons).unwrap_or_default(),
            error: resource.and_then(wire::error_type),
        })
    }
}

fn unreadable(error: JsonError) -> Error {
    Error::webhook_unreadable(format!("the body is authentic but cannot be read: {error}"))
}
