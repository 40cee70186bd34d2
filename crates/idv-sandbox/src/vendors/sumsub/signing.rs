//! The signatures of Sumsub: of requests, of webhooks, and of the return to the application.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha512;
use utoipa::ToSchema;

use crate::sign::{hex, hmac_sha256};
use crate::webhooks::{HOUR, Headers, MINUTE, Message, Schedule, Scheme};

pub(super) const SCHEME: Scheme = Scheme {
    headers,
    proof: "x-payload-digest",
    overlap: 0,
    new_key: |random| random.word(32),
    new_endpoint_id: |random| random.hex(24),
    // Events have no id (Sumsub documentation, webhooks).
    new_event_id: |_| String::new(),
    type_fields: &["type"],
    content_field: "reviewResult",
    copied_fields: &[],
    approval: "GREEN",
};

/// Four retries, and five seconds to answer (Sumsub documentation, webhooks).
pub(super) const SCHEDULE: Schedule = Schedule {
    delays: &[5 * MINUTE, HOUR, 5 * HOUR, 18 * HOUR],
    patience: Duration::from_secs(5),
    refusal_is_final: false,
    disabled_after: None,
};

/// The algorithm that signs webhooks (Sumsub documentation, webhook manager).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SumsubDigest {
    /// `HMAC_SHA1_HEX`, of old webhooks.
    Sha1,
    /// `HMAC_SHA256_HEX`, the default.
    #[default]
    Sha256,
    /// `HMAC_SHA512_HEX`.
    Sha512,
}

impl SumsubDigest {
    /// The value of `x-payload-digest-alg`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "HMAC_SHA1_HEX",
            Self::Sha256 => "HMAC_SHA256_HEX",
            Self::Sha512 => "HMAC_SHA512_HEX",
        }
    }
}

/// The digest covers the raw body alone: there is no timestamp in it.
fn headers(message: &Message<'_>) -> Headers {
    let key = message.keys.first().copied().unwrap_or_default().as_bytes();
    let (name, digest) = match message.algorithm {
        "HMAC_SHA1_HEX" => ("HMAC_SHA1_HEX", hmac_sha1(key, message.body)),
        "HMAC_SHA512_HEX" => ("HMAC_SHA512_HEX", hmac_sha512(key, message.body)),
        _ => ("HMAC_SHA256_HEX", hmac_sha256(key, &[message.body]).to_vec()),
    };
    vec![("x-payload-digest", hex(&digest)), ("x-payload-digest-alg", name.to_owned())]
}

fn hmac_sha1(key: &[u8], body: &[u8]) -> Vec<u8> {
    let key = ring::hmac::Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    ring::hmac::sign(&key, body).as_ref().to_vec()
}

