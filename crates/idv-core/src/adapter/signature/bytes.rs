//! The bytes of a signature, whose length is that of the hash function.

use subtle::ConstantTimeEq;

/// Bytes of an HMAC-SHA1.
pub(super) const SHA1: usize = 20;
/// Bytes of an HMAC-SHA256.
pub(super) const SHA256: usize = 32;
/// Bytes of an HMAC-SHA512.
pub(super) const SHA512: usize = 64;

/// A decoded signature of one length, and no other.
#[derive(Clone, Copy)]
pub(super) struct Signature<const LENGTH: usize>([u8; LENGTH]);

impl<const LENGTH: usize> Signature<LENGTH> {
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// A signature in hex, in either case.
    pub(super) fn from_hex(encoded: &str) -> Option<Self> {
        Self::new(base16ct::mixed::decode(encoded, &mut [0; LENGTH]).ok()?)
    }

    /// Whether two signatures are the same, in constant time. Words of 16 bytes are cheaper to compare than bytes.
    pub(super) fn is(&self, other: &Self) -> bool {
        let ((words, rest), (other_words, other_rest)) = (self.0.as_chunks(), other.0.as_chunks());
        let mut same = rest.ct_eq(other_rest);
        for (word, other) in words.iter().zip(other_words) {
            same &= u128::from_ne_bytes(*word).ct_eq(&u128::from_ne_bytes(*other));
        }
        same.into()
    }
}
