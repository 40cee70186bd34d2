//! A fleet of worker processes on one PostgreSQL database.

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
use worker::{AT_ONCE, Report};

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
        Tracker::open(registry, database.options.clone()).await.unwrap();
        let rows = Rows::fill(&database, number_of("IDV_CRASH_ROWS").unwrap_or(ROWS)).await;
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

    /// Waits until no more than so many verifications have never been polled.
    async fn polled(&self, most: i64) {
        until("polls", async || match self.rows.count("version = 0").await {
            unpolled if unpolled <= most => Ok(()),
            unpolled => Err(format!("{unpolled} verifications are not polled")),
        })
        .await;
    }

    /// Makes all verifications due, and measures how long the workers take.
    async fn measure(&self, count: usize) {
        self.vendor.forget();
        let workers = self.workers(count).await;
        let begin = Instant::now();
        self.rows.make_due().await;
        until("polls of all", async || match self.rows.all - self.vendor.asked_once() {
            0 => Ok(()),
            unpolled => Err(format!("{unpolled} are not polled")),
        })
        .await;
        let seconds = begin.elapsed().as_secs_f64();
        for worker in workers {
            end(worker).await;
        }
        let per_second = f64::from(u32::try_from(self.rows.all).unwrap()) / seconds;
        println!("postgres: {} polls by {count} workers: {per_second:.0} polls per second", self.rows.all);
        assert_eq!(self.vendor.most_asked(), 1, "nothing is polled twice");
        assert_eq!(self.vendor.overlaps(), 0);
    }
}

async fn end(worker: Process) -> Report {
    serde_json::from_str(&worker.end().await.expect("a report")).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fleet_polls_each_verification_once_at_a_time() {
    let fleet = Fleet::new().await;
    let mut workers = fleet.workers(4).await;
    fleet.vendor.hold(Some(0));
    fleet.rows.make_due().await;
    until_true("checks of the first worker", || fleet.vendor.held() == AT_ONCE).await;
    workers[0].signal(Signal::STOP);
    fleet.vendor.hold(None);
    fleet.polled(0).await;
    let asked = fleet.vendor.asked_by(0);
    workers[0].signal(Signal::CONT);
    let stopped = end(workers.remove(0)).await;
    let mut others = Report::default();
    for worker in workers {
        others += end(worker).await;
    }
    println!("postgres: the stopped worker: {stopped:?}; the others: {others:?}");
    assert_eq!(fleet.vendor.asked_by(0), asked, "it asks nothing after its leases are over");
    assert!(stopped.lost > AT_ONCE, "its leases are lost: {stopped:?}");
    assert_eq!(others.lost, 0, "{others:?}");
    assert_eq!(fleet.vendor.overlaps(), 0, "no verification is polled by two at once");
    assert_eq!(fleet.rows.count("version = 1").await, i64::try_from(fleet.rows.all).unwrap());
    assert_eq!(
        fleet.rows.transitions().await,
        i64::try_from(fleet.rows.all).unwrap(),
        "nothing counts twice"
    );
    assert_eq!(
        fleet.rows.observations().await,
        i64::try_from(fleet.rows.all).unwrap(),
        "nothing counts twice"
    );
    for count in [1, 2, 4] {
        fleet.measure(count).await;
    }
}
