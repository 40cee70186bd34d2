//! The digest of the body with the secret behind it (developers.shuftipro.com, "Signature validation": the header `Signature`).

use std::fmt;

use http::HeaderName;
use ring::digest::{Context, SHA256 as DIGEST, digest};
use secrecy::{ExposeSecret, SecretString};

use super::WebhookVerifier;
use super::bytes::{SHA256, Signature};
use super::headers::single;
use super::keys::KeyError;
use crate::string_enum::string_enum;
use crate::{Assurance, Error, Result, VendorWord, WebhookRequest};

string_enum! {
    /// The form in which a secret stands behind the body.
    pub enum SuffixForm {
        /// The SHA-256 of the secret, in lower-case hex.
        Hashed = "hashed",
        /// The secret itself.
        Plain = "plain",
    }
}

/// Verifies the SHA-256 of a body and a secret behind it, in hex.
///
/// It is no HMAC, but its secret is a suffix, so a longer body cannot be signed by one who knows a signature. It signs no time: an old
/// webhook can be played again for ever.
#[derive(Clone)]
pub struct SuffixedDigest {
    suffixes: Vec<SecretString>,
    form: SuffixForm,
    header: HeaderName,
}

impl SuffixedDigest {
    /// A verifier for one or several secrets.
    ///
    /// # Errors
    /// When there is no secret, or one is empty.
    pub fn new(
        form: SuffixForm,
        secrets: &[SecretString],
        header: HeaderName,
    ) -> std::result::Result<Self, KeyError> {
        let suffix = |secret: &SecretString| match (form, secret.expose_secret()) {
            (_, "") => Err(KeyError::Empty),
            (SuffixForm::Plain, _) => Ok(secret.clone()),
            (SuffixForm::Hashed, text) => {
                Ok(base16ct::lower::encode_string(digest(&DIGEST, text.as_bytes()).as_ref()).into())
            }
        };
        let suffixes = secrets.iter().map(suffix).collect::<std::result::Result<Vec<_>, _>>()?;
        if suffixes.is_empty() { Err(KeyError::Missing) } else { Ok(Self { suffixes, form, header }) }
    }

    /// Verifies a webhook.
    ///
    /// # Errors
    /// [`ErrorKind::WebhookRejected`](crate::ErrorKind::WebhookRejected) when it is not authentic.
    pub fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<()> {
        let encoded = single(webhook.headers, &self.header, 2 * SHA256)?;
        let signature = Signature::<SHA256>::from_hex(encoded)
            .ok_or_else(|| Error::webhook_unverified("the signature is no SHA-256 in hex"))?;
        let mut body = Context::new(&DIGEST);
        body.update(webhook.body);
        let mut authentic = false;
        for suffix in &self.suffixes {
            let mut whole = body.clone();
            whole.update(suffix.expose_secret().as_bytes());
            authentic |= Signature::new(whole.finish().as_ref()).is_some_and(|right| right.is(&signature));
        }
        match authentic {
            true => Ok(()),
            false => Err(Error::webhook_unverified("the signature matches no configured secret")),
        }
    }
}

impl WebhookVerifier for SuffixedDigest {
    fn assurance(&self) -> Assurance {
        Assurance::Signed
    }

    fn verify(&self, webhook: &WebhookRequest<'_>) -> Result<Option<VendorWord>> {
        self.verify(webhook).map(|()| None)
    }
}

impl fmt::Debug for SuffixedDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SuffixedDigest")
            .field("form", &self.form)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}
