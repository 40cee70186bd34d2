//! Reads a circuit breaker from outside of the layers.

use std::fmt;
use std::sync::Arc;

use super::BreakerState;
use super::state::{Breaker, Seen};

/// Reads a circuit breaker that is inside other layers.
#[derive(Clone)]
pub(crate) struct BreakerGauge(pub(super) Arc<Breaker>);

impl BreakerGauge {
    pub(crate) fn state(&self) -> BreakerState {
        self.0.state()
    }

    pub(crate) fn seen(&self) -> Seen {
        self.0.seen()
    }
}

impl fmt::Debug for BreakerGauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BreakerGauge").field(&self.state()).finish()
    }
}
