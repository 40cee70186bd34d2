//! Events about sessions (Stripe documentation, types of events and thin events).

use serde_json::json;

use crate::clock::iso;
use crate::vendors::stripe::record::View;
use crate::vendors::stripe::session::Session;
use crate::webhooks::Event;

/// Makes an event about a session, by the last part of its type, its id and its time.
pub(crate) type Make = fn(&Session, &str, &str, i64) -> Event;

/// An event with the session as it is now, without its link and what was verified.
pub(crate) fn snapshot(session: &Session, what: &str, id: &str, now: i64) -> Event {
    let event_type = format!("identity.verification_session.{what}");
    let body = json!({
        "id": id,
        "object": "event",
        "api_version": "2026-06-24.dahlia",
        "created": now.div_euclid(1000),
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": event_type,
        "data": { "object": session.printed(&View::default()) },
    });
    event(session, id, event_type, &body)
}

/// An event that names the session alone.
pub(crate) fn thin(session: &Session, what: &str, id: &str, now: i64) -> Event {
    let event_type = format!("v1.identity.verification_session.{what}");
    let body = json!({
        "id": id,
        "object": "v2.core.event",
        "context": null,
        "created": iso(now),
        "livemode": false,
        "reason": null,
        "related_object": {
            "id": session.id,
            "type": "identity.verification_session",
            "url": format!("/v1/identity/verification_sessions/{}", session.id),
        },
        "type": event_type,
    });
    event(session, id, event_type, &body)
}

fn event(session: &Session, id: &str, event_type: String, body: &serde_json::Value) -> Event {
    Event {
        id: id.to_owned(),
        event_type,
        subject: session.id.clone(),
        body: body.to_string().into_bytes(),
        lost: session.no_webhook,
    }
}
