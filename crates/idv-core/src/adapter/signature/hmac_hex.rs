//! HMAC-SHA256 in hex, with or without a signed timestamp (Baanx guide, "Webhooks: security").

use std::fmt;
use std::iter::once;

use http::HeaderName;
use secrecy::{ExposeSecret, SecretString};

use crate::{Error, Result, WebhookRequest};

use super::headers::{fresh_timestamp, single};
use super::keys::{HmacKeys, KeyError, Signature};

/// Characters of a SHA-256 in hex.
const HEX_LENGTH: usize = 64;

/// Verifies `timestamp.body`, or the bare body, under HMAC-SHA256 with a key used as text.
///
/// Without a timestamp an old webhook can be played again for ever: deduplicate on the event's id.
#[derive(Clone)]
pub struct HmacHex {
    keys: HmacKeys,
    signature_header: HeaderName,
    timestamp_header: Option<HeaderName>,
}

impl HmacHex {
    /// A verifier for one or several secrets. Without `timestamp_header` the bare body is signed.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(
        secrets: &[SecretString],
        signature_header: HeaderName,
        timestamp_header: Option<HeaderName>,
    ) -> std::result::Result<Self, KeyError> {
        let keys = HmacKeys::new(secrets.iter().map(|key| Ok(key.expose_secret().as_bytes().to_vec())))?;
        Ok(Self { keys, signature_header, timestamp_header })
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        let timestamp = match &self.timestamp_header {
            Some(name) => Some(fresh_timestamp(webhook.headers, name, webhook.received_at)?),
            None => None,
        };
        let encoded = single(webhook.headers, &self.signature_header, HEX_LENGTH)?;
        let signature =
            decode(encoded).ok_or_else(|| Error::webhook_unverified("the signature is no SHA-256 in hex"))?;
        let authentic = match timestamp {
            Some(timestamp) => self.keys.verify(&[timestamp.as_bytes(), b".", webhook.body], once(signature)),
            None => self.keys.verify(&[webhook.body], once(signature)),
        };
        if authentic {
            Ok(())
        } else {
            Err(Error::webhook_unverified("the signature matches no configured secret"))
        }
    }
}

fn decode(encoded: &str) -> Option<Signature> {
    Signature::new(base16ct::mixed::decode(encoded, &mut [0; HEX_LENGTH / 2]).ok()?)
}

impl fmt::Debug for HmacHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacHex")
            .field("signature_header", &self.signature_header)
            .field("timestamp_header", &self.timestamp_header)
            .finish_non_exhaustive()
    }
}
