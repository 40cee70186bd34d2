//! Events of the simulated session API.

use serde_json::json;

use crate::session_api::state::State;
use crate::signed::SignedWebhook;

/// `data` is the session itself, not wrapped in `session_record` (deepidv documentation, event object).
pub(crate) fn event(state: &State, id: &str, event_type: &str) -> String {
    let data = state.sessions.get(id).map_or_else(|| json!({ "id": id }), |session| session.record());
    json!({ "type": event_type, "data": state.spelling.apply(data) }).to_string()
}

/// The header holds the secret itself; the body is not signed (deepidv documentation, webhooks overview).
pub(crate) fn sign(secret: &str, body: Vec<u8>) -> SignedWebhook {
    SignedWebhook::new(vec![("deepidv-signature", secret.to_owned())], body)
}
