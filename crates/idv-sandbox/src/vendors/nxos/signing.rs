//! The webhooks of nxos, signed and repeated the way Svix does it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::random::Random;
use crate::sign::hmac_sha256;
use crate::webhooks::{HOUR, Headers, MINUTE, Message, SECOND, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "svix-signature",
    // Svix signs with the replaced secret too (Svix documentation, rotating secrets).
    overlap: 24 * HOUR,
    new_key,
    new_endpoint_id: |random| format!("ep_{}", random.hex(24)),
    new_event_id,
    type_fields: &["type"],
    content_field: "data",
    copied_fields: &[],
    approval: "APPROVED",
};

/// The delays, and the end of an endpoint that keeps failing (Svix documentation, retries).
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR],
    patience: Duration::from_secs(15),
    refusal_is_final: false,
    disabled_after: Some(5 * 24 * HOUR),
};

/// `whsec_` and the base64 of a key, as Svix makes them.
fn new_key(random: &Random) -> String {
    format!("whsec_{}", STANDARD.encode(random.bytes(24)))
}

/// `svix-id`, the same in every attempt.
pub(super) fn new_event_id(random: &Random) -> String {
    format!("msg_{}", random.word(27))
}

fn headers(message: &Message<'_>) -> Headers {
    let signatures: Vec<String> = message.keys.iter().map(|key| signature(key, message)).collect();
    vec![
        ("svix-id", message.event_id.to_owned()),
        ("svix-timestamp", message.seconds.clone()),
        ("svix-signature", signatures.join(" ")),
    ]
}

/// HMAC-SHA256 of `id.timestamp.body` under the decoded secret (Svix documentation, verifying payloads by hand).
fn signature(secret: &str, message: &Message<'_>) -> String {
    let Message { event_id, seconds, body, .. } = message;
    let key = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let signature = hmac_sha256(&key, &[event_id.as_bytes(), b".", seconds.as_bytes(), b".", body]);
    format!("v1,{}", STANDARD.encode(signature))
}
