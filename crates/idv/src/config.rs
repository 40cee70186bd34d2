//! The configuration: the providers, and the one that gets new sessions.
//!
//! ```toml
//! active = "primary"
//!
//! [providers.primary]
//! kind = "nxos"
//! environment = "sandbox"
//! api_key = { env = "NXOS_API_KEY" }
//!
//! [providers.primary.http]            # optional: see `HttpConfig`
//! attempt_timeout = "20s"
//!
//! [providers.primary.limits]          # optional: see `LimitsConfig`
//! calls_per_minute = 500
//!
//! [[routing.rules]]                   # optional: see `RoutingConfig`
//! when = { country = ["DE"] }
//! use = "primary"
//!
//! [tracker]                           # optional: see `TrackerTable`
//! url = "sqlite://idv.db"
//! ```

mod diff;
mod document;
mod http;
mod limits;
mod parsed;
#[cfg(feature = "schema")]
mod schema;
mod tracker;

pub use crate::routing::{
    ConditionConfig, FailoverConfig, FailoverKind, OutageConfig, RoutingConfig, RuleConfig,
};
pub(crate) use crate::util::suggestion::{suggestion, unknown_provider};
pub use diff::orphaned_sessions;
pub use document::ConfigDocument;
pub use http::HttpConfig;
pub use limits::LimitsConfig;
pub use parsed::{ParsedConfig, ProviderEntry};
#[cfg(feature = "schema")]
pub use schema::json_schema;
pub use tracker::TrackerTable;
