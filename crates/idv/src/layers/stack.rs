//! The layers of a configured provider, put together in their one order.

use std::sync::Arc;

use idv_core::{Clock, Randomness, VerificationProvider};

use super::circuit_breaker::{BreakerGauge, BreakerPolicy, CircuitBreaker};
use super::concurrency::{ConcurrencyGauge, ConcurrencyLimit, ConcurrencyPolicy};
use super::detach::{Detach, UnclaimedHandler};
use super::layer::{Layered, Provider};
use super::observe::{Observation, Observe, Observer};
use super::rate_limit::{LimitGauge, LimitPolicy, RateLimit};
use super::retry::{Retries, RetryBudget, RetryPolicy};

/// A provider with the layers of each attempt.
type Attempt = Layered<
    Option<CircuitBreaker>,
    Layered<ConcurrencyLimit, Layered<RateLimit, Provider<Arc<dyn VerificationProvider>>>>,
>;

/// A provider with all layers but the one that drains it.
pub(crate) type Live = Layered<Detach, Layered<Observe, Layered<Retries, Attempt>>>;

/// The parts of the layers of one provider.
pub(crate) struct Parts<'a> {
    pub(crate) rate_limit: LimitPolicy,
    pub(crate) concurrency: ConcurrencyPolicy,
    /// `None` where the configuration wants no circuit breaker.
    pub(crate) breaker: Option<BreakerPolicy>,
    pub(crate) retry: RetryPolicy,
    pub(crate) random: &'a Arc<dyn Randomness>,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) observation: &'a Observation,
    pub(crate) unclaimed: &'a UnclaimedHandler,
}

/// Gauges of the layers around an instance.
#[derive(Debug)]
pub(crate) struct Gauges {
    pub(crate) guards: Guards,
    pub(crate) budget: Arc<RetryBudget>,
}

/// Gauges of the layers between the attempts of a call and the adapter.
#[derive(Debug)]
pub(crate) struct Guards {
    /// `None` where the configuration wants no breaker.
    pub(crate) breaker: Option<BreakerGauge>,
    pub(crate) bulkhead: ConcurrencyGauge,
    pub(crate) limits: LimitGauge,
}

/// Puts the layers around a provider, and gives their gauges.
pub(crate) fn assemble(
    provider: Arc<dyn VerificationProvider>,
    parts: &Parts<'_>,
) -> (Live, Gauges, Arc<Observer>) {
    let id = provider.id().clone();
    let observe = Observe::new(&provider, parts.observation.clone(), Arc::clone(parts.clock));
    let observer = observe.observer();
    let rate_limit = RateLimit::new(parts.rate_limit.clone(), parts.random);
    let concurrency = ConcurrencyLimit::new(parts.concurrency);
    let breaker = parts.breaker.map(|policy| CircuitBreaker::new(&id, policy));
    let retries = Retries::new(parts.retry, Arc::clone(parts.random));
    let detach = Detach::new(parts.unclaimed.clone()).observed(Arc::clone(&observer));
    let guards = Guards {
        breaker: breaker.as_ref().map(CircuitBreaker::gauge),
        bulkhead: concurrency.gauge(),
        limits: rate_limit.gauge(),
    };
    let gauges = Gauges { guards, budget: retries.budget() };
    let attempt = Layered::over(breaker, Layered::over(concurrency, Layered::around(rate_limit, provider)));
    let live = Layered::over(detach, Layered::over(observe, Layered::over(retries, attempt)));
    (live, gauges, observer)
}
