//! The three signatures of webhooks, and their retries (Didit documentation, webhooks).

use std::time::Duration;

use serde_json::{Map, Number, Value};

use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{Headers, MINUTE, Message, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "x-signature",
    // A rotation invalidates the old secret at once.
    overlap: 0,
    new_key: |random| random.word(43),
    new_endpoint_id: |random| random.uuid(),
    new_event_id: |random| random.uuid(),
    type_fields: &["webhook_type"],
    content_field: "decision",
    copied_fields: &["status", "session_id", "vendor_data", "workflow_id", "metadata"],
    approval: "Approved",
};

/// Two more attempts.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[MINUTE, 4 * MINUTE],
    patience: Duration::from_secs(5),
    refusal_is_final: false,
    disabled_after: None,
};

/// The time of sending, which nothing signs, and a signature over the raw body, one over its canonical form, and one over
/// four of its values.
fn headers(message: &Message<'_>) -> Headers {
    let signed = |bytes: &[u8]| {
        message.keys.first().map(|key| hex(&hmac_sha256(key.as_bytes(), &[bytes]))).unwrap_or_default()
    };
    let mut headers = vec![("x-timestamp", message.seconds.clone()), ("x-signature", signed(message.body))];
    if let Ok(body) = serde_json::from_slice::<Value>(message.body) {
        headers.push(("x-signature-v2", signed(canonical(&body).to_string().as_bytes())));
        headers.push(("x-signature-simple", signed(simple(&body).as_bytes())));
    }
    headers
}

/// Names sorted at all levels, and whole numbers without a fraction. Text stays as it is.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_unstable_by_key(|(name, _)| *name);
            let members = sorted.into_iter().map(|(name, value)| (name.clone(), canonical(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Number(number) => Value::Number(whole(number)),
        other => other.clone(),
    }
}

fn whole(number: &Number) -> Number {
    let text = number.to_string();
    let whole = text.strip_suffix(".0").and_then(|text| text.parse::<i64>().ok());
    whole.map_or_else(|| number.clone(), Number::from)
}

/// Time, session, status and type, as the body has them.
fn simple(body: &Value) -> String {
    let text = |name: &str| match &body[name] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    [text("timestamp"), text("session_id"), text("status"), text("webhook_type")].join(":")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors that were computed by hand: an accent and a whole float keep the three apart.
    #[test]
    fn a_webhook_carries_three_signatures() {
        let body = r#"{"created_at":1782896400,"decision":{"name":"José","score":95.0},"environment":"live","event_id":"evt_sim_0001","session_id":"5f0c1b2a-1111-4222-8333-444455556666","status":"In Review","timestamp":1782896400,"vendor_data":"user-42","webhook_type":"status.updated","workflow_id":"7a7a7a7a-0000-4000-8000-000000000001"}"#;
        let message = Message {
            keys: vec!["sim-didit-secret"],
            event_id: "",
            algorithm: "",
            seconds: "1782896400".to_owned(),
            body: body.as_bytes(),
        };
        let expected = [
            ("x-timestamp", "1782896400"),
            ("x-signature", "e65c23dc2eba4640ec6838d9d664a10ad5bd038029409af4484bb5ad8940ed6d"),
            ("x-signature-v2", "aa73a0a673e88a39c542fac0427fae933de44cee3b69da2cb61538efab85fc82"),
            ("x-signature-simple", "fd3eadf5d30d6a85a5fcb020e35355ae819d48a2178b5abf25ebf0a1ced3ba56"),
        ];
        assert_eq!(headers(&message), expected.map(|(name, value)| (name, value.to_owned())));
    }
}
