//! An event on its way into the store.

use idv::{ProviderId, WebhookEvent};

use crate::Observation;

/// An event that is authentic.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(super) provider: ProviderId,
    pub(super) event: Box<WebhookEvent>,
    pub(super) observation: Observation,
}
