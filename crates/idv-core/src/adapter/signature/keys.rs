//! Keys of a scheme, checked when they are configured.

use ring::hmac::{Context, HMAC_SHA256, Key};
use subtle::ConstantTimeEq;

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

/// A decoded signature, in words: comparing two of them in constant time is cheaper than byte by byte.
#[derive(Clone, Copy)]
pub(super) struct Signature([u128; 2]);

impl Signature {
    /// A signature of the length of a SHA-256, and no other.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let (first, second) = bytes.split_first_chunk()?;
        Some(Self([u128::from_ne_bytes(*first), u128::from_ne_bytes(second.try_into().ok()?)]))
    }
}

/// HMAC-SHA256 under one of several keys, each prepared once.
#[derive(Clone)]
pub(super) struct HmacKeys(Vec<Key>);

impl HmacKeys {
    pub(super) fn new(keys: impl IntoIterator<Item = Result<Vec<u8>, KeyError>>) -> Result<Self, KeyError> {
        let mut prepared = Vec::new();
        for key in keys {
            let key = key?;
            if key.is_empty() {
                return Err(KeyError::Empty);
            }
            prepared.push(Key::new(HMAC_SHA256, &key));
        }
        if prepared.is_empty() { Err(KeyError::Missing) } else { Ok(Self(prepared)) }
    }

    /// Whether one of the signatures is that of the parts, joined by nothing, under one of the keys.
    pub(super) fn verify(
        &self,
        parts: &[&[u8]],
        signatures: impl Iterator<Item = Signature> + Clone,
    ) -> bool {
        let mut authentic = false;
        for key in &self.0 {
            let mut context = Context::with_key(key);
            parts.iter().for_each(|part| context.update(part));
            let Some(right) = Signature::new(context.sign().as_ref()) else { continue };
            for signature in signatures.clone() {
                authentic |= bool::from(right.0.ct_eq(&signature.0));
            }
        }
        authentic
    }
}