fn hmac_sha512(key: &[u8], body: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length; the error type exists for algorithms that do not.
    let Ok(mut mac) = Hmac::<Sha512>::new_from_slice(key) else { return Vec::new() };
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

/// The signature of a request: `target` is the request target as it was received, with path parameters and query.
pub(super) fn request_signature(
    secret: &str,
    seconds: &str,
    method: &str,
    target: &str,
    body: &[u8],
) -> String {
    let parts = [seconds.as_bytes(), method.as_bytes(), target.as_bytes(), body];
    hex(&hmac_sha256(secret.as_bytes(), &parts))
}

const WEEK: i64 = 7 * 24 * 60 * 60;

/// The `jwt` of the browser's return: HS256 under the raw key, valid for seven days (Sumsub documentation, links and
/// notifications).
pub(super) fn return_token(key: &str, now_seconds: i64, external_id: &str, client_id: &str) -> String {
    let (sub, aud) = (Value::from(external_id), Value::from(client_id));
    let claims = format!(
        r#"{{"iat":{now_seconds},"exp":{},"sub":{sub},"aud":{aud}}}"#,
        now_seconds.saturating_add(WEEK)
    );
    let signed =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#), URL_SAFE_NO_PAD.encode(claims));
    let signature = hmac_sha256(key.as_bytes(), &[signed.as_bytes()]);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_signed_as_the_vectors_say() {
        let id = "/resources/applicants/66f0a1b2c3d4e5f601234567";
        let link = r#"{"levelName":"sim level+kyc","userId":"user 7/é","ttlInSecs":1800}"#;
        for (seconds, method, target, body, signature) in [
            (
                "1783000000",
                "POST",
                "/resources/sdkIntegrations/levels/-/websdkLink?lang=en".to_owned(),
                link,
                "d5a746b30fa106e5e520efb67e1e7bec6c89c07b8f7d9e5b42e35925b24ddd08",
            ),
            (
                "1783000001",
                "GET",
                "/resources/applicants/-;externalUserId=user%207%2F%C3%A9/one".to_owned(),
                "",
                "0b0c8adcbda38ebabc374c6d9c0c8eded4e0dfbe991d7af56b1146cfea9b2b88",
            ),
            (
                "1783000002",
                "POST",
                "/resources/applicants?levelName=sim%20level%2Bkyc".to_owned(),
                r#"{"externalUserId":"user-7","type":"individual"}"#,
                "05956d4edbec1ba01df455162648e7f485d14f98f6b9aa6f23f96b5da0775bca",
            ),
            (
                "1783000003",
                "PATCH",
                format!("{id}/presence/deactivated"),
                "",
                "f7f353597cc489ea47b2c2db65ba67290ac46b4a335fb2abfac1bbd1faefe880",
            ),
            (
                "1783000004",
                "POST",
                format!("{id}/reset"),
                "",
                "39626815ca99f56adea90acbe1bbda7690a6546d78482784191393c590fd52e9",
            ),
        ] {
            let ours = request_signature("vk-sumsub-secret-01", seconds, method, &target, body.as_bytes());
            assert_eq!(ours, signature, "{target}");
        }
    }

    const W1: &str = r#"{"applicantId":"66f0a1b2c3d4e5f601234567","externalUserId":"user-7","type":"applicantReviewed","reviewStatus":"completed","reviewResult":{"reviewAnswer":"GREEN"},"createdAtMs":"2026-07-01 09:12:44.481"}"#;
    const W2: &str =
        r#"{"type":"applicantReset","externalUserId":"user-7","reviewStatus":"init","note":"café"}"#;

    #[test]
    fn webhooks_are_signed_as_the_vectors_say() {
        for (digest, body, signature) in [
            (SumsubDigest::Sha1, W1, "5814af7f59d1b6877b445853f665e41f2b644fad"),
            (SumsubDigest::Sha256, W1, "e79fcc5fe933f071170ce42dd6b1cf3e860cf2fcefd8995c67e96d358f70c36b"),
            (
                SumsubDigest::Sha512,
                W1,
                "0b3c4d5baa9b2bb4572e8e6f9047824334965ecf591abb26c0e64d15fb0a09c4f0e2ea718d98109a16fdee540b2d1959a787745a736a29ec1bed892679052cfd",
            ),
            (SumsubDigest::Sha256, W2, "2cac49d1d771c22589a2b4bf2c65ced2ede668da0397b3d91be19420ac6ac154"),
        ] {
            let message = Message {
                keys: vec!["vk-sumsub-webhook-02"],
                event_id: "",
                algorithm: digest.name(),
                seconds: String::new(),
                body: body.as_bytes(),
            };
            let expected = vec![
                ("x-payload-digest", signature.to_owned()),
                ("x-payload-digest-alg", digest.name().to_owned()),
            ];
            assert_eq!(headers(&message), expected);
        }
    }

    #[test]
    fn the_return_is_signed_as_the_vector_says() {
        let token = return_token("vk-jwt-key-05", 1_783_000_000, "user-7", "simclient");
        assert_eq!(
            token,
            "eyJhbGciOiJIUzI1NiJ9.eyJpYXQiOjE3ODMwMDAwMDAsImV4cCI6MTc4MzYwNDgwMCwic3ViIjoidXNlci03IiwiYXVkIjoic2ltY2xpZW50In0.am3Sw5pUWq6kolDGaEAeXV4send-BIESyHx6T3hIg_E"
        );
    }
}
