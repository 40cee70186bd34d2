//! The signatures of Veriff, and the retries of its webhooks.

use std::time::Duration;

use crate::random::Random;
use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, Schedule, Scheme};

/// The header with the API key.
pub(super) const CLIENT: &str = "x-auth-client";

/// The header with the signature.
pub(super) const SIGNATURE: &str = "x-hmac-signature";

/// An attempt each hour for seven days.
const HOURLY: [i64; 7 * 24] = [HOUR; 7 * 24];

/// The header with the API key is added by the outbox, as it never changes.
pub(super) const SCHEME: Scheme = Scheme {
    headers: |message| {
        let secret = message.keys.first().copied().unwrap_or_default();
        vec![(SIGNATURE, signature(secret, message.body))]
    },
    proof: SIGNATURE,
    overlap: 0,
    new_key,
    new_endpoint_id: Random::uuid,
    new_event_id: |_| String::new(),
    type_fields: &["action", "status"],
    content_field: "verification",
    copied_fields: &["id", "attemptId", "vendorData", "endUserId"],
    approval: "approved",
};

/// The schedule (Veriff documentation, webhooks guide).
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &HOURLY,
    patience: Duration::from_secs(5),
    refusal_is_final: false,
    disabled_after: None,
};

/// A UUID, as API keys are too.
fn new_key(random: &Random) -> String {
    random.uuid()
}

/// Lower-case hexadecimal HMAC-SHA256 under the shared secret (Veriff documentation, HMAC authentication).
pub(super) fn signature(secret: &str, text: &[u8]) -> String {
    hex(&hmac_sha256(secret.as_bytes(), &[text]))
}
