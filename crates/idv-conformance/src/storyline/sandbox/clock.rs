//! The clock of providers at a sandbox.

use idv_core::{Clock, Timestamp};
use idv_sandbox::{Sandbox, SimulatedClock};

/// A clock that follows the simulated time of a sandbox, for the providers that are built for it: signatures with a time,
/// and webhooks, are then always fresh.
#[derive(Debug, Clone)]
pub struct SandboxClock(SimulatedClock);

impl SandboxClock {
    /// The clock of a sandbox.
    #[must_use]
    pub fn of(sandbox: &Sandbox) -> Self {
        Self(sandbox.clock())
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> Timestamp {
        self.0.now().into()
    }
}
