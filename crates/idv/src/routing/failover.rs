//! Failover: another provider for a start that failed, where the first one certainly holds no session.

use std::collections::BTreeSet;

use idv_core::{Delivery, Error, ErrorKind, ProviderId, Retry};
use serde::Deserialize;

/// The `routing.failover` table.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FailoverConfig {
    /// The ids of the providers to go to, best first. One that failed already is not asked again.
    #[cfg_attr(feature = "schema", schemars(with = "BTreeSet<ProviderId>", length(min = 1)))]
    pub order: Vec<String>,
    /// Kinds of errors after whose answer the next provider is asked; default: none. List `unavailable` only where a vendor makes
    /// no session when it answers with a 5xx. An outage of which nothing was sent needs no entry.
    #[serde(default)]
    pub on: Vec<FailoverKind>,
}

/// The kinds of errors that can be listed: those after whose answer there is no session. `conflict` is not one of them (the
/// first start may be in flight), nor is `invalid_response` (an answer that cannot be read may have been a session).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FailoverKind {
    /// Too many calls.
    RateLimited,
    /// The vendor is down or broken.
    Unavailable,
    /// The account at the vendor has no balance.
    PaymentRequired,
    /// A credential was refused.
    Unauthenticated,
    /// The credential is valid but lacks the permission.
    Forbidden,
    /// The vendor does not know the organization, user or workflow.
    NotFound,
    /// An input is missing or wrong.
    InvalidRequest,
    /// The provider cannot do this.
    Unsupported,
}

impl FailoverKind {
    /// Every kind that can be listed.
    pub const ALL: &'static [Self] = &[
        Self::RateLimited,
        Self::Unavailable,
        Self::PaymentRequired,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::InvalidRequest,
        Self::Unsupported,
    ];
}

impl From<FailoverKind> for ErrorKind {
    fn from(kind: FailoverKind) -> Self {
        match kind {
            FailoverKind::RateLimited => Self::RateLimited,
            FailoverKind::Unavailable => Self::Unavailable,
            FailoverKind::PaymentRequired => Self::PaymentRequired,
            FailoverKind::Unauthenticated => Self::Unauthenticated,
            FailoverKind::Forbidden => Self::Forbidden,
            FailoverKind::NotFound => Self::NotFound,
            FailoverKind::InvalidRequest => Self::InvalidRequest,
            FailoverKind::Unsupported => Self::Unsupported,
        }
    }
}

/// When a start goes to the next provider, and to which.
#[derive(Debug, Clone)]
pub(crate) struct Failover {
    order: Vec<ProviderId>,
    on: BTreeSet<ErrorKind>,
}

impl Failover {
    pub(crate) fn new(order: Vec<ProviderId>, on: BTreeSet<ErrorKind>) -> Self {
        Self { order, on }
    }

    pub(crate) fn order(&self) -> &[ProviderId] {
        &self.order
    }

    /// Whether the provider that failed certainly holds no session, for a reason that another provider may not have.
    pub(crate) fn should_fail_over(&self, error: &Error) -> bool {
        if may_have_session(error) {
            return false;
        }
        let is_listed = self.on.contains(&error.kind());
        match error.delivery() {
            Delivery::NotSent => is_listed || is_outage(error.kind()),
            Delivery::Answered => is_listed,
            _ => false,
        }
    }
}

/// Whether a session could exist at the vendor although the start failed with this error.
#[must_use]
pub fn may_have_session(error: &Error) -> bool {
    match error.delivery() {
        _ if error.retry() == Retry::AfterCheck => true,
        Delivery::NotSent => false,
        Delivery::Answered => error.kind() == ErrorKind::InvalidResponse,
        _ => true,
    }
}

/// Whether a kind is the vendor's outage, and not a problem of the request.
fn is_outage(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Unavailable | ErrorKind::Connection | ErrorKind::Timeout | ErrorKind::RateLimited
    )
}
