//! Choices that come again with the same seed.

use proptest::strategy::{Just, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The seed of all choices and of all simulated vendors here.
pub(crate) const SEED: u8 = 7;

/// A row of choices.
#[derive(Debug)]
pub(crate) struct Dice(TestRunner);

impl Dice {
    /// A row of its own for each number, whatever the order in which they are thrown.
    pub(crate) fn of(number: usize) -> Self {
        let mut seed = [SEED; 32];
        seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
        Self(TestRunner::new_with_rng(Config::default(), rng))
    }

    pub(crate) fn throw<S: Strategy>(&mut self, strategy: S) -> S::Value {
        strategy.new_tree(&mut self.0).expect("a value").current()
    }

    pub(crate) fn pick<T: Clone + std::fmt::Debug + 'static>(&mut self, from: &[T]) -> T {
        self.throw(proptest::sample::select(from.to_vec()))
    }

    pub(crate) fn shuffle<T: Clone + std::fmt::Debug>(&mut self, all: &mut Vec<T>) {
        *all = self.throw(Just(all.clone()).prop_shuffle());
    }
}
