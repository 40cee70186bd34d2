//! Events of the simulated Baanx, in both documented shapes.

use serde_json::{Value, json};

use crate::baanx::state::State;
use crate::clock::{iso, iso_seconds};
use crate::sign::{hex, hmac_sha256};
use crate::signed::SignedWebhook;

/// The envelope of the Baanx guide, KYC events.
pub(crate) fn guide(
    state: &mut State,
    user_id: &str,
    status: &str,
    failure_code: Option<&str>,
    now: i64,
) -> SignedWebhook {
    let mut event = json!({
        "api_version": "v1",
        "event_id": state.random.uuid(),
        "event_category": "kyc",
        "event_type": "kyc.status.changed",
        "user_id": user_id,
        "event_object_id": user_id,
        "event_object_status": status,
        "event_object": {
            "status": status,
            "failure_code": failure_code,
            "failure_reason": failure_code.map(failure_reason),
        },
        "occurred_at": iso(now),
    });
    if status != "pending" {
        event["event_object_changes"] = json!({ "status": ["pending", status] });
    }
    if let Some(external_id) = state.applicants.get(user_id).and_then(|user| user.external_id.clone()) {
        event["user_external_id"] = Value::String(external_id);
    }
    sign(state, event.to_string().into_bytes(), now)
}

/// The example of the page "Start User Verification".
pub(crate) fn legacy(state: &State, user_id: &str, verification_state: &str, now: i64) -> SignedWebhook {
    let event = json!({
        "event": "user.verification.completed",
        "userId": user_id,
        "verificationState": verification_state,
        "timestamp": iso_seconds(now),
    });
    sign(state, event.to_string().into_bytes(), now)
}

/// Lower-case hex of HMAC-SHA256 of `timestamp.body`, the key taken as text (Baanx guide, webhooks security).
pub(crate) fn sign(state: &State, body: Vec<u8>, now: i64) -> SignedWebhook {
    let timestamp = now.div_euclid(1000).to_string();
    let signature = hmac_sha256(state.webhook_key.as_bytes(), &[timestamp.as_bytes(), b".", &body]);
    SignedWebhook::new(vec![("X-Timestamp", timestamp), ("X-Signature", hex(&signature))], body)
}

/// Some of the words that Veriff has for its codes.
fn failure_reason(code: &str) -> &'static str {
    match code {
        "101" => "Physical document not used",
        "102" => "Suspected document tampering",
        "103" => "Face and document photo differ",
        "104" => "Name does not match",
        "105" => "Suspicious behaviour",
        "106" => "Known fraud",
        "108" => "Duplicated end-user",
        "201" => "Video or photos missing",
        "204" => "Poor image quality",
        "510" => "Document type not supported",
        "511" => "Document expired",
        "539" => "Resubmission limit reached",
        _ => "Verification declined",
    }
}
