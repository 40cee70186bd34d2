//! The totals of a storm, for people.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The totals of a storm.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) kills: Count,
    pub(super) cases: Count,
    pub(super) starts: Count,
    pub(super) uncertain: Count,
    pub(super) revealed: Count,
    pub(crate) acknowledged: Count,
    pub(super) duplicates: Count,
    pub(crate) refused: Count,
    pub(super) observations: Count,
    pub(super) transitions: Count,
    pub(super) repetitions: Count,
}

/// A number that grows.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicUsize);

impl Count {
    pub(crate) fn add(&self, count: usize) {
        self.0.fetch_add(count, Ordering::SeqCst);
    }

    pub(crate) fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [
            ("kills", &self.kills),
            ("applicants", &self.cases),
            ("starts sent", &self.starts),
            ("uncertain", &self.uncertain),
            ("of them revealed by an event", &self.revealed),
            ("webhooks acknowledged", &self.acknowledged),
            ("duplicates", &self.duplicates),
            ("webhooks refused with 503", &self.refused),
            ("observations", &self.observations),
            ("transitions", &self.transitions),
            ("repetitions in the log", &self.repetitions),
        ];
        let all = all.map(|(name, count)| format!("{} {name}", count.get()));
        f.write_str(&all.join(", "))
    }
}
