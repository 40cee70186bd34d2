//! The work of a worker's process.

use std::time::Duration;

use idv_tracker::{StoreOptions, Tracker, TrackerOptions};
use tokio::sync::watch;

use super::provider::registry;
use crate::child::{stopped, tell};

/// The lease: longer than a batch takes on a busy machine, and over soon.
const LEASE: Duration = Duration::from_secs(5);

/// How many checks of a worker are under way at once: fewer than it claims.
pub(super) const AT_ONCE: usize = 16;

/// The most that a worker claims at once: two batches, of which one is settled while the other one is asked about.
pub(super) const CLAIMED: usize = 2 * BATCH as usize;

const BATCH: u32 = 64;

/// Polls until the parent wants it to end.
pub(crate) async fn poll(database: &str, vendor: u16, number: usize, stop: watch::Receiver<bool>) {
    let mut options = TrackerOptions::default();
    options.lease = LEASE;
    options.concurrency = AT_ONCE;
    options.batch = BATCH;
    let tracker = Tracker::builder(registry(vendor, number), StoreOptions::new(database)).options(options);
    let tracker = tracker.open().await.unwrap();
    tell("ready");
    tracker.run(stopped(stop)).await;
}
