//! The schemes of webhook signatures, as data.

use http::HeaderName;
use secrecy::SecretString;

use super::{HmacAlgorithm, HmacHex, KeyError, SharedSecret, Svix, TimestampedHmac, WebhookVerifier};
use crate::Assurance;

/// The scheme by which a vendor shows that a webhook is its own.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// Svix, also known as Standard Webhooks: see [`Svix`].
    Svix,
    /// An HMAC in hex, alone in its header: see [`HmacHex`].
    HmacHex {
        /// The hash function of the HMAC.
        algorithm: HmacAlgorithm,
        /// The header with the signature.
        signature_header: HeaderName,
        /// The header with the seconds since 1970, signed as `timestamp.body`. Without one the bare body is signed.
        timestamp_header: Option<HeaderName>,
    },
    /// The time and HMACs in hex in one header, `t=…,v1=…`: see [`TimestampedHmac`].
    TimestampedHmac {
        /// The hash function of the HMAC.
        algorithm: HmacAlgorithm,
        /// The header with the time and the signatures.
        header: HeaderName,
    },
    /// A header that holds the secret itself: see [`SharedSecret`].
    SharedSecret {
        /// The header with the secret.
        header: HeaderName,
    },
}

impl SignatureScheme {
    /// The assurance that a verified webhook has.
    #[must_use]
    pub fn assurance(&self) -> Assurance {
        match self {
            Self::Svix | Self::HmacHex { .. } | Self::TimestampedHmac { .. } => Assurance::Signed,
            Self::SharedSecret { .. } => Assurance::SharedSecret,
        }
    }

    /// The verifier of this scheme for one or several secrets.
    ///
    /// # Errors
    /// When there is no secret, or one is empty or has not the form that the scheme asks for.
    pub fn verifier(&self, secrets: &[SecretString]) -> Result<Box<dyn WebhookVerifier>, KeyError> {
        Ok(match self {
            Self::Svix => Box::new(Svix::new(secrets)?),
            Self::HmacHex { algorithm, signature_header, timestamp_header } => {
                let (signature, timestamp) = (signature_header.clone(), timestamp_header.clone());
                Box::new(HmacHex::with_algorithm(*algorithm, secrets, signature, timestamp)?)
            }
            Self::TimestampedHmac { algorithm, header } => {
                Box::new(TimestampedHmac::new(*algorithm, secrets, header.clone())?)
            }
            Self::SharedSecret { header } => Box::new(SharedSecret::new(secrets, header.clone())?),
        })
    }
}
