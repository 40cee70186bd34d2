//! Reads the rate limits from outside of the layers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Rate;
use super::fair_queue::FairQueue;

/// Reads rate limits that are inside other layers.
pub(crate) struct LimitGauge {
    pub(super) rates: Vec<Rate>,
    pub(super) longest_wait: Duration,
    pub(super) line: Arc<FairQueue>,
    pub(super) polls: Arc<FairQueue>,
}

/// The calls that the limits leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many calls each rate leaves now.
    pub(crate) left: Vec<(Rate, u32)>,
    /// How many calls wait.
    pub(crate) waiting: usize,
    /// How long a start would wait that comes now.
    pub(crate) wait: Duration,
    /// How long a check or a search would wait that comes now.
    pub(crate) polls_wait: Duration,
    /// The longest wait: a call that would wait longer is refused.
    pub(crate) longest_wait: Duration,
}

impl LimitGauge {
    pub(crate) fn seen(&self) -> Allowance {
        let (line, polls) = (self.line.outlook(), self.polls.outlook());
        Allowance {
            left: self.rates.iter().copied().zip(line.left).collect(),
            waiting: line.waiting + polls.waiting,
            wait: line.wait,
            polls_wait: line.wait.max(polls.wait),
            longest_wait: self.longest_wait,
        }
    }
}

impl fmt::Debug for LimitGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LimitGauge").field(&self.seen()).finish()
    }
}
