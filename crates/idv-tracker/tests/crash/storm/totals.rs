//! The totals of storms, for people: one table of all that are over.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The totals of a storm.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) kills: Count,
    pub(crate) outages: Count,
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
    pub(super) delivered: Count,
    pub(super) redelivered: Count,
    pub(super) undelivered: Count,
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

/// A column of the table.
type Column = (String, Vec<usize>);

static FINISHED: Mutex<Vec<Column>> = Mutex::new(Vec::new());

impl Totals {
    /// The names of all totals, and their values.
    fn all(&self) -> [(&'static str, &Count); 15] {
        [
            ("processes killed", &self.kills),
            ("outages of the database", &self.outages),
            ("applicants", &self.cases),
            ("starts sent", &self.starts),
            ("starts with an uncertain outcome", &self.uncertain),
            ("of them revealed by an event", &self.revealed),
            ("webhooks acknowledged", &self.acknowledged),
            ("duplicates of them", &self.duplicates),
            ("webhooks refused with 503", &self.refused),
            ("observations", &self.observations),
            ("transitions", &self.transitions),
            ("repeated to a consumer", &self.repetitions),
            ("delivered to the application", &self.delivered),
            ("delivered again", &self.redelivered),
            ("without an answer, or refused", &self.undelivered),
        ]
    }

    /// Adds a storm that is over, and gives the table of all of them.
    pub(super) fn finish(&self, name: String) -> String {
        let all = self.all();
        let mut finished = FINISHED.lock().unwrap();
        finished.push((name, all.iter().map(|(_, count)| count.get()).collect()));
        let width = finished.iter().map(|(name, _)| name.len() + 2).max().unwrap_or(0);
        let mut table = format!("{:34}", "");
        for (name, _) in finished.iter() {
            write!(table, "{name:>width$}").unwrap();
        }
        for (row, (name, _)) in all.iter().enumerate() {
            write!(table, "\n{name:34}").unwrap();
            for (_, values) in finished.iter() {
                write!(table, "{:>width$}", values[row]).unwrap();
            }
        }
        table
    }
}
