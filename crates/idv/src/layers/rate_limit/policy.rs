//! The policy of the rate limiter: how many calls may be made, and how long they wait.

use std::num::NonZeroU32;
use std::time::Duration;

use idv_core::{Limit, LimitScope, ProviderProfile};

const SECOND: Duration = Duration::from_secs(1);

/// A rate: how many calls in what time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rate {
    /// A token bucket.
    PerSecond {
        /// How many tokens come back in a second.
        calls: NonZeroU32,
        /// How many tokens there are at most: the calls that an idle application may make at once.
        burst: NonZeroU32,
    },
    /// A sliding window: no more than this in any stretch of this length.
    Window {
        /// How many calls.
        calls: NonZeroU32,
        /// The length.
        per: Duration,
    },
}

impl Rate {
    /// The part of the rate for checks and searches: all but a tenth.
    pub(super) fn for_polls(&self) -> Self {
        let most = |calls: NonZeroU32| NonZeroU32::new(calls.get() - calls.get() / 10).unwrap_or(calls);
        match *self {
            Self::PerSecond { calls, burst } => Self::PerSecond { calls: most(calls), burst: most(burst) },
            Self::Window { calls, per } => Self::Window { calls: most(calls), per },
        }
    }

    /// The time of the rate.
    #[must_use]
    pub const fn per(&self) -> Duration {
        match self {
            Self::PerSecond { .. } => SECOND,
            Self::Window { per, .. } => *per,
        }
    }
}

/// The policy of the rate limiter: how many calls may be made, and how long they wait.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitPolicy {
    /// All of these hold at once. Default: none; see [`documented`](Self::documented).
    pub rates: Vec<Rate>,
    /// Rates of checks and searches alone, besides [`rates`](Self::rates). Default: none.
    pub read_rates: Vec<Rate>,
    /// Rates of all other operations alone, besides [`rates`](Self::rates). Default: none.
    pub write_rates: Vec<Rate>,
    /// How many calls one start counts as; default: 1.
    pub start_calls: u32,
    /// How many sessions (starts and refreshes) one user token may have, in what time. Default: any number.
    pub starts_per_user: Option<(NonZeroU32, Duration)>,
    /// How many calls may wait at a time; default: 500.
    pub queue: usize,
    /// How long a call may have to wait; default: 20 s.
    pub longest_wait: Duration,
}

impl Default for LimitPolicy {
    fn default() -> Self {
        Self {
            rates: Vec::new(),
            read_rates: Vec::new(),
            write_rates: Vec::new(),
            start_calls: 1,
            starts_per_user: None,
            queue: 500,
            longest_wait: Duration::from_secs(20),
        }
    }
}

impl LimitPolicy {
    /// The limits that the vendor documents, from the profile: those whose [`LimitScope`] calls show.
    #[must_use]
    pub fn documented(profile: &ProviderProfile) -> Self {
        let mut policy = Self::default();
        let of = |scope: LimitScope| profile.limits.iter().filter(move |limit| limit.scope == scope);
        let counted = |limit: &Limit| Some((NonZeroU32::new(limit.count)?, limit.per?));
        let burst = of(LimitScope::Burst).find_map(|limit| NonZeroU32::new(limit.count));
        for (calls, per) in of(LimitScope::Calls).filter_map(counted) {
            policy.set(match per {
                SECOND => Rate::PerSecond { calls, burst: burst.unwrap_or(calls) },
                per => Rate::Window { calls, per },
            });
        }
        let windows =
            |scope| of(scope).filter_map(counted).map(|(calls, per)| Rate::Window { calls, per }).collect();
        policy.read_rates = windows(LimitScope::Reads);
        policy.write_rates = windows(LimitScope::Writes);
        policy.start_calls = profile.start_calls;
        policy.starts_per_user = of(LimitScope::SessionsPerUser).find_map(counted);
        policy
    }

    /// Sets a rate of all calls, in place of one for the same time.
    pub fn set(&mut self, rate: Rate) {
        self.rates.retain(|other| other.per() != rate.per());
        self.rates.push(rate);
    }
}
