//! The work of a worker's process.

use std::time::Duration;

use idv_tracker::{StoreOptions, Tracker, TrackerOptions};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::provider::registry;
use crate::child::tell;

/// How long a worker rests after a round in which nothing was due.
const REST: Duration = Duration::from_millis(50);

/// The lease: longer than a batch takes on a busy machine, and over soon.
const LEASE: Duration = Duration::from_secs(5);

/// How many checks of a worker are under way at once: fewer than it claims.
pub(super) const AT_ONCE: usize = 16;

/// The sum of all rounds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Report {
    pub(super) checks: usize,
    pub(super) news: usize,
    pub(super) lost: usize,
}

impl std::ops::AddAssign for Report {
    fn add_assign(&mut self, other: Self) {
        self.checks += other.checks;
        self.news += other.news;
        self.lost += other.lost;
    }
}

/// Polls until the parent wants it to end, and reports.
pub(crate) async fn poll(database: &str, vendor: u16, number: usize, stop: watch::Receiver<bool>) {
    let mut options = TrackerOptions::default();
    options.lease = LEASE;
    options.concurrency = AT_ONCE;
    let tracker = Tracker::builder(registry(vendor, number), StoreOptions::new(database)).options(options);
    let tracker = tracker.open().await.unwrap();
    tell("ready");
    let mut report = Report::default();
    while !*stop.borrow() {
        let polled = tracker.round().await.unwrap();
        report += Report { checks: polled.checks, news: polled.news, lost: polled.lost };
        if polled.checks == 0 {
            tokio::time::sleep(REST).await;
        }
    }
    tell(serde_json::to_string(&report).unwrap());
}
