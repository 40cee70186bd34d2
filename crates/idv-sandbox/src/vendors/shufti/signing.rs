//! The signature of callbacks and answers: a plain digest with the secret behind the body, in two variants (Shufti documentation, get
//! started and responses).

use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::sign::hex;
use crate::webhooks::{HOUR, Headers, MINUTE, Message, Schedule, Scheme};

/// The algorithm of accounts from before 15 March 2023.
pub(super) const OLD: &str = "old";

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "signature",
    overlap: 0,
    new_key: |random| random.word(40),
    new_endpoint_id: |random| random.uuid(),
    // Callbacks have no id.
    new_event_id: |_| String::new(),
    type_fields: &["event"],
    content_field: "verification_result",
    copied_fields: &["declined_reason", "declined_codes"],
    approval: "verification.accepted",
};

/// No page tells the schedule; this is one of the simulation.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[MINUTE, 10 * MINUTE, HOUR],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

fn headers(message: &Message<'_>) -> Headers {
    let key = message.keys.first().copied().unwrap_or_default();
    vec![("signature", signature(key, message.algorithm == OLD, message.body))]
}

/// SHA-256 of the raw body and the secret; younger accounts put the digest of the secret in its place.
pub(super) fn signature(secret: &str, is_old: bool, body: &[u8]) -> String {
    let suffix = if is_old { secret.to_owned() } else { hex(&Sha256::digest(secret.as_bytes())) };
    hex(&Sha256::new().chain_update(body).chain_update(suffix).finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors that were computed by hand.
    #[test]
    fn the_secret_stands_behind_the_body_as_text_or_as_digest() {
        let secret = "sim-shufti-secret";
        let accepted = br#"{"reference":"case-000042","event":"verification.accepted","email":"ada@example.test","country":"GB","verification_result":{"document":{"document":1}}}"#;
        let declined = br#"{"reference":"case-000042","event":"verification.declined","declined_reason":"Face could not be verified","declined_codes":["SPFA01"]}"#;
        for (is_old, body, expected) in [
            (false, &accepted[..], "3a1ecdab97d0b3daed2785a265a48b5d5411824325de373b7d5f836f10851559"),
            (true, accepted, "f4d45ac864e0556abe571515322740bf9bf2059e3df0b127fddf2288eb5163e1"),
            (false, declined, "7dc64061c43bf30f6c73c5d214308d7de9efa484a975053b91bfefd2b2107d92"),
        ] {
            assert_eq!(signature(secret, is_old, body), expected);
        }
    }
}
