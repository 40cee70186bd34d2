//! The `limits` table of a provider: rate limits, concurrency limit and circuit breaker.

use std::num::NonZeroU32;
use std::time::Duration;

use idv_core::{ConfigProblem, HumanDuration, Input, InputNeed, Operation, ProviderOptions, ProviderProfile};
use serde::Deserialize;

use crate::layers::{BreakerPolicy, ConcurrencyPolicy, LimitPolicy, Rate};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The `limits` table that every provider can have: the most that is asked of the vendor.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schemars(extend("dependentRequired" = {"burst": ["calls_per_second"]})))]
#[non_exhaustive]
pub struct LimitsConfig {
    /// Whether the limits that the vendor documents hold where this table does not say otherwise; default: true.
    pub documented: Option<bool>,
    /// Calls a second in the long run; default: what the vendor documents (deepidv: 25).
    pub calls_per_second: Option<NonZeroU32>,
    /// Calls at once after a time of rest, with `calls_per_second`; default: as many as in a second (deepidv: 35).
    pub burst: Option<NonZeroU32>,
    /// Calls in any 60 seconds; default: what the vendor documents (nxos: 1000).
    pub calls_per_minute: Option<NonZeroU32>,
    /// Calls in any 24 hours; default: what the vendor documents (deepidv: 10000).
    pub calls_per_day: Option<NonZeroU32>,
    /// Starts and refreshes for one user token in any 24 hours, where the kind takes user tokens; default: what the vendor
    /// documents (Baanx: 10).
    pub user_starts_per_day: Option<NonZeroU32>,
    /// Calls under way at a time; default: 100.
    pub in_flight: Option<NonZeroU32>,
    /// Calls that may be queued at a time, in the queue of the rate limiter and in that of the concurrency limit each; 0 turns
    /// queuing off; default: 500.
    pub queue: Option<u32>,
    /// How long a call may be queued, for the rate limiter and for the concurrency limit each; default: `"20s"`.
    pub longest_wait: Option<HumanDuration>,
    /// Whether the circuit breaker is on, so that a vendor that is down is not called for a while; default: true.
    pub breaker: Option<bool>,
    /// The time whose calls count for the breaker; default: `"30s"`.
    pub breaker_window: Option<HumanDuration>,
    /// How many calls have to be counted before the breaker opens; default: 10.
    pub breaker_calls: Option<NonZeroU32>,
    /// How many of a hundred calls have to fail for the breaker to open, 1 to 100; default: 50.
    #[cfg_attr(feature = "schema", schemars(range(max = 100)))]
    pub breaker_percent: Option<NonZeroU32>,
    /// How long the breaker stays open at first; default: `"10s"`, and twice as long after each probe that failed.
    pub breaker_pause: Option<HumanDuration>,
    /// How long the breaker stays open at most; default: `"1m"`.
    pub breaker_longest_pause: Option<HumanDuration>,
}

impl LimitsConfig {
    /// Reads the table.
    pub(crate) fn resolve(table: &ProviderOptions) -> Result<Self, Vec<ConfigProblem>> {
        let config: Self = table.parse()?;
        let mut problems = Vec::new();
        if config.burst.is_some() && config.calls_per_second.is_none() {
            problems.push(table.problem("burst", "needs `calls_per_second` beside it"));
        }
        if config.breaker_percent.is_some_and(|percent| percent.get() > 100) {
            problems.push(table.problem("breaker_percent", "must not be more than 100"));
        }
        let breaker = config.breaker_policy();
        if breaker.pause > breaker.longest_pause {
            let key = if config.breaker_pause.is_some() { "breaker_pause" } else { "breaker_longest_pause" };
            problems.push(table.problem(key, "the first pause is longer than the longest one"));
        }
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    /// The problem of limits that a provider of this profile can never keep.
    pub(crate) fn unfit(&self, table: &ProviderOptions, profile: &ProviderProfile) -> Option<ConfigProblem> {
        self.user_starts_per_day?;
        let takes_token = |operation| profile.inputs.need(operation, &Input::USER_TOKEN) != InputNeed::Unused;
        let has_users = [Operation::Start, Operation::Refresh].into_iter().any(takes_token);
        (!has_users).then(|| {
            let message =
                format!("the kind `{}` takes no user token, so there is nothing to count by", profile.kind);
            table.problem("user_starts_per_day", message)
        })
    }

    /// The rates, for a provider of this profile.
    pub(crate) fn limit_policy(&self, profile: &ProviderProfile) -> LimitPolicy {
        let mut policy = match self.documented {
            Some(false) => LimitPolicy::default(),
            _ => LimitPolicy::documented(profile),
        };
        if let Some(calls) = self.calls_per_second {
            policy.set(Rate::PerSecond { calls, burst: self.burst.unwrap_or(calls) });
        }
        for (calls, per) in [(self.calls_per_minute, MINUTE), (self.calls_per_day, DAY)] {
            if let Some(calls) = calls {
                policy.set(Rate::Window { calls, per });
            }
        }
        policy.starts_per_user =
            self.user_starts_per_day.map(|count| (count, DAY)).or(policy.starts_per_user);
        policy.queue = self.queue(policy.queue);
        policy.longest_wait = given(self.longest_wait, policy.longest_wait);
        policy
    }

    /// The calls under way.
    pub(crate) fn concurrency_policy(&self) -> ConcurrencyPolicy {
        let mut policy = ConcurrencyPolicy::default();
        policy.in_flight = self.in_flight.unwrap_or(policy.in_flight);
        policy.queue = self.queue(policy.queue);
        policy.longest_wait = given(self.longest_wait, policy.longest_wait);
        policy
    }

    /// The policy of the circuit breaker, whether it is wanted or not.
    pub(crate) fn breaker_policy(&self) -> BreakerPolicy {
        let mut policy = BreakerPolicy::default();
        policy.window = given(self.breaker_window, policy.window);
        policy.least_calls = self.breaker_calls.unwrap_or(policy.least_calls);
        policy.percent = self.breaker_percent.unwrap_or(policy.percent);
        policy.pause = given(self.breaker_pause, policy.pause);
        policy.longest_pause = given(self.breaker_longest_pause, policy.longest_pause);
        policy
    }

    pub(crate) fn has_breaker(&self) -> bool {
        self.breaker != Some(false)
    }

    fn queue(&self, default: usize) -> usize {
        self.queue.map_or(default, |queue| usize::try_from(queue).unwrap_or(usize::MAX))
    }
}

fn given(configured: Option<HumanDuration>, default: Duration) -> Duration {
    configured.map_or(default, HumanDuration::get)
}
