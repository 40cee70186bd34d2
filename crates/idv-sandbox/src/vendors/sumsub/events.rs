//! Webhooks of the simulated Sumsub.

use serde_json::json;

use crate::front::Front;
use crate::vendors::sumsub::record;
use crate::vendors::sumsub::state::State;
use crate::webhooks::Event;

/// The event that goes with a review status that is set without a verdict. That of `prechecked` and `queued` always says
/// `queued` (Sumsub documentation, webhooks).
pub(crate) fn type_for(status: &str) -> Option<&'static str> {
    match status {
        "pending" => Some("applicantPending"),
        "prechecked" | "queued" => Some("applicantPrechecked"),
        "onHold" => Some("applicantOnHold"),
        "awaitingUser" => Some("applicantAwaitingUser"),
        "awaitingService" => Some("applicantAwaitingService"),
        _ => None,
    }
}

/// The body of an event about the current state; of an unknown applicant it has the id alone.
pub(crate) fn body(state: &State, id: &str, event_type: &str, now: i64) -> Vec<u8> {
    let ids = (format!("req-{}", state.random.uuid()), now);
    let body = match state.applicants.get(id) {
        Some(applicant) => record::event(applicant, event_type, &state.client_id, ids),
        None => json!({ "applicantId": id, "type": event_type, "sandboxMode": true }),
    };
    body.to_string().into_bytes()
}

/// Sends an event about the current state of an applicant.
pub(crate) fn tell(state: &State, front: &Front, id: &str, event_type: &str) {
    if !front.outbox.is_listening() {
        return;
    }
    let now = front.clock.now();
    let event = Event {
        id: String::new(),
        event_type: event_type.to_owned(),
        subject: id.to_owned(),
        body: body(state, id, event_type, now),
        lost: state.applicants.get(id).is_some_and(|applicant| applicant.no_webhook),
    };
    front.outbox.post(event, now);
}
