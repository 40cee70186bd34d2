//! The gauge metric of open circuit breakers.

use std::sync::atomic::{AtomicBool, Ordering};

use idv_core::ProviderId;

use crate::layers::observe;

/// Counts a breaker while it is open. One that is dropped while it is open, such as that of a provider that a reload builds
/// anew, counts no longer.
#[derive(Debug)]
pub(super) struct OpenGauge {
    provider: ProviderId,
    is_on: AtomicBool,
}

impl OpenGauge {
    pub(super) fn new(provider: ProviderId) -> Self {
        Self { provider, is_on: AtomicBool::new(false) }
    }

    pub(super) fn provider(&self) -> &ProviderId {
        &self.provider
    }

    pub(super) fn set(&self, is_on: bool) {
        if self.is_on.swap(is_on, Ordering::SeqCst) != is_on {
            observe::breaker(&self.provider, is_on);
        }
    }
}

impl Drop for OpenGauge {
    fn drop(&mut self) {
        self.set(false);
    }
}
