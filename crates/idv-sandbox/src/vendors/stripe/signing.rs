//! The signatures of events, and their retries.

use std::time::Duration;

use crate::random::Random;
use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, Headers, Message, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "stripe-signature",
    // A replaced secret may live for a day (Stripe documentation, roll endpoint signing secrets).
    overlap: 24 * HOUR,
    new_key: |random| format!("whsec_{}", random.word(32)),
    new_endpoint_id: |random| format!("we_1Sim{}", random.word(20)),
    new_event_id,
    type_fields: &["type"],
    content_field: "data",
    copied_fields: &["related_object"],
    approval: "verified",
};

/// The schedule of a sandbox (Stripe documentation, webhooks: retries).
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[HOUR, 2 * HOUR],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

pub(super) fn new_event_id(random: &Random) -> String {
    format!("evt_1Sim{}", random.word(20))
}

/// The time, and a signature under each secret that lives.
fn headers(message: &Message<'_>) -> Headers {
    let signatures = message.keys.iter().map(|key| format!("v1={}", signature(key, message)));
    let parts: Vec<String> = std::iter::once(format!("t={}", message.seconds)).chain(signatures).collect();
    vec![("stripe-signature", parts.join(","))]
}

/// Lower-case hexadecimal HMAC-SHA256 of the time, a dot and the body, under the secret as text (Stripe documentation, verify webhook
/// signatures manually).
fn signature(secret: &str, message: &Message<'_>) -> String {
    hex(&hmac_sha256(secret.as_bytes(), &[message.seconds.as_bytes(), b".", message.body]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vector that was computed by hand.
    #[test]
    fn the_secret_is_taken_as_text() {
        let body = br#"{"id":"evt_sim_1","object":"event","type":"identity.verification_session.verified","created":1783000100,"livemode":false,"data":{"object":{"id":"vs_sim_1","object":"identity.verification_session","status":"verified","client_reference_id":"user-7"}}}"#;
        let message = Message {
            keys: vec!["whsec_vkstripe0004"],
            event_id: "evt_sim_1",
            algorithm: "",
            seconds: "1783000100".to_owned(),
            body,
        };
        let expected =
            "t=1783000100,v1=10395ec7e3df70b33f2d9dd061b8975907e77507b2eac33ad169401ca938aa6f".to_owned();
        assert_eq!(headers(&message), [("stripe-signature", expected)]);
    }
}
