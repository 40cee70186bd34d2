//! One trait for every identity-verification vendor (KYC and KYB), and a registry that chooses the vendor by
//! configuration.
//!
//! ```no_run
//! # async fn example() -> idv::Result<()> {
//! use idv::{CheckRequest, Registry, StartRequest};
//!
//! let registry = Registry::from_toml_file("idv.toml")?;
//! let session = registry.start(&StartRequest::new("case-7").email("ada@example.com")).await?;
//! if let Some(url) = session.url() {
//!     send_to_browser(url.expose());
//! }
//!
//! let state = registry.check(&CheckRequest::new(session.reference)).await?;
//! println!("{}: {}", state.status, state.next_action.as_str());
//! # Ok(())
//! # }
//! # fn send_to_browser(_: &str) {}
//! ```
//!
//! Changing `active` in the configuration moves **new** sessions only: everything that carries a [`SessionRef`] goes to
//! the provider that made it, so a switch never strands an applicant.
//!
//! The contract itself ([`VerificationProvider`], statuses, errors) is `idv-core`, re-exported here. Each vendor is a
//! feature; [`ProviderFactory`] adds kinds from elsewhere in the same way.

pub mod config;
pub mod files;
mod health;
mod keyed_hash;
mod layers;
mod registry;
mod routing;
mod suggestion;
mod system;
mod watched_secrets;
#[cfg(feature = "watch")]
pub mod watching;

pub use health::{Finding, HealthCheck, HealthOutcome};
pub use idv_core::*;
#[cfg(feature = "metrics")]
pub use layers::observe::describe_metrics;
pub use layers::observe::{
    AuditRecord, AuditResult, AuditedError, AuditedEvent, AuditedState, AuditedVerification, Observation,
    Pseudonym,
};
pub use layers::{
    BreakerPolicy, BreakerState, BulkheadPolicy, CircuitBreaker, ConcurrencyLimit, Detach, Drain, Layer,
    Layered, LimitPolicy, Next, Observe, Provider, Rate, RateLimit, Retries, RetryPolicy, Unclaimed,
    UnclaimedOutcome,
};
pub use registry::{
    ActiveMoved, Catalogue, Changes, FailedStart, Registry, RegistryBuilder, RoutedSession, RoutingFailure,
};
pub use routing::{
    DecidedBy, Decision, EarlierApproval, PassOver, PassedOver, Portability, RouteRequest, Router,
    SessionCounts,
};
pub use system::{ProcessSecrets, SystemClock};

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "nxos"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
