//! Routing of new sessions: rules on what is known of the applicant, shares, caps, an outage switch and failover.

mod caps;
mod check;
mod condition;
mod config;
mod decision;
mod failover;
mod portability;
mod request;
mod router;
mod split;

pub use caps::SessionCounts;
pub(crate) use check::{Known, router};
pub use config::{ConditionConfig, OutageConfig, RoutingConfig, RuleConfig};
pub use decision::{DecidedBy, Decision, PassedOver, SkipReason};
pub use failover::{FailoverConfig, FailoverKind, may_have_session};
pub use portability::{EarlierApproval, Portability};
pub use request::RouteRequest;
pub(crate) use router::Choice;
pub use router::Router;
