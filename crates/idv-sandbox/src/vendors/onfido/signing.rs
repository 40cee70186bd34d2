//! The signatures of events, and their retries.

use std::time::Duration;

use crate::random::Random;
use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, MINUTE, Schedule, Scheme};

/// The header with the signature. Clients of Onfido agree on it; the specification does not name it.
const SIGNATURE: &str = "x-sha2-signature";

/// A webhook has one token, so a replaced one signs nothing more.
pub(super) const SCHEME: Scheme = Scheme {
    headers: |message| {
        let token = message.keys.first().copied().unwrap_or_default();
        vec![(SIGNATURE, signature(token, message.body))]
    },
    proof: SIGNATURE,
    overlap: 0,
    new_key: |random| random.word(32),
    new_endpoint_id: Random::uuid,
    new_event_id: |_| String::new(),
    type_fields: &["action"],
    content_field: "payload",
    copied_fields: &[],
    approval: "approved",
};

/// A schedule of this simulation: Onfido documents the ten seconds alone.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[MINUTE, 10 * MINUTE, HOUR],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

/// Lower-case hexadecimal HMAC-SHA256 of the body, under the token as text.
fn signature(token: &str, body: &[u8]) -> String {
    hex(&hmac_sha256(token.as_bytes(), &[body]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vendor's own example (github.com/onfido/onfido-python, tests of the classic webhooks).
    #[test]
    fn the_token_is_taken_as_text() {
        let body = br#"{"payload":{"resource_type":"check","action":"check.completed","object":{"id":"f2302f45-227d-413d-ad61-09ec077a086a","status":"complete","completed_at_iso8601":"2024-04-04T09:21:21Z","href":"https://api.onfido.com/v3.6/checks/f2302f45-227d-413d-ad61-09ec077a086a"}}}"#;
        let expected = "77ebc3e418f26be6eebb47f7ebe551321de26734fc273961e075fc9ab163d9c7";
        assert_eq!(signature("wU99mE6jJ7nXOLFwZ0tJymM1lpI15pZh", body), expected);
    }
}
