//! Hashes that say nothing to whoever has not the key.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use idv_core::Randomness;
use sha2::{Digest, Sha256};

/// What HMAC-SHA256 makes of every key.
const BLOCK: usize = 64;

/// HMAC-SHA256 under one key.
#[derive(Clone)]
pub(crate) struct KeyedHash(Hmac<Sha256>);

impl KeyedHash {
    /// A key of any length. As HMAC has it, one that is longer than a block is hashed.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(start) = block.get_mut(..key.len()) {
            start.copy_from_slice(key);
        } else {
            block[..32].copy_from_slice(&Sha256::digest(key));
        }
        Self(Hmac::new(&block.into()))
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
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part.as_bytes());
        }
        let digest = mac.finalize().into_bytes();
        digest.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
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
