//! Keys of a scheme, checked when they are configured.

use ring::hmac::{Context, Key};
use secrecy::{ExposeSecret, SecretString};

use super::HmacAlgorithm;
use super::bytes::Signature;

/// Why a webhook secret cannot be used. It never repeats the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is none: nothing could be verified.
    #[error("at least one webhook secret is needed")]
    Missing,
    /// An empty secret would accept anybody.
    #[error("a webhook secret must not be empty")]
    Empty,
    /// Not a Svix secret.
    #[error("a Svix webhook secret is `whsec_` followed by base64")]
    NotSvix,
}

/// HMAC under one of several keys, each prepared once.
#[derive(Clone)]
pub(super) struct HmacKeys(Vec<Key>);

impl HmacKeys {
    pub(super) fn new(
        algorithm: HmacAlgorithm,
        keys: impl IntoIterator<Item = Result<Vec<u8>, KeyError>>,
    ) -> Result<Self, KeyError> {
        let mut prepared = Vec::new();
        for key in keys {
            let key = key?;
            if key.is_empty() {
                return Err(KeyError::Empty);
            }
            prepared.push(Key::new(algorithm.of_ring(), &key));
        }
        if prepared.is_empty() { Err(KeyError::Missing) } else { Ok(Self(prepared)) }
    }

    /// Keys that are used as the text that they are.
    pub(super) fn of_texts(algorithm: HmacAlgorithm, secrets: &[SecretString]) -> Result<Self, KeyError> {
        Self::new(algorithm, secrets.iter().map(|key| Ok(key.expose_secret().as_bytes().to_vec())))
    }

    /// Whether one of the signatures is that of the parts, joined by nothing, under one of the keys. Signatures of another
    /// length than the hash function has are never right.
    pub(super) fn verify<const LENGTH: usize>(
        &self,
        parts: &[&[u8]],
        signatures: impl Iterator<Item = Signature<LENGTH>> + Clone,
    ) -> bool {
        let mut authentic = false;
        for key in &self.0 {
            let mut context = Context::with_key(key);
            parts.iter().for_each(|part| context.update(part));
            let Some(right) = Signature::new(context.sign().as_ref()) else { continue };
            for signature in signatures.clone() {
                authentic |= right.is(&signature);
            }
        }
        authentic
    }
}
