//! A fleet of worker processes on one PostgreSQL database.

mod line;
mod provider;
mod rows;
mod vendor;
pub(crate) mod worker;

use std::time::Instant;

use idv_tracker::Tracker;
use rustix::process::Signal;
use secrecy::ExposeSecret as _;

use crate::process::Process;
use crate::random::number_of;
use crate::settings::{Role, Settings};
use crate::stores::Database;
use crate::wait::{until, until_true};
use rows::Rows;
use vendor::Vendor;
use worker::{AT_ONCE, CLAIMED};

/// How many verifications are due by default.
const ROWS: u64 = 10_000;

/// A fleet, its database and its vendor.
struct Fleet {
    database: Database,
    vendor: Vendor,
    rows: Rows,
}

impl Fleet {
    async fn new() -> Self {
        let database = Database::postgres().await;
        let vendor = Vendor::start().await;
        let registry = provider::registry(vendor.port, 0);
        let tracker = Tracker::open(registry, database.options.clone()).await.unwrap();
        let begin = Instant::now();
        let rows = Rows::fill(&database, &tracker, number_of("IDV_CRASH_ROWS").unwrap_or(ROWS)).await;
        vendor.forget();
        println!("postgres: {} rows were made in {:.1} s", rows.all, begin.elapsed().as_secs_f64());
        Self { database, vendor, rows }
    }

    /// Worker processes that are ready.
    async fn workers(&self, count: usize) -> Vec<Process> {
        let database = self.database.options.url.expose_secret();
        let settings = |number| Settings {
            database: database.to_owned(),
            role: Role::Poll { vendor: self.vendor.port, number },
        };
        let mut workers: Vec<_> = (0..count).map(|number| Process::spawn(&settings(number))).collect();
        for worker in &mut workers {
            worker.told().await.unwrap().expect("a worker is ready");
        }
        workers
    }

    /// Waits until the vendor was asked about all verifications, and the answers are stored.
    async fn polled(&self) {
        until("questions about all", async || match self.rows.all - self.vendor.asked_once() {
            0 => Ok(()),
            unasked => Err(format!("{unasked} are not asked about")),
        })
        .await;
        until("polls of all", async || match self.rows.due().await {
            0 => Ok(()),
            due => Err(format!("{due} are due")),
        })
        .await;
    }

    /// Makes all verifications due, and measures how long the workers take.
    async fn measure(&self, count: usize) {
        self.vendor.forget();
        let workers = self.workers(count).await;
        self.rows.make_due().await;
        let begin = Instant::now();
        self.polled().await;
        self.tell(&format!("polls without news by {count} workers"), begin);
        for worker in workers {
            worker.end().await;
        }
        assert_eq!(self.vendor.most_asked(), 1, "nothing is polled twice");
        assert_eq!(self.vendor.overlaps(), 0);
    }

    /// Tells how fast all rows were polled.
    fn tell(&self, what: &str, begin: Instant) {
        let seconds = begin.elapsed().as_secs_f64();
        let per_second = f64::from(u32::try_from(self.rows.all).unwrap()) / seconds;
        println!("postgres: {} {what} in {seconds:.1} s: {per_second:.0} per second", self.rows.all);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_polls_each_verification_once_at_a_time() {
    let fleet = Fleet::new().await;
    let workers = fleet.workers(4).await;
    fleet.vendor.hold(Some(0));
    fleet.rows.make_due().await;
    let begin = Instant::now();
    until_true("checks of the first worker", || fleet.vendor.held() == AT_ONCE).await;
    workers[0].signal(Signal::STOP);
    fleet.vendor.hold(None);
    fleet.polled().await;
    fleet.tell("polls, a tenth of them with news, by 3 workers beside one that is stopped,", begin);
    let asked = fleet.vendor.asked_by(0);
    workers[0].signal(Signal::CONT);
    for worker in workers {
        worker.end().await;
    }
    let claimed_again = fleet.rows.count("fence > 1 and id > 1").await;
    println!("postgres: {claimed_again} leases of the stopped worker were lost");
    assert!(claimed_again > AT_ONCE, "leases of the stopped worker are lost");
    assert!(claimed_again <= CLAIMED, "and none of the others");
    assert_eq!(fleet.vendor.asked_by(0), asked, "it asks nothing after its leases are over");
    assert_eq!(fleet.vendor.overlaps(), 0, "no verification is polled by two at once");
    assert_eq!(fleet.rows.count("version = 1 and leased = 0").await, fleet.rows.all);
    assert_eq!(fleet.rows.due().await, 0, "what the stopped worker answers late changes nothing");
    assert_eq!(fleet.rows.transitions().await, fleet.rows.all, "nothing counts twice");
    assert_eq!(fleet.rows.observations().await, fleet.rows.all, "nothing counts twice");
    for count in [1, 2, 4] {
        fleet.measure(count).await;
    }
}
