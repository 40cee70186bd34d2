//! The fault plan: which requests get a fault.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::error::{Error, Result};
use crate::fault::answer::{CannedAnswer, RetryAfter};
use crate::fault::kind::FaultKind;
use crate::fault::operation::{Operations, is_meant};
use crate::random::Random;

const MAX_QUEUED: usize = 1000;
const MAX_BODY: u32 = 64 * 1024 * 1024;

/// A fault for the next requests of an operation.
///
/// In JSON: `{"fault": {"kind": "lost_answer"}, "operation": "start", "times": 2}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The kind of fault.
    pub fault: FaultKind,
    /// The operation that is hit, by the names in the head of [`crate::fault`]; any if omitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The number of requests that are hit; one by default.
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// A fault for the next request, whatever it asks.
    #[must_use]
    pub fn new(fault: FaultKind) -> Self {
        Self { fault, operation: None, times: 1 }
    }

    /// The same for requests of one operation.
    #[must_use]
    pub fn operation(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// The same for so many requests.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }
}

/// Random faults. The same seed and the same order of requests give the same faults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultMix {
    /// The seed of the random numbers.
    pub seed: u64,
    /// The number of requests in a thousand that are hit, 0 to 1000.
    pub per_mille: u16,
    /// The kinds of faults, all equally likely; if empty, one of each kind that does not make the client wait.
    #[serde(default)]
    pub kinds: Vec<FaultKind>,
}

/// The queued and random faults of a vendor.
#[derive(Debug)]
pub(crate) struct Plan {
    operations: Operations,
    queue: VecDeque<Fault>,
    mix: Option<(Random, u16, Vec<FaultKind>)>,
}

impl Plan {
    pub(crate) fn new(operations: Operations) -> Self {
        Self { operations, queue: VecDeque::new(), mix: None }
    }

    pub(crate) fn add(&mut self, fault: Fault) -> Result<()> {
        if let Some(operation) = &fault.operation {
            self.operations.check(operation)?;
        }
        check(&fault.fault)?;
        if self.queue.len() >= MAX_QUEUED {
            return Err(Error::TooMany { what: "queued faults", limit: MAX_QUEUED });
        }
        self.push(fault);
        Ok(())
    }

    pub(crate) fn push(&mut self, fault: Fault) {
        self.queue.push_back(fault);
    }

    pub(crate) fn mix(&mut self, mix: Option<FaultMix>) -> Result<()> {
        self.mix = match mix {
            None => None,
            Some(FaultMix { seed, per_mille, kinds }) => {
                if per_mille > 1000 || kinds.len() > MAX_QUEUED {
                    return Err(Error::BadFault(
                        "a mix hits 0 to 1000 of a thousand requests, with up to 1000 kinds",
                    ));
                }
                kinds.iter().try_for_each(check)?;
                let kinds = if kinds.is_empty() { everything() } else { kinds };
                Some((Random::new(seed, 5), per_mille, kinds))
            }
        };
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.queue.clear();
        self.mix = None;
    }

    pub(crate) fn pending(&self) -> Vec<Fault> {
        self.queue.iter().cloned().collect()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty() && self.mix.is_none()
    }

    /// The fault for a request of this operation. Queued faults come before random ones.
    pub(crate) fn next(&mut self, operation: &str) -> Option<FaultKind> {
        let meant =
            |fault: &Fault| fault.operation.as_deref().is_none_or(|wanted| is_meant(wanted, operation));
        if let Some(position) = self.queue.iter().position(meant) {
            let fault = self.queue.get_mut(position)?;
            let kind = fault.fault.clone();
            fault.times = fault.times.saturating_sub(1);
            if fault.times == 0 {
                self.queue.remove(position);
            }
            return Some(kind);
        }
        let (random, per_mille, kinds) = self.mix.as_mut()?;
        // Both draws are made for every request, so that a hit does not shift the ones after it.
        let (hit, which) = (random.below(1000) < usize::from(*per_mille), random.below(kinds.len()));
        kinds.get(which).filter(|_| hit).cloned()
    }
}

fn check(kind: &FaultKind) -> Result<()> {
    match kind {
        FaultKind::Answer { answer } if !answer.is_valid() => {
            Err(Error::BadFault("an answer has a status of 200 to 999, and headers that HTTP allows"))
        }
        FaultKind::Oversized { bytes } if *bytes > MAX_BODY => {
            Err(Error::BadFault("a body has at most 64 MiB"))
        }
        _ => Ok(()),
    }
}

fn everything() -> Vec<FaultKind> {
    let answer = |status, retry_after| {
        let answer = CannedAnswer::json(status, "{}");
        FaultKind::Answer { answer: CannedAnswer { retry_after, ..answer } }
    };
    vec![
        answer(429, Some(RetryAfter::Seconds(1))),
        answer(429, Some(RetryAfter::DateIn(1))),
        answer(500, None),
        answer(503, Some(RetryAfter::Seconds(1))),
        FaultKind::ResetBefore,
        FaultKind::LostAnswer,
        FaultKind::Truncated,
        FaultKind::WrongTypes,
        FaultKind::UnknownWord { word: None },
        FaultKind::Oversized { bytes: 2 * 1024 * 1024 },
        FaultKind::InvalidUtf8,
        FaultKind::EmptyBody,
        FaultKind::Html,
    ]
}
