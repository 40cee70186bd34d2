//! Health: whether the store is reached, and whether its work is done in time.

use std::time::Duration;

use serde::Serialize;

use crate::{Counts, StoreError, Tracker};

/// How long the oldest due verification may be overdue.
const OVERDUE: Duration = Duration::from_secs(600);

/// The state of a tracker's work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// The counts that it follows from.
    pub counts: Counts,
    /// Backlogs that an operator should look at; empty where all is well.
    pub concerns: Vec<Concern>,
}

/// Something that an operator should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Concern {
    /// Due verifications are not polled in time: too few workers, or a vendor's rate that is used up.
    Overdue,
    /// Starts lost their answers, and their sessions are not known.
    UncertainStarts,
    /// The vendor refuses to say more of some verifications.
    WaitingForOperator,
    /// The application's URL refused transitions for good.
    DeadLetters,
}

impl Health {
    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.concerns.is_empty()
    }

    fn of(counts: Counts) -> Self {
        let overdue = i64::try_from(OVERDUE.as_millis()).unwrap_or(i64::MAX);
        let concerns = [
            (counts.overdue_ms > overdue, Concern::Overdue),
            (counts.uncertain > 0, Concern::UncertainStarts),
            (counts.waiting_for_operator > 0, Concern::WaitingForOperator),
            (counts.dead > 0, Concern::DeadLetters),
        ];
        let concerns =
            concerns.into_iter().filter_map(|(is_there, concern)| is_there.then_some(concern)).collect();
        Self { counts, concerns }
    }
}

impl Tracker {
    /// Whether the store is reached, and whether its work is done in time.
    ///
    /// # Errors
    /// [`StoreError`] where the database is not reached.
    pub async fn health(&self) -> Result<Health, StoreError> {
        Ok(Health::of(self.counts().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_backlog_is_a_concern_of_its_own() {
        let concerns = |change: fn(&mut Counts)| {
            let mut counts = Counts::default();
            change(&mut counts);
            Health::of(counts).concerns
        };
        assert!(Health::of(Counts::default()).is_well());
        assert_eq!(concerns(|counts| counts.overdue_ms = 600_001), [Concern::Overdue]);
        assert_eq!(concerns(|counts| counts.overdue_ms = 600_000), []);
        assert_eq!(concerns(|counts| counts.uncertain = 1), [Concern::UncertainStarts]);
        assert_eq!(concerns(|counts| counts.waiting_for_operator = 1), [Concern::WaitingForOperator]);
        assert_eq!(concerns(|counts| counts.dead = 1), [Concern::DeadLetters]);
        assert_eq!(concerns(|counts| counts.parked = 5), [], "they are joined or forgotten");
    }
}
