//! The layers around a provider, and their order.
//!
//! From the caller to the vendor: [`Drain`] where the provider is retired, [`Detach`], [`Observe`], [`Retries`], then for each
//! attempt [`CircuitBreaker`] where the configuration wants one, [`ConcurrencyLimit`] and [`RateLimit`]. An application adds its
//! own outside of all of them or inside of all of them.

mod circuit_breaker;
mod concurrency;
mod detach;
mod drain;
mod layer;
pub(crate) mod observe;
mod own;
mod rate_limit;
mod refusal;
mod retry;
mod stack;

pub use idv_core::{
    Answer, CallContext, CallStats, CancelInput, CheckInput, EraseInput, FindInput, ImportInput,
    RefreshInput, Request, Response, Sent, StartInput, Target,
};

pub use circuit_breaker::{BreakerPolicy, BreakerState, CircuitBreaker};
pub use concurrency::{ConcurrencyLimit, ConcurrencyPolicy};
pub use detach::{Detach, UnclaimedHandler, UnclaimedOutcome};
pub use drain::Drain;
pub use layer::{Layer, Layered, Next, Provider};
pub use observe::Observe;
pub use rate_limit::{LimitPolicy, Rate, RateLimit};
pub use retry::{Retries, RetryPolicy};

pub(crate) use circuit_breaker::BreakerGauge;
pub(crate) use concurrency::ConcurrencyGauge;
pub(crate) use layer::now;
pub(crate) use own::OwnLayers;
pub(crate) use rate_limit::LimitGauge;
pub(crate) use retry::RetryBudget;
pub(crate) use stack::{Gauges, Live, Parts, assemble};
