//! A seeded random generator of ids and tokens, so that a run can be repeated.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Builder;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// SplitMix64. The values only have to look like a vendor's and differ from each other; nothing here is a secret. Clones
/// continue one sequence.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: Arc<AtomicU64>,
}

impl Random {
    /// `stream` gives each vendor of one sandbox its own sequence, although they share its seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let start = seed ^ stream.wrapping_mul(0xA24B_AED4_963E_E407);
        let random = Self { state: Arc::new(AtomicU64::new(start)) };
        random.next();
        random
    }

    pub(crate) fn next(&self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        // The addition wraps around in both places.
        let mut mixed = self.state.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, which must not be zero.
    pub(crate) fn below(&self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound as u64)).unwrap_or(0)
    }

    pub(crate) fn bytes(&self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }

    pub(crate) fn hex(&self, digits: usize) -> String {
        (0..digits).filter_map(|_| char::from_digit((self.next() >> 60) as u32, 16)).collect()
    }

    pub(crate) fn word(&self, letters: usize) -> String {
        (0..letters).map(|_| char::from(ALPHABET[self.below(ALPHABET.len())])).collect()
    }

    pub(crate) fn uuid(&self) -> String {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        Builder::from_random_bytes(wide.to_be_bytes()).into_uuid().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_seed_gives_one_sequence_and_streams_differ() {
        let draw = |seed, stream| Random::new(seed, stream).uuid();
        assert_eq!(draw(7, 1), draw(7, 1));
        assert_ne!(draw(7, 1), draw(7, 2));
        assert_ne!(draw(7, 1), draw(8, 1));
    }

    #[test]
    fn shapes_have_the_length_asked_for() {
        let random = Random::new(1, 1);
        assert_eq!(random.hex(32).len(), 32);
        assert_eq!(random.word(27).len(), 27);
        assert_eq!(random.bytes(24).len(), 24);
    }
}
