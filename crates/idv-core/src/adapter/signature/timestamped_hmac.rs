//! The time and HMACs in hex in one header (docs.stripe.com, `Stripe-Signature`; docs.withpersona.com, "Webhooks": `Persona-Signature`).

use std::fmt;

use http::HeaderName;
use secrecy::SecretString;

use crate::{Assurance, Result, VendorWord, WebhookRequest};

use super::form::HmacForm;
use super::formed::FormedHmac;
use super::keys::KeyError;
use super::{HmacAlgorithm, WebhookVerifier};

/// Verifies `t.body` under an HMAC with a key used as text, where one header holds `t=seconds,v1=hex`.
///
/// Any number of `v1` may follow a `t`, and during a rotation several such sets follow each other: `t=1,v1=a t=1,v1=b`. A
/// signature belongs to the last `t` before it. The webhook is authentic where one signature is right and its own time is
/// within [`TOLERANCE_SECONDS`](super::TOLERANCE_SECONDS). Entries of other names than `t` and `v1` are passed over. Blanks and
/// commas both separate entries, so that sets which a proxy joined with commas are read like those that the sender listed.
#[derive(Clone)]
pub struct TimestampedHmac(FormedHmac);

impl TimestampedHmac {
    /// A verifier for one or several secrets.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(
        algorithm: HmacAlgorithm,
        secrets: &[SecretString],
        header: HeaderName,
    ) -> std::result::Result<Self, KeyError> {
        FormedHmac::new(HmacForm::timestamped(algorithm, header), secrets).map(Self)
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        self.0.verify(webhook)
    }
}

impl WebhookVerifier for TimestampedHmac {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl fmt::Debug for TimestampedHmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = self.0.form();
        f.debug_struct("TimestampedHmac")
            .field("algorithm", &form.algorithm)
            .field("header", &form.header)
            .finish_non_exhaustive()
    }
}
