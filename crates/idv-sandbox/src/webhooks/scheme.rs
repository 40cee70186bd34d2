//! The signature schemes of the vendors.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::sign::{hex, hmac_sha256};
use crate::vendor::Vendor;

/// The time for which Svix signs with the replaced secret too (Svix documentation, rotating secrets).
const OVERLAP: i64 = 24 * 60 * 60 * 1000;

/// The signing key of an endpoint, and at nxos the one before it.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub(crate) current: String,
    previous: Option<(String, i64)>,
}

impl Keys {
    pub(crate) fn new(current: String) -> Self {
        Self { current, previous: None }
    }

    /// Replaces the key. At nxos both keys sign for a day; elsewhere the old one ends at once (Baanx API reference,
    /// Rotate key).
    pub(crate) fn rotate(&mut self, vendor: Vendor, fresh: String, now: i64) {
        let old = std::mem::replace(&mut self.current, fresh);
        self.previous = (vendor == Vendor::Nxos).then(|| (old, now.saturating_add(OVERLAP)));
    }

    fn live(&self, now: i64) -> impl Iterator<Item = &str> {
        let previous = self.previous.as_ref().filter(|(_, until)| now < *until);
        std::iter::once(self.current.as_str()).chain(previous.map(|(key, _)| key.as_str()))
    }

    /// The headers that go with a body sent at `timestamp`, in milliseconds.
    pub(crate) fn headers(
        &self,
        vendor: Vendor,
        event_id: &str,
        body: &[u8],
        now: i64,
        timestamp: i64,
    ) -> Vec<(&'static str, String)> {
        let seconds = timestamp.div_euclid(1000).to_string();
        match vendor {
            Vendor::Nxos => {
                let signatures: Vec<String> =
                    self.live(now).map(|key| svix(key, event_id, &seconds, body)).collect();
                vec![
                    ("svix-id", event_id.to_owned()),
                    ("svix-timestamp", seconds),
                    ("svix-signature", signatures.join(" ")),
                ]
            }
            Vendor::Baanx => {
                let signature = hmac_sha256(self.current.as_bytes(), &[seconds.as_bytes(), b".", body]);
                vec![("X-Timestamp", seconds), ("X-Signature", hex(&signature))]
            }
            // The header holds the secret itself; the body is not signed (deepidv documentation, webhooks overview).
            Vendor::SessionApi => vec![("deepidv-signature", self.current.clone())],
        }
    }
}

/// Whether the header proves the origin of a webhook.
pub(crate) fn is_proof(header: &str) -> bool {
    matches!(header, "svix-signature" | "X-Signature" | "deepidv-signature")
}

/// HMAC-SHA256 of `id.timestamp.body` under the decoded secret (Svix documentation, verifying payloads by hand).
fn svix(secret: &str, id: &str, seconds: &str, body: &[u8]) -> String {
    let key = secret.strip_prefix("whsec_").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let signature = hmac_sha256(&key, &[id.as_bytes(), b".", seconds.as_bytes(), b".", body]);
    format!("v1,{}", STANDARD.encode(signature))
}
