//! The loop of a watcher's task: it makes checks when they are due.

use std::sync::Arc;

use idv_core::{CheckRequest, Delivery, Error, ErrorKind, Operation, Result, Verification};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::schedule::{Id, Job};
use super::shared::Shared;

/// Makes checks when they are due. A check is a task of its own only while it is under way, so that one that panics takes
/// nothing else along.
pub(super) struct Driver {
    shared: Arc<Shared>,
    checks: JoinSet<()>,
}

impl Driver {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, checks: JoinSet::new() }
    }

    pub(super) async fn run(mut self) {
        loop {
            let wake_at = self.launch();
            let due = async {
                match wake_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                () = self.shared.changed.notified() => {}
                Some(_) = self.checks.join_next() => {}
            }
            while self.checks.try_join_next().is_some() {}
        }
    }

    /// Begins the checks that are due, and says when the next ones are.
    fn launch(&mut self) -> Option<Instant> {
        let now = self.shared.now();
        let cap = self.shared.policy.in_flight.max(1);
        self.shared.lock().release(now);
        loop {
            let job = self.shared.lock().take(now, cap);
            let Some(Job { id, request }) = job else { break };
            let check = Check { shared: Arc::clone(&self.shared), id, request, settled: false };
            let handle = self.checks.spawn(check.make());
            if let Some(unwanted) = self.shared.lock().started(id, handle) {
                unwanted.abort();
            }
        }
        self.shared.lock().wake_at(now)?.instant(self.shared.origin)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.shared.close();
    }
}

/// A check under way. Dropped before it is settled, by a panic or because its watch has ended, it settles with an error.
struct Check {
    shared: Arc<Shared>,
    id: Id,
    request: CheckRequest,
    settled: bool,
}

impl Check {
    async fn make(mut self) {
        let outcome = self.shared.registry.check(&self.request).await;
        self.settle(outcome);
    }

    fn settle(&mut self, outcome: Result<Verification>) {
        self.settled = true;
        self.shared.settle(self.id, &self.request, outcome);
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        if !self.settled {
            let error = Error::new(ErrorKind::Unavailable, "the check ended without an answer")
                .with_provider(self.request.session.provider().clone())
                .with_operation(Operation::Check)
                .with_delivery(Delivery::Unknown);
            self.settle(Err(error));
        }
    }
}
