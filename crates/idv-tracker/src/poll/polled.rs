//! The result of a round of polling.

/// The result of a round of polling.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Polled {
    /// How many checks were made.
    pub checks: usize,
    /// How many of them changed a state.
    pub news: usize,
    /// How many were not settled, because the lease was over and another worker had claimed the verification.
    pub lost: usize,
}

impl std::ops::AddAssign for Polled {
    fn add_assign(&mut self, other: Self) {
        self.checks += other.checks;
        self.news += other.news;
        self.lost += other.lost;
    }
}
