//! The schemes of webhook signatures, as data.

use http::HeaderName;
use secrecy::SecretString;

use super::form::HmacForm;
use super::formed::FormedHmac;
use super::unsigned::Unsigned;
use super::{KeyError, SharedSecret, SuffixForm, SuffixedDigest, Svix, WebhookVerifier};
use crate::Assurance;

/// The scheme by which a vendor shows that a webhook is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// Svix, also known as Standard Webhooks: see [`Svix`].
    Svix,
    /// An HMAC in any form.
    Hmac(HmacForm),
    /// The SHA-256 of the body and the secret behind it: see [`SuffixedDigest`].
    SuffixedDigest {
        /// How the secret stands behind the body.
        form: SuffixForm,
        /// The header with the digest.
        header: HeaderName,
    },
    /// A header that holds the secret itself: see [`SharedSecret`].
    SharedSecret {
        /// The header with the secret.
        header: HeaderName,
    },
    /// Nothing shows who sent a webhook.
    Unsigned,
}

impl SignatureScheme {
    /// The assurance that a verified webhook has.
    #[must_use]
    pub fn assurance(&self) -> Assurance {
        match self {
            Self::Svix | Self::Hmac(_) | Self::SuffixedDigest { .. } => Assurance::Signed,
            Self::Unsigned => Assurance::Unsigned,
            Self::SharedSecret { .. } => Assurance::SharedSecret,
        }
    }

    /// The verifier of this scheme for one or several secrets; an unsigned scheme has none.
    ///
    /// # Errors
    /// When there is no secret, or one is empty or has not the form that the scheme asks for.
    pub fn verifier(&self, secrets: &[SecretString]) -> Result<Box<dyn WebhookVerifier>, KeyError> {
        Ok(match self {
            Self::Svix => Box::new(Svix::new(secrets)?),
            Self::Hmac(form) => Box::new(FormedHmac::new(form.clone(), secrets)?),
            Self::SuffixedDigest { form, header } => {
                Box::new(SuffixedDigest::new(*form, secrets, header.clone())?)
            }
            Self::Unsigned => Box::new(Unsigned),
            Self::SharedSecret { header } => Box::new(SharedSecret::new(secrets, header.clone())?),
        })
    }
}
