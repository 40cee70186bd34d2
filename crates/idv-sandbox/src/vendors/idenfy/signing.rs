//! The signatures of webhooks (iDenfy documentation, callback signing).

use std::time::Duration;

use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, Headers, MINUTE, Message, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "idenfy-signature",
    overlap: 0,
    new_key: |random| random.word(40),
    new_endpoint_id: |random| random.uuid(),
    // Events have no id.
    new_event_id: |_| String::new(),
    type_fields: &[],
    content_field: "status",
    copied_fields: &["final"],
    approval: "APPROVED",
};

/// No page tells the schedule; this is one of the simulation.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[MINUTE, 10 * MINUTE, HOUR],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

/// Lower-case hexadecimal HMAC-SHA256 of the raw body.
fn headers(message: &Message<'_>) -> Headers {
    let signature = message.keys.first().map(|key| hex(&hmac_sha256(key.as_bytes(), &[message.body])));
    vec![("idenfy-signature", signature.unwrap_or_default())]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors that were computed by hand.
    #[test]
    fn the_raw_body_is_signed() {
        let body = br#"{"final":true,"platform":"PC","status":{"overall":"APPROVED","fraudTags":[],"mismatchTags":[],"autoDocument":"DOC_VALIDATED","autoFace":"FACE_MATCH","manualDocument":"DOC_VALIDATED","manualFace":"FACE_MATCH"},"scanRef":"5b1c2d3e-0000-11ee-9758-309c231b1bac","clientId":"user-42","externalRef":null,"startTime":1782896000,"finishTime":1782896400}"#;
        for (key, expected) in [
            ("sim-idenfy-key", "1ba0cdc023cad88542dc99fa273ea59328967f767a7b853cee01bc4ab4c826a3"),
            ("sim-idenfy-key-2", "8f6d57f6d7d3217902bba8d27316c22963626e413095e5e7a8dfb42e0d83d108"),
        ] {
            let seconds = "1782896400".to_owned();
            let message = Message { keys: vec![key], event_id: "", algorithm: "", seconds, body };
            assert_eq!(headers(&message), [("idenfy-signature", expected.to_owned())]);
        }
    }
}
