//! A running sandbox.

use std::time::{Duration, SystemTime};

use crate::clock::SimulatedClock;
use crate::error::Result;
use crate::runtime::Runtime;
use crate::server::Server;
use crate::signed::SignedWebhook;
use crate::simulated_vendor::SimulatedVendor;
use crate::simulation::Simulation;
use crate::webhooks::Worker;

/// All the simulated vendors, each on a port of its own, on loopback unless
/// [`SandboxBuilder::host`](crate::SandboxBuilder::host) says otherwise. Dropping the sandbox stops them. Two sandboxes
/// share nothing, so tests can run side by side.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) simulation: Simulation,
    pub(crate) control_url: String,
    pub(crate) _servers: Vec<Server>,
    pub(crate) _worker: Worker,
}

impl Sandbox {
    /// The vendor of this type, which every sandbox starts.
    pub(crate) fn handle<V: SimulatedVendor>(&self) -> &V {
        self.simulation.handle().unwrap_or_else(|| unreachable!("a vendor without registration"))
    }

    /// The parts that all vendors have in common, for each vendor.
    pub fn vendors(&self) -> impl Iterator<Item = &Runtime> {
        self.simulation.runtimes().map(|runtime| &**runtime)
    }

    /// The URL of the [control API](crate::control): `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        self.simulation.clock.system_time()
    }

    /// A clock that follows the simulated time, such as signed requests need.
    #[must_use]
    pub fn clock(&self) -> SimulatedClock {
        SimulatedClock(self.simulation.clock.clone())
    }

    /// Moves the simulated time forward, for all vendors. Script steps that become due are performed before it returns;
    /// webhooks that become due are sent soon after, see [`Sandbox::webhooks_settled`].
    pub fn advance(&self, by: Duration) {
        self.simulation.advance(by);
    }

    /// Waits until no webhook is due or under way.
    pub async fn webhooks_settled(&self) {
        self.simulation.webhooks_settled().await;
    }

    /// Posts a webhook to a loopback URL once, and returns the status answered.
    ///
    /// # Errors
    /// As [`SignedWebhook::deliver`].
    pub async fn deliver(&self, webhook: &SignedWebhook, url: &str) -> Result<u16> {
        webhook.deliver(url).await
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.simulation.vendors.iter().for_each(|vendor| vendor.stop());
    }
}
