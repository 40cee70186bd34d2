//! Reads the rate limits from outside of the layers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::fair_queue::FairQueue;
use super::{LimitPolicy, Rate};

/// Reads rate limits that are inside other layers.
pub(crate) struct LimitGauge {
    pub(super) policy: LimitPolicy,
    pub(super) line: Arc<FairQueue>,
    pub(super) polls: Arc<FairQueue>,
    pub(super) writes: Arc<FairQueue>,
}

/// The calls that the limits leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowance {
    /// How many calls each rate leaves now.
    pub(crate) left: Vec<(Rate, u32)>,
    /// The same of the rates of reads.
    pub(crate) reads_left: Vec<(Rate, u32)>,
    /// The same of the rates of all other operations.
    pub(crate) writes_left: Vec<(Rate, u32)>,
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
        let (line, polls, writes) = (self.line.outlook(), self.polls.outlook(), self.writes.outlook());
        let policy = &self.policy;
        let of = |rates: &[Rate], left: &[u32]| rates.iter().copied().zip(left.iter().copied()).collect();
        Allowance {
            left: of(&policy.rates, &line.left),
            // The first ones are a part of the rates of all calls.
            reads_left: of(&policy.read_rates, polls.left.get(policy.rates.len()..).unwrap_or_default()),
            writes_left: of(&policy.write_rates, &writes.left),
            waiting: line.waiting + polls.waiting + writes.waiting,
            wait: line.wait.max(writes.wait),
            polls_wait: line.wait.max(polls.wait),
            longest_wait: policy.longest_wait,
        }
    }
}

impl fmt::Debug for LimitGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LimitGauge").field(&self.seen()).finish()
    }
}
