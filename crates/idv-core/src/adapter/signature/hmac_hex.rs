//! An HMAC in hex, with or without a signed timestamp (Baanx guide, "Webhooks: security": `X-Signature` with `X-Timestamp`; Sumsub,
//! `x-payload-digest`; Veriff, `x-hmac-signature`; Onfido, `X-SHA2-Signature`).

use std::fmt;
use std::iter::once;

use http::HeaderName;
use secrecy::SecretString;

use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

use super::bytes::{SHA1, SHA256, SHA512, Signature};
use super::headers::{fresh_timestamp, single};
use super::keys::{HmacKeys, KeyError};
use super::{HmacAlgorithm, WebhookVerifier};

/// Verifies `timestamp.body`, or the bare body, under an HMAC with a key used as text.
///
/// Without a timestamp an old webhook can be played again for ever: deduplicate on the event's id.
#[derive(Clone)]
pub struct HmacHex {
    keys: HmacKeys,
    signature_header: HeaderName,
    timestamp_header: Option<HeaderName>,
}

impl HmacHex {
    /// A verifier of HMAC-SHA256 for one or several secrets. Without `timestamp_header` the bare body is signed.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(
        secrets: &[SecretString],
        signature_header: HeaderName,
        timestamp_header: Option<HeaderName>,
    ) -> std::result::Result<Self, KeyError> {
        Self::with_algorithm(HmacAlgorithm::Sha256, secrets, signature_header, timestamp_header)
    }

    /// A verifier like [`new`](Self::new) of an HMAC with another hash function.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn with_algorithm(
        algorithm: HmacAlgorithm,
        secrets: &[SecretString],
        signature_header: HeaderName,
        timestamp_header: Option<HeaderName>,
    ) -> std::result::Result<Self, KeyError> {
        Ok(Self { keys: HmacKeys::of_texts(algorithm, secrets)?, signature_header, timestamp_header })
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        match self.keys.algorithm() {
            HmacAlgorithm::Sha1 => self.verify_bytes::<SHA1>(webhook),
            HmacAlgorithm::Sha256 => self.verify_bytes::<SHA256>(webhook),
            HmacAlgorithm::Sha512 => self.verify_bytes::<SHA512>(webhook),
        }
    }

    fn verify_bytes<const LENGTH: usize>(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        let timestamp = match &self.timestamp_header {
            Some(name) => Some(fresh_timestamp(webhook.headers, name, webhook.received_at)?),
            None => None,
        };
        let encoded = single(webhook.headers, &self.signature_header, 2 * LENGTH)?;
        let signature = Signature::<LENGTH>::from_hex(encoded).ok_or_else(|| {
            let algorithm = self.keys.algorithm();
            Error::webhook_unverified(format!("the signature is no HMAC of `{algorithm}` in hex"))
        })?;
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

impl WebhookVerifier for HmacHex {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl fmt::Debug for HmacHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HmacHex")
            .field("algorithm", &self.keys.algorithm())
            .field("signature_header", &self.signature_header)
            .field("timestamp_header", &self.timestamp_header)
            .finish_non_exhaustive()
    }
}
