//! Findings of the health checks, and their words.

use std::fmt;

use idv_core::ProviderId;

/// A health check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HealthCheck {
    /// Settings that are valid but unwise.
    Configuration,
    /// Whether the secrets look like those of the vendor.
    Secrets,
    /// Whether webhooks can be verified, and forgeries are refused.
    Webhooks,
    /// Whether the vendor answers: name, connection, TLS and HTTP.
    Connection,
    /// Whether the vendor accepts the application's key.
    Credentials,
    /// Whether the clock here agrees with the vendor's.
    Clock,
    /// Whether the circuit breaker lets calls through. It knows of the calls of this process only.
    Breaker,
    /// The retry budget: whether calls were repeated as often as they may be. It knows of the calls of this process only.
    RetryBudget,
    /// The concurrency limit: how many calls are under way, and how many wait for their end. It knows of the calls of this
    /// process only.
    Concurrency,
    /// The rate limits: how many calls the vendor's rates leave, and how long the next one waits. It knows of the calls of
    /// this process only.
    RateLimits,
}

impl HealthCheck {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Secrets => "secrets",
            Self::Webhooks => "webhooks",
            Self::Connection => "connection",
            Self::Credentials => "credentials",
            Self::Clock => "clock",
            Self::Breaker => "breaker",
            Self::RetryBudget => "retry_budget",
            Self::Concurrency => "bulkhead",
            Self::RateLimits => "rate_limits",
        }
    }
}

impl fmt::Display for HealthCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HealthOutcome {
    /// Nothing is wrong.
    Fine,
    /// It may be intended, or it may work: an operator should look.
    Doubtful,
    /// It does not work.
    Broken,
    /// It could not be looked at, for the reason that the message gives.
    NotChecked,
}

impl HealthOutcome {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::Doubtful => "doubtful",
            Self::Broken => "broken",
            Self::NotChecked => "not_checked",
        }
    }
}

impl fmt::Display for HealthOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One finding. It holds no secret, no URL and no personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The provider.
    pub provider: ProviderId,
    /// The check.
    pub check: HealthCheck,
    /// The outcome.
    pub outcome: HealthOutcome,
    /// The observation.
    pub message: String,
    /// The advice, where there is something to do.
    pub advice: Option<&'static str>,
}

/// Findings about one provider.
pub(super) struct Findings<'a> {
    pub(super) provider: &'a ProviderId,
    pub(super) found: Vec<Finding>,
}

impl Findings<'_> {
    pub(super) fn add(
        &mut self,
        check: HealthCheck,
        outcome: HealthOutcome,
        message: impl Into<String>,
        advice: impl Into<Option<&'static str>>,
    ) {
        let (provider, message, advice) = (self.provider.clone(), message.into(), advice.into());
        self.found.push(Finding { provider, check, outcome, message, advice });
    }
}
