//! Events of the simulated nxos, signed the way Svix signs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::iso;
use crate::nxos::state::State;
use crate::sign::hmac_sha256;
use crate::signed::SignedWebhook;

/// How much the `data` of an event tells. The documentation leaves its fields open, so a receiver must do without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NxosEventData {
    /// `{}`
    Empty,
    /// `organizationId` alone: whom to look at, not what happened.
    Minimal,
    /// `organizationId`, `status`, `type` and `updatedAt`.
    #[default]
    Full,
}

pub(crate) fn verification_updated(
    state: &mut State,
    organization: &str,
    data: NxosEventData,
    now: i64,
) -> SignedWebhook {
    let data = event_data(state, organization, data);
    let event = json!({ "type": "organization.verification.updated", "timestamp": iso(now), "data": data });
    sign(state, event.to_string().into_bytes(), now)
}

fn event_data(state: &State, id: &str, data: NxosEventData) -> Value {
    match (data, state.organizations.get(id)) {
        (NxosEventData::Empty, _) => json!({}),
        (NxosEventData::Full, Some(found)) => json!({
            "organizationId": id,
            "status": found.status,
            "type": found.kind,
            "updatedAt": iso(found.updated_at),
        }),
        (NxosEventData::Minimal | NxosEventData::Full, _) => json!({ "organizationId": id }),
    }
}

/// HMAC-SHA256 of `id.timestamp.body` under the decoded secret (Svix documentation, verifying payloads by hand).
pub(crate) fn sign(state: &mut State, body: Vec<u8>, now: i64) -> SignedWebhook {
    let id = format!("msg_{}", state.random.word(27));
    let timestamp = now.div_euclid(1000).to_string();
    let signature =
        hmac_sha256(&state.webhook_key, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", &body]);
    let headers = vec![
        ("svix-id", id),
        ("svix-timestamp", timestamp),
        ("svix-signature", format!("v1,{}", STANDARD.encode(signature))),
    ];
    SignedWebhook::new(headers, body)
}
