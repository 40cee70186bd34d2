//! The signed tokens of webhooks, and their keys (Plaid documentation, webhook verification).

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::sign::hex;
use crate::webhooks::{HOUR, Headers, MINUTE, Message, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "plaid-verification",
    overlap: 0,
    new_key: |_| new_key(),
    new_endpoint_id: |random| random.uuid(),
    // Webhooks have no id.
    new_event_id: |_| String::new(),
    type_fields: &["webhook_code"],
    content_field: "identity_verification_id",
    copied_fields: &[],
    approval: "success",
};

/// No page that was read tells the schedule; this is one of the simulation.
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[MINUTE, 10 * MINUTE, HOUR],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
    disabled_after: None,
};

/// A private key in base64. It is the one thing in the sandbox that no seed repeats.
fn new_key() -> String {
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    key.map(|key| URL_SAFE_NO_PAD.encode(key)).unwrap_or_default()
}

fn key_pair(key: &str) -> Option<EcdsaKeyPair> {
    let document = URL_SAFE_NO_PAD.decode(key).ok()?;
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document, &SystemRandom::new()).ok()
}

/// The id of a key: a digest of its public half.
fn key_id(pair: &EcdsaKeyPair) -> String {
    hex(&Sha256::digest(pair.public_key()))[..32].to_owned()
}

/// A token with the digest of the body.
fn headers(message: &Message<'_>) -> Headers {
    let token = message.keys.first().and_then(|key| token(key, message)).unwrap_or_default();
    vec![("plaid-verification", token)]
}

fn token(key: &str, message: &Message<'_>) -> Option<String> {
    let pair = key_pair(key)?;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let head = json!({ "alg": "ES256", "kid": key_id(&pair), "typ": "JWT" });
    let issued_at: i64 = message.seconds.parse().ok()?;
    let claims = json!({ "iat": issued_at, "request_body_sha256": hex(&Sha256::digest(message.body)) });
    let signed = format!("{}.{}", part(&head), part(&claims));
    let signature = pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The public half of the key, if it has this id.
pub(super) fn public_key(key: &str, id: &str, now: i64) -> Option<Value> {
    let pair = key_pair(key).filter(|pair| key_id(pair) == id)?;
    // An uncompressed point: 4, then both coordinates.
    let (x, y) = pair.public_key().as_ref().get(1..)?.split_at_checked(32)?;
    Some(json!({
        "alg": "ES256", "crv": "P-256", "kty": "EC", "use": "sig", "kid": id,
        "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        "created_at": now.div_euclid(1000), "expired_at": null,
    }))
}
