//! Events of the simulated session API.

use serde_json::json;

use crate::vendors::session_api::state::State;
use crate::webhooks::Event;

/// The event that goes with a status (deepidv documentation, webhooks overview and event object). None is listed for
/// `EXPIRED` and `VOIDED`.
pub(crate) fn type_for(status: &str) -> Option<&'static str> {
    match status {
        "SUBMITTED" => Some("session.status.submitted"),
        "VERIFIED" => Some("session.status.verified"),
        "REJECTED" => Some("session.status.rejected"),
        "FAILED" => Some("session.status.failed"),
        _ => None,
    }
}

/// `data` is the session itself, not wrapped in `session_record` (deepidv documentation, event object).
pub(crate) fn body(state: &State, id: &str, event_type: &str) -> Vec<u8> {
    let data = state.sessions.get(id).map_or_else(|| json!({ "id": id }), |session| session.record());
    json!({ "type": event_type, "data": state.spelling.apply(data) }).to_string().into_bytes()
}

/// The vendor gives events no id of their own.
pub(crate) fn event(state: &State, id: &str, event_type: &str) -> Event {
    Event {
        id: String::new(),
        event_type: event_type.to_owned(),
        subject: id.to_owned(),
        body: body(state, id, event_type),
        lost: state.sessions.get(id).is_some_and(|session| session.no_webhook),
    }
}
