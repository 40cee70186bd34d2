//! The observer of the calls of one provider.

use std::sync::Arc;

use idv_core::{Clock, ProviderId, ProviderKind};

use super::Observation;
use super::meters::Meters;

/// Reports the calls of one provider, or those that found none.
pub(crate) struct Observer {
    /// The configured provider, or the one that was asked for and is not configured; `None` where none was named.
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

    /// For a call that no configured provider takes. The metrics leave out the name that was asked for, so that references
    /// from outside cannot create any number of time series.
    pub(crate) fn of_nobody(
        asked_for: Option<ProviderId>,
        observation: Observation,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { provider: asked_for, kind: None, observation, clock, meters: Meters::new("", "") }
    }
}
