//! The signatures of events, and their retries (Persona documentation, webhook best practices).

use std::time::Duration;

use crate::random::Random;
use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, Headers, Message, SECOND, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "persona-signature",
    // A rotation says itself how long the old secret lives; the simulation lets it live for a day.
    overlap: 24 * HOUR,
    new_key: |random| format!("wbhsec_{}", random.word(32)),
    new_endpoint_id: |random| format!("wbh_{}", random.word(20)),
    new_event_id,
    type_fields: &["/data/attributes/name"],
    content_field: "/data/attributes/payload/data",
    copied_fields: &[],
    approval: "approved",
};

/// Eight attempts, each after the documented number of seconds.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[
        3 * SECOND,
        66 * SECOND,
        731 * SECOND,
        4098 * SECOND,
        15_627 * SECOND,
        46_658 * SECOND,
        117_651 * SECOND,
    ],
    patience: Duration::from_secs(5),
    refusal_is_final: false,
    disabled_after: None,
};

pub(super) fn new_event_id(random: &Random) -> String {
    format!("evt_{}", random.word(20))
}

/// A set of time and signature for each secret that lives, separated by blanks.
fn headers(message: &Message<'_>) -> Headers {
    let sets: Vec<String> = message
        .keys
        .iter()
        .map(|key| format!("t={},v1={}", message.seconds, signature(key, message)))
        .collect();
    vec![("persona-signature", sets.join(" "))]
}

/// Lower-case hexadecimal HMAC-SHA256 of the time, a dot and the body.
fn signature(secret: &str, message: &Message<'_>) -> String {
    hex(&hmac_sha256(secret.as_bytes(), &[message.seconds.as_bytes(), b".", message.body]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A vector that was computed by hand, during a rotation.
    #[test]
    fn each_secret_signs_a_set_of_its_own() {
        let body = br#"{"data":{"type":"event","id":"evt_sim0000000000000001","attributes":{"name":"inquiry.approved","created-at":"2026-07-01T09:00:00.000Z","payload":{"data":{"type":"inquiry","id":"inq_sim000000000000000001","attributes":{"status":"approved","reference-id":"user-42"}}}}}}"#;
        let message = Message {
            keys: vec!["wbhsec_sim-0001", "wbhsec_sim-0000"],
            event_id: "",
            algorithm: "",
            seconds: "1782896400".to_owned(),
            body,
        };
        let expected = "t=1782896400,v1=de196ca1a860f408ee565a4ea09a498f3ebd75f398ea48683288859422714dfa \
                        t=1782896400,v1=2c79dca1f6dd65f4fefd7ffde52e0388a8f28c2c3b76ad015a7cfca463590365";
        assert_eq!(headers(&message), [("persona-signature", expected.to_owned())]);
    }
}
