//! Events of the simulated Baanx, in both documented shapes.

use serde_json::{Value, json};

use crate::clock::{iso, iso_seconds};
use crate::reason::Reason;
use crate::vendors::baanx::state::{BaanxEventShape, State};
use crate::vendors::veriff_codes;
use crate::webhooks::Event;

const EVENT_TYPE: &str = "kyc.status.changed";
const LEGACY_TYPE: &str = "user.verification.completed";

/// The events that Baanx sends by itself.
pub(crate) fn changed(
    state: &mut State,
    user_id: &str,
    word: &str,
    reason: Option<&Reason>,
    now: i64,
    lost: bool,
) -> Option<Event> {
    match state.event_shape {
        BaanxEventShape::Guide => Some(guide_event(state, user_id, word, reason, now, lost)),
        BaanxEventShape::Legacy if word == "PENDING" => None,
        BaanxEventShape::Legacy => Some(Event {
            id: String::new(),
            event_type: LEGACY_TYPE.to_owned(),
            subject: user_id.to_owned(),
            body: legacy(user_id, word, now),
            lost,
        }),
    }
}

/// The status of an event. Words that the guide does not list are sent in lower case.
fn guide_event(
    state: &mut State,
    user_id: &str,
    word: &str,
    reason: Option<&Reason>,
    now: i64,
    lost: bool,
) -> Event {
    let status = match word {
        "VERIFIED" => "completed".to_owned(),
        "REJECTED" => "failed".to_owned(),
        other => other.to_ascii_lowercase(),
    };
    let code = (word == "REJECTED").then(|| reason.map_or("102", veriff_codes::code));
    let (id, body) = guide(state, user_id, &status, code, now);
    Event { id, event_type: EVENT_TYPE.to_owned(), subject: user_id.to_owned(), body, lost }
}

/// The envelope of the Baanx guide, KYC events, and its event id.
pub(crate) fn guide(
    state: &mut State,
    user_id: &str,
    status: &str,
    failure_code: Option<&str>,
    now: i64,
) -> (String, Vec<u8>) {
    let event_id = state.random.uuid();
    let mut event = json!({
        "api_version": "v1",
        "event_id": event_id,
        "event_category": "kyc",
        "event_type": EVENT_TYPE,
        "user_id": user_id,
        "event_object_id": user_id,
        "event_object_status": status,
        "event_object": {
            "status": status,
            "failure_code": failure_code,
            "failure_reason": failure_code.map(veriff_codes::text),
        },
        "occurred_at": iso(now),
    });
    if status != "pending" {
        event["event_object_changes"] = json!({ "status": ["pending", status] });
    }
    if let Some(external_id) = state.applicants.get(user_id).and_then(|user| user.external_id.clone()) {
        event["user_external_id"] = Value::String(external_id);
    }
    (event_id, event.to_string().into_bytes())
}

/// The example of the page "Start User Verification".
pub(crate) fn legacy(user_id: &str, verification_state: &str, now: i64) -> Vec<u8> {
    let event = json!({
        "event": LEGACY_TYPE,
        "userId": user_id,
        "verificationState": verification_state,
        "timestamp": iso_seconds(now),
    });
    event.to_string().into_bytes()
}
