//! The state of a sandbox, for all its drivers.

use std::time::Duration;

use crate::clock::Clock;
use crate::hub::Hub;
use crate::vendors::baanx::Baanx;
use crate::vendors::nxos::Nxos;
use crate::vendors::session_api::SessionApi;
use crate::webhooks::{Chores, Outbox, Worker};

/// The clock and the vendors. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Simulation {
    pub(crate) clock: Clock,
    pub(crate) hub: Hub,
    pub(crate) nxos: Nxos,
    pub(crate) baanx: Baanx,
    pub(crate) session_api: SessionApi,
}

impl Simulation {
    pub(crate) fn advance(&self, by: Duration) {
        self.clock.advance(by);
        self.run(self.clock.now());
        self.hub.changed();
        self.hub.wake();
    }

    pub(crate) fn outboxes(&self) -> Vec<Outbox> {
        vec![
            self.nxos.front.outbox.clone(),
            self.baanx.front.outbox.clone(),
            self.session_api.front.outbox.clone(),
        ]
    }

    pub(crate) fn work(self) -> Worker {
        let (outboxes, clock, hub) = (self.outboxes(), self.clock.clone(), self.hub.clone());
        Worker::spawn(outboxes, self, clock, hub)
    }

    pub(crate) async fn webhooks_settled(&self) {
        let mut changes = self.hub.subscribe();
        while self.outboxes().iter().any(|outbox| outbox.is_busy(self.clock.now())) {
            // The hub lives as long as the simulation, so the wait ends by a change only.
            let _ = changes.changed().await;
        }
    }
}

impl Chores for Simulation {
    fn run(&self, now: i64) -> Option<i64> {
        let next =
            [self.nxos.run_scripts(now), self.baanx.run_scripts(now), self.session_api.run_scripts(now)];
        next.into_iter().flatten().min()
    }
}
