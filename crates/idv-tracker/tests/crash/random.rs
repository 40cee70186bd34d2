//! Random numbers from a seed.

use std::sync::Mutex;
use std::time::Duration;

/// The seed of a run.
pub(crate) fn seed() -> u64 {
    number_of("IDV_CRASH_SEED").unwrap_or(7)
}

/// A number in an environment variable.
pub(crate) fn number_of(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

/// SplitMix64, shared by all tasks of a test.
#[derive(Debug)]
pub(crate) struct Random(Mutex<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }

    fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    pub(crate) fn one_in(&self, count: usize) -> bool {
        self.below(count) == 0
    }

    pub(crate) fn up_to(&self, most: Duration) -> Duration {
        Duration::from_micros(self.next() % u64::try_from(most.as_micros()).unwrap().max(1))
    }
}
