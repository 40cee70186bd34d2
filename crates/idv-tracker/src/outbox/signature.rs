//! Signatures of the Standard Webhooks format.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;

use super::delivery_error::DeliveryError;

/// The lengths of a key that Standard Webhooks allows, in bytes.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// Signs with every secret: during a rotation, the receiver accepts the one that it has.
#[derive(Clone)]
pub(super) struct Signer(Vec<Hmac<Sha256>>);

impl Signer {
    pub(super) fn new(secrets: &[SecretString]) -> Result<Self, DeliveryError> {
        if secrets.is_empty() {
            return Err(DeliveryError::NoSecret);
        }
        let keyed =
            (1..).zip(secrets).map(|(number, secret)| key(secret).ok_or(DeliveryError::Secret { number }));
        keyed.collect::<Result<_, _>>().map(Self)
    }

    /// The value of the header `webhook-signature`.
    pub(super) fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{id}.{timestamp}.");
        let signatures = self.0.iter().map(|key| {
            let mac = key.clone().chain_update(head.as_bytes()).chain_update(body);
            format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
        });
        signatures.collect::<Vec<_>>().join(" ")
    }

    /// How many secrets there are.
    pub(super) fn secrets(&self) -> usize {
        self.0.len()
    }
}

fn key(secret: &SecretString) -> Option<Hmac<Sha256>> {
    let key = STANDARD.decode(secret.expose_secret().strip_prefix("whsec_")?).ok()?;
    let is_usual = LENGTHS.contains(&key.len());
    is_usual.then(|| Hmac::new_from_slice(&key).ok()).flatten()
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer([redacted])")
    }
}
