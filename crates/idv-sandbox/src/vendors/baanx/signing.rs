//! The webhooks of Baanx: signatures and retries.

use std::time::Duration;

use crate::random::Random;
use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{Headers, Message, SECOND, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "X-Signature",
    // The old key ends at once (Baanx API reference, Rotate key).
    overlap: 0,
    new_key,
    new_endpoint_id: Random::uuid,
    new_event_id: |_| String::new(),
    type_fields: &["event_type", "event"],
    content_field: "event_object",
    copied_fields: &["event_object_status", "event_object_changes"],
    approval: "completed",
};

/// First delay, factor and number are those of the Baanx guide, webhooks delivery; the doubling is this simulation's.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND],
    patience: Duration::from_secs(30),
    refusal_is_final: true,
    disabled_after: None,
};

/// `whk_` and hexadecimal digits.
fn new_key(random: &Random) -> String {
    format!("whk_{}", random.hex(48))
}

fn headers(message: &Message<'_>) -> Headers {
    let Message { keys, seconds, body, .. } = message;
    let key = keys.first().copied().unwrap_or_default();
    let signature = hmac_sha256(key.as_bytes(), &[seconds.as_bytes(), b".", body]);
    vec![("X-Timestamp", seconds.clone()), ("X-Signature", hex(&signature))]
}
