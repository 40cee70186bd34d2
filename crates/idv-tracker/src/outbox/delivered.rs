//! The result of sending what was due.

/// The result of sending what was due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// How many transitions the application accepted.
    pub accepted: usize,
    /// How many are sent again later.
    pub postponed: usize,
    /// How many became dead letters.
    pub dead: usize,
    /// How many were not settled, because the lease was over and another worker had claimed the transition.
    pub lost: usize,
}

impl std::ops::AddAssign for Delivered {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.postponed += other.postponed;
        self.dead += other.dead;
        self.lost += other.lost;
    }
}
