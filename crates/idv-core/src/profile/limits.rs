//! Limits on use, and lifetimes.

use std::borrow::Cow;
use std::time::Duration;

use crate::string_enum::string_enum;

string_enum! {
    /// How sure a fact is.
    pub enum Certainty {
        /// The vendor's documentation says so.
        Documented = "documented",
        /// The documentation says "typically" or "about", or it was inferred.
        Estimated = "estimated",
    }
}

/// How long something lives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lifetime {
    /// Its subject: "access token", "link".
    pub what: Cow<'static, str>,
    /// For how long.
    pub duration: Duration,
    /// How sure that is.
    pub certainty: Certainty,
    /// Which page of the vendor says so.
    pub source: Cow<'static, str>,
}

impl Lifetime {
    /// States a lifetime.
    #[must_use]
    pub fn new(
        what: impl Into<Cow<'static, str>>,
        duration: Duration,
        certainty: Certainty,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { what: what.into(), duration, certainty, source: source.into() }
    }
}

string_enum! {
    /// The unit that a limit counts. Units that layers enforce say so.
    pub enum LimitScope {
        /// Calls in a time, enforced by the rate limiter.
        Calls = "calls",
        /// Burst size of the token bucket: calls at once after a rest, enforced together with the calls of a second.
        Burst = "calls in a burst",
        /// Calls that read in a time, which are checks and searches; enforced by the rate limiter.
        Reads = "calls that read",
        /// Calls that change something in a time, which are all others; enforced by the rate limiter.
        Writes = "calls that write",
        /// Sessions of one user in a time, enforced by the rate limiter.
        SessionsPerUser = "sessions of one user",
        /// Sessions of one user that are open at a time. Not enforced locally: it cannot be counted from calls.
        OpenSessionsPerUser = "open sessions of one user",
        /// Failed sessions of one user before the next one has to wait. Calls do not show them.
        FailuresPerUser = "failures in a row of one user; the next session",
    }
}

/// A limit on use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// The unit that is counted.
    pub scope: LimitScope,
    /// How many.
    pub count: u32,
    /// In what time; `None` for a number at any one time.
    pub per: Option<Duration>,
    /// Which page of the vendor says so.
    pub source: Cow<'static, str>,
}

impl Limit {
    /// States a limit.
    #[must_use]
    pub fn new(
        scope: LimitScope,
        count: u32,
        per: Option<Duration>,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { scope, count, per, source: source.into() }
    }
}
