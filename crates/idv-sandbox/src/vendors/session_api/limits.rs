//! Rate limits: requests per second, with bursts, and per day.

use serde::{Deserialize, Serialize};

use utoipa::ToSchema;

use crate::clock::seconds_until;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// The limits of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateLimits {
    /// Requests per second in the long run.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
    /// Requests per day.
    pub per_day: u32,
}

impl Default for RateLimits {
    /// 25 per second, bursts of 35, 10 000 per day (deepidv documentation, authentication).
    fn default() -> Self {
        Self { per_second: 25, burst: 35, per_day: 10_000 }
    }
}

/// The limits and their counters, for each of the two keys.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    limits: Option<RateLimits>,
    live: Usage,
    sandbox: Usage,
}

#[derive(Debug, Default)]
struct Usage {
    /// A thousandth of a request is the unit, so that a refill of one millisecond is a whole number.
    bucket: i64,
    refilled_at: Option<i64>,
    day_ends: i64,
    today: u32,
}

impl Limits {
    pub(crate) fn new() -> Self {
        Self { limits: Some(RateLimits::default()), ..Self::default() }
    }

    pub(crate) fn set(&mut self, limits: Option<RateLimits>) {
        *self = Self { limits, ..Self::default() };
    }

    /// Counts one request; the seconds to wait if there are too many.
    pub(crate) fn take(&mut self, with_sandbox_key: bool, now: i64) -> Result<(), i64> {
        let Some(limits) = self.limits else { return Ok(()) };
        let usage = if with_sandbox_key { &mut self.sandbox } else { &mut self.live };
        usage.take(limits, now)
    }
}

impl Usage {
    fn take(&mut self, limits: RateLimits, now: i64) -> Result<(), i64> {
        if now >= self.day_ends {
            self.day_ends = now.saturating_add(DAY);
            self.today = 0;
        }
        if self.today >= limits.per_day {
            return Err(seconds_until(now, self.day_ends));
        }
        self.refill(limits, now);
        if self.bucket < 1000 {
            return Err(1);
        }
        self.bucket -= 1000;
        self.today += 1;
        Ok(())
    }

    fn refill(&mut self, limits: RateLimits, now: i64) {
        let full = i64::from(limits.burst) * 1000;
        self.bucket = match self.refilled_at {
            None => full,
            Some(before) => {
                let elapsed = now.saturating_sub(before).max(0);
                self.bucket.saturating_add(elapsed.saturating_mul(i64::from(limits.per_second))).min(full)
            }
        };
        self.refilled_at = Some(now);
    }
}
