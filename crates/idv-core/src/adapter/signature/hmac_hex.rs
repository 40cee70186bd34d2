//! An HMAC in hex, with or without a signed timestamp (Baanx guide, "Webhooks: security": `X-Signature` with `X-Timestamp`; Sumsub,
//! `x-payload-digest`; Veriff, `x-hmac-signature`; Onfido, `X-SHA2-Signature`).

use std::fmt;

use http::HeaderName;
use secrecy::SecretString;

use crate::{Assurance, Result, VendorWord, WebhookRequest};

use super::form::HmacForm;
use super::formed::FormedHmac;
use super::keys::KeyError;
use super::{HmacAlgorithm, WebhookVerifier};

/// Verifies `timestamp.body`, or the bare body, under an HMAC with a key used as text.
///
/// Without a timestamp an old webhook can be played again for ever: deduplicate on the event's id.
#[derive(Clone)]
pub struct HmacHex(FormedHmac);

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
        FormedHmac::new(HmacForm::in_hex(algorithm, signature_header, timestamp_header), secrets).map(Self)
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        self.0.verify(webhook)
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
        let form = self.0.form();
        f.debug_struct("HmacHex")
            .field("algorithm", &form.algorithm)
            .field("signature_header", &form.header)
            .field("timestamp_header", &form.time_header)
            .finish_non_exhaustive()
    }
}
