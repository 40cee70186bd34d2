//! The worker task that makes the delivery attempts when they are due.

use std::time::Duration;

use tokio::task::{JoinHandle, JoinSet};

use crate::clock::Clock;
use crate::error::Result;
use crate::hub::Hub;
use crate::signed::Delivered;
use crate::webhooks::delivery::Job;
use crate::webhooks::outbox::Outbox;

/// Runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    task: JoinHandle<()>,
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Work besides deliveries that becomes due with time.
pub(crate) trait Chores: Send + Sync + 'static {
    /// Does the work that is due, and returns the time of the next, in milliseconds.
    fn run(&self, now: i64) -> Option<i64>;
}

impl Worker {
    pub(crate) fn spawn(outboxes: Vec<Outbox>, chores: impl Chores, clock: Clock, hub: Hub) -> Self {
        Self { task: tokio::spawn(work(outboxes, chores, clock, hub)) }
    }
}

async fn work(outboxes: Vec<Outbox>, chores: impl Chores, clock: Clock, hub: Hub) {
    let mut under_way = JoinSet::new();
    loop {
        let now = clock.now();
        let mut next = chores.run(now);
        for outbox in &outboxes {
            let (jobs, due) = outbox.take_due(now);
            next = next.into_iter().chain(due).min();
            for job in jobs {
                under_way.spawn(attempt(outbox.clone(), job));
            }
        }
        tokio::select! {
            () = hub.woken() => {}
            Some(_) = under_way.join_next() => {}
            () = pause(&clock, next, now) => {}
        }
    }
}

/// Waits until `next`, or for ever if the clock is frozen or nothing is due.
async fn pause(clock: &Clock, next: Option<i64>, now: i64) {
    match next {
        Some(next) if !clock.is_frozen() => {
            let wait = u64::try_from(next.saturating_sub(now)).unwrap_or(0);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
        _ => std::future::pending().await,
    }
}

async fn attempt(outbox: Outbox, job: Job) {
    let outcome: Result<Delivered> = job.webhook.exchange(&job.url, outbox.patience()).await;
    outbox.settle(&job, outcome);
}
