//! Rate limits: requests in windows of five seconds (Sumsub documentation, rate limits).

use axum::http::Method;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const WINDOW: i64 = 5000;

/// The limits of one app token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SumsubRateLimits {
    /// GET requests in five seconds.
    pub get: u32,
    /// All other requests in five seconds.
    pub post: u32,
}

impl Default for SumsubRateLimits {
    /// 300 GET and 50 POST (Sumsub documentation, rate limits).
    fn default() -> Self {
        Self { get: 300, post: 50 }
    }
}

/// The limits and their counters.
#[derive(Debug)]
pub(crate) struct Limits {
    limits: Option<SumsubRateLimits>,
    window_ends: i64,
    gets: u32,
    posts: u32,
}

impl Limits {
    pub(crate) fn new(limits: Option<SumsubRateLimits>) -> Self {
        Self { limits, window_ends: 0, gets: 0, posts: 0 }
    }

    /// Counts one request; whether it is within the limits.
    pub(crate) fn take(&mut self, method: &Method, now: i64) -> bool {
        let Some(limits) = self.limits else { return true };
        if now >= self.window_ends {
            *self = Self { window_ends: now.saturating_add(WINDOW), ..Self::new(self.limits) };
        }
        let (used, limit) = match *method {
            Method::GET => (&mut self.gets, limits.get),
            _ => (&mut self.posts, limits.post),
        };
        if *used >= limit {
            return false;
        }
        *used += 1;
        true
    }
}
