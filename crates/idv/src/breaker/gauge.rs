//! A look at a breaker from outside of the layers.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::BreakerState;
use super::state::Switch;

/// Reads a breaker that is a layer of somebody else.
#[derive(Clone)]
pub(crate) struct BreakerGauge(pub(super) Arc<Switch>);

/// What a breaker has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many calls it has let through since it was built.
    pub(crate) calls: u64,
    /// The calls of the window that succeeded or failed.
    pub(crate) counted: u64,
    /// Those of them that failed.
    pub(crate) failed: u64,
    /// The time whose calls count.
    pub(crate) window: Duration,
}

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
