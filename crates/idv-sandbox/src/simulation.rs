//! The state of a sandbox, for all its drivers.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::runtime::Runtime;
use crate::simulated_vendor::SimulatedVendor;
use crate::webhooks::{Chores, Worker};

/// The clock and the vendors. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Simulation {
    pub(crate) clock: Clock,
    pub(crate) hub: Hub,
    pub(crate) vendors: Arc<[Arc<dyn SimulatedVendor>]>,
}

impl Simulation {
    pub(crate) fn runtimes(&self) -> impl Iterator<Item = &Arc<Runtime>> {
        self.vendors.iter().map(|vendor| vendor.runtime())
    }

    /// The vendor of this name.
    pub(crate) fn runtime(&self, name: &str) -> Option<&Arc<Runtime>> {
        self.runtimes().find(|runtime| runtime.vendor().as_str() == name)
    }

    /// The vendor of this type.
    pub(crate) fn handle<V: SimulatedVendor>(&self) -> Option<&V> {
        self.vendors.iter().find_map(|vendor| (&**vendor as &dyn Any).downcast_ref())
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.run(self.clock.now());
        self.hub.changed();
        self.hub.wake();
    }

    pub(crate) fn work(self) -> Worker {
        let outboxes = self.runtimes().map(|runtime| runtime.front.outbox.clone()).collect();
        let (clock, hub) = (self.clock.clone(), self.hub.clone());
        Worker::spawn(outboxes, self, clock, hub)
    }

    pub(crate) async fn webhooks_settled(&self) {
        let mut changes = self.hub.subscribe();
        while self.runtimes().any(|runtime| runtime.front.outbox.is_busy(self.clock.now())) {
            // The hub lives as long as the simulation, so the wait ends by a change only.
            let _ = changes.changed().await;
        }
    }
}

impl Chores for Simulation {
    fn run(&self, now: i64) -> Option<i64> {
        self.runtimes().filter_map(|runtime| runtime.run_scripts(now)).min()
    }
}
