//! One trait for every identity-verification vendor (KYC and KYB), and a registry that chooses the vendor by
//! configuration.
//!
//! ```no_run
//! # async fn example() -> idv::Result<()> {
//! use idv::{CheckRequest, Registry, StartRequest};
//!
//! let registry = Registry::from_toml_file("idv.toml")?;
//! let session = registry.start(&StartRequest::new("case-7").email("ada@example.com")).await?;
//! send_to_browser(session.url.expose());
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

mod breaker;
mod builder;
mod bulkhead;
mod catalogue;
pub mod config;
mod counted;
mod deadline;
mod failover;
pub mod files;
mod health;
mod keyed_hash;
mod limited;
mod observed;
mod origin;
mod registry;
mod reload;
mod retired;
mod retrying;
mod routing;
mod shield;
mod system;
mod watched_secrets;
#[cfg(feature = "watch")]
pub mod watching;

pub use breaker::{Breaker, BreakerPolicy, BreakerState};
pub use builder::RegistryBuilder;
pub use bulkhead::{Bulkhead, BulkheadPolicy};
pub use catalogue::Catalogue;
pub use failover::{FailedStart, RoutedSession, RoutingFailure};
pub use health::{Finding, HealthCheck, HealthOutcome};
pub use idv_core::*;
pub use limited::{LimitPolicy, Limited, Rate};
#[cfg(feature = "metrics")]
pub use observed::describe_metrics;
pub use observed::{
    AuditRecord, AuditResult, AuditedError, AuditedEvent, AuditedState, AuditedVerification, Observation,
    Observed, Pseudonym, in_trace,
};
pub use registry::Registry;
pub use reload::{ActiveMoved, Changes, ReloadableRegistry};
pub use retired::Retired;
pub use retrying::{RetryPolicy, Retrying};
pub use routing::{
    Capability, CountryCode, CountryCodeError, DecidedBy, Decision, EarlierApproval, PassOver, PassedOver,
    Portability, RouteRequest, Router, SessionCounts,
};
pub use shield::{Shield, Unclaimed, UnclaimedOutcome};
pub use system::{ProcessSecrets, SystemClock};

/// The examples of the README are tests.
#[cfg(all(doctest, feature = "nxos"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
