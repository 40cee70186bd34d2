//! The retry schedule of a vendor.

use std::time::Duration;

pub(crate) const SECOND: i64 = 1000;
pub(crate) const MINUTE: i64 = 60 * SECOND;
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// A retry schedule: a row of the table in the head of [`crate::webhooks`].
#[derive(Debug)]
pub(crate) struct Schedule {
    /// The delays before the second attempt, the third, and so on, in milliseconds.
    pub(crate) delays: &'static [i64],
    /// The vendor's timeout for an answer, in real time.
    pub(crate) patience: Duration,
    /// Whether any 4xx ends the attempts.
    pub(crate) refusal_is_final: bool,
    /// The time for which an endpoint may fail before it is disabled, in milliseconds, where the vendor does that.
    pub(crate) disabled_after: Option<i64>,
}

impl Schedule {
    /// The delay after the attempt of this number (from 1) failed; `None` where it was the last.
    pub(crate) fn delay_after(&self, attempt: usize, status: Option<u16>) -> Option<i64> {
        if self.refusal_is_final && status.is_some_and(|status| (400..500).contains(&status)) {
            return None;
        }
        self.delays.get(attempt.checked_sub(1)?).copied()
    }
}
