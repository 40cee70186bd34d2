//! Whose calls are told of, and to whom.

use std::sync::Arc;

use idv_core::{Clock, ProviderId, ProviderKind};

use super::Observation;
use super::meters::Meters;

/// Tells of the calls of one provider, or of those that found none.
pub(crate) struct Observer {
    /// The configured one, or the one that was asked for and is not configured; `None` where nobody was named.
    pub(super) provider: Option<ProviderId>,
    /// `None` where no provider is configured for the call.
    pub(super) kind: Option<ProviderKind>,
    pub(super) observation: Observation,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) meters: Meters,
}

impl Observer {
    pub(super) fn new(
        provider: &ProviderId,
        kind: &ProviderKind,
        observation: Observation,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let meters = Meters::new(provider.as_str(), kind.as_str());
        Self { provider: Some(provider.clone()), kind: Some(kind.clone()), observation, clock, meters }
    }

    /// For a call that no configured provider takes. The metrics leave out who was asked for, so that references of strangers
    /// cannot make any number of them.
    pub(crate) fn of_nobody(
        asked_for: Option<ProviderId>,
        observation: Observation,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { provider: asked_for, kind: None, observation, clock, meters: Meters::new("", "") }
    }
}
