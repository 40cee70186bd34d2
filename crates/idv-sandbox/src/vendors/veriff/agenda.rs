//! The times at which sessions change by themselves.

use std::collections::BTreeSet;

/// Times, in milliseconds, with the sessions that are due then.
#[derive(Debug, Default)]
pub(crate) struct Agenda(BTreeSet<(i64, String)>);

impl Agenda {
    pub(crate) fn add(&mut self, at: i64, id: &str) {
        self.0.insert((at, id.to_owned()));
    }

    pub(crate) fn remove(&mut self, at: i64, id: &str) {
        self.0.remove(&(at, id.to_owned()));
    }

    /// The next session that is due.
    pub(crate) fn take_due(&mut self, now: i64) -> Option<(i64, String)> {
        if self.next()? > now { None } else { self.0.pop_first() }
    }

    pub(crate) fn next(&self) -> Option<i64> {
        self.0.first().map(|(at, _)| *at)
    }
}
