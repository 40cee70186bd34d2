//! Keyed hashes (HMAC-SHA256): without the key, they reveal nothing of the text.

use std::fmt;

use idv_core::Randomness;
use ring::hmac::{Context, HMAC_SHA256, Key};

/// HMAC-SHA256 under one key.
#[derive(Clone)]
pub(crate) struct KeyedHash(Key);

impl KeyedHash {
    /// A key of any length.
    pub(crate) fn new(key: &[u8]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// A key of 256 random bits.
    pub(crate) fn random(random: &dyn Randomness) -> Self {
        let mut key = [0; 32];
        key[..16].copy_from_slice(&random.bits().to_be_bytes());
        key[16..].copy_from_slice(&random.bits().to_be_bytes());
        Self::new(&key)
    }

    /// The upper 128 bits of the hash of all parts, one after the other. Parts must be such that no others read the same.
    pub(crate) fn of(&self, parts: &[&str]) -> u128 {
        let mut context = Context::with_key(&self.0);
        for part in parts {
            context.update(part.as_bytes());
        }
        context.sign().as_ref().iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }
}

impl fmt::Debug for KeyedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyedHash").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test cases 2 and 6: a short key, and one that is longer than a block.
    #[test]
    fn the_hashes_are_those_of_the_standard() {
        let short = KeyedHash::new(b"Jefe");
        assert_eq!(
            short.of(&["what do ya want ", "for nothing?"]),
            0x5bdc_c146_bf60_754e_6a04_2426_0895_75c7
        );
        let long = KeyedHash::new(&[0xaa; 131]);
        let text = "Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(long.of(&[text]), 0x60e4_3159_1ee0_b67f_0d8a_26aa_cbf5_b77f);
    }
}
