//! Webhooks of the simulated Veriff: decisions and events.

use serde_json::json;

use crate::vendors::veriff::settings::Settings;
use crate::vendors::veriff::state::Session;
use crate::webhooks::Event;

/// A decision webhook (Veriff documentation, decision webhook).
pub(crate) fn decision(session: &Session, settings: Settings) -> Event {
    event(session, format!("decision.{}", session.status), &session.decided(settings))
}

/// An event webhook about the start or the submission of an attempt (Veriff documentation, event webhook).
pub(crate) fn progress(session: &Session, settings: Settings) -> Event {
    let body = json!({
        "id": session.id,
        "attemptId": session.attempt_id(),
        "feature": "selfid",
        "code": settings.codes.of(&session.status),
        "action": session.status,
        "vendorData": session.wanted.vendor_data,
        "endUserId": session.wanted.end_user_id,
    });
    event(session, format!("event.{}", session.status), &body)
}

/// Veriff gives events no id of their own.
fn event(session: &Session, event_type: String, body: &serde_json::Value) -> Event {
    Event {
        id: String::new(),
        event_type,
        subject: session.id.clone(),
        body: body.to_string().into_bytes(),
        lost: session.no_webhook,
    }
}
