//! A process whose database cannot be reached, is locked or is full.

mod full;
mod proxy;
mod server;

use idv_sandbox::Sandbox;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::process::Process;
use crate::random::seed;
use crate::settings::{Role, Settings};
use crate::stores::Database;
use crate::storm::Storm;
use crate::wait::until_true;
use proxy::Proxy;
use server::Server;

/// How often the database is away, of a process that goes on.
const OUTAGES: usize = 3;

/// How many processes share the server that is killed.
const PROCESSES: usize = 2;

/// How many webhooks are taken before an outage, and after it.
const SOME: usize = 8;

/// The largest file of a process whose disk is full, in blocks of 512 bytes.
const BLOCKS: u32 = 3000;

async fn sandbox() -> Sandbox {
    Sandbox::builder().seed(seed()).start().await.unwrap()
}

/// Waits until webhooks are taken, and the application is told.
async fn works(storm: &Storm<'_>) {
    let before = storm.totals.acknowledged.get();
    let (told, accepted) = (storm.lines(), storm.accepted());
    until_true("webhooks that are acknowledged", || storm.totals.acknowledged.get() >= before + SOME).await;
    until_true("transitions in the log", || storm.lines() > told).await;
    until_true("transitions at the application's endpoint", || storm.accepted() > accepted).await;
}

/// Waits until webhooks are refused.
async fn refuses(storm: &Storm<'_>, count: usize) {
    let before = storm.totals.refused.get();
    until_true("webhooks that are answered with 503", || storm.totals.refused.get() >= before + count).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_is_cut_off_from_postgres_goes_on_when_it_is_back() {
    let (sandbox, database) = (sandbox().await, Database::postgres().await);
    let mut url = Url::parse(database.options.url.expose_secret()).unwrap();
    let proxy = Proxy::to(format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432))).await;
    url.set_host(Some("127.0.0.1")).unwrap();
    url.set_port(Some(proxy.port)).unwrap();
    let storm = Storm::new("cut off", &sandbox, &database, seed(), 1).await.through(url.to_string());
    let cut_off = async {
        let processes = storm.processes().await;
        for _ in 0..OUTAGES {
            works(&storm).await;
            proxy.cut();
            storm.totals.outages.add(1);
            refuses(&storm, 1).await;
            proxy.mend();
        }
        works(&storm).await;
        processes
    };
    let processes = storm.blow(cut_off).await;
    storm.check(processes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_whose_postgres_is_killed_go_on_when_it_is_started_again() {
    let mut server = Server::start().await;
    let (sandbox, database) = (sandbox().await, Database::on(&server.url()).await);
    let storm = Storm::new("database killed", &sandbox, &database, seed(), PROCESSES).await;
    let killed = async {
        let processes = storm.processes().await;
        for _ in 0..OUTAGES {
            works(&storm).await;
            server.kill();
            storm.totals.outages.add(1);
            refuses(&storm, 1).await;
            server.start_again().await;
        }
        works(&storm).await;
        processes
    };
    let processes = storm.blow(killed).await;
    storm.check(processes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_whose_database_is_locked_by_another_goes_on_when_it_is_free() {
    let (sandbox, database) = (sandbox().await, Database::sqlite());
    let storm = Storm::new("locked", &sandbox, &database, seed(), 1).await;
    let locked_out = async {
        let processes = storm.processes().await;
        for _ in 0..OUTAGES {
            works(&storm).await;
            let database = database.options.url.expose_secret().to_owned();
            let mut other = Process::spawn(&Settings { database, role: Role::Lock });
            other.told().await.unwrap().expect("the other process has the lock");
            storm.totals.outages.add(1);
            refuses(&storm, 1).await;
            other.end().await;
        }
        works(&storm).await;
        processes
    };
    let processes = storm.blow(locked_out).await;
    storm.check(processes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_whose_disk_is_full_acknowledges_nothing_that_is_not_stored() {
    let (sandbox, database) = (sandbox().await, Database::sqlite());
    let storm = Storm::new("full", &sandbox, &database, seed(), 1).await;
    let full = async {
        let mut process = Process::spawn_with_small_files(&storm.settings(0), BLOCKS);
        storm.publish(0, Some(process.port().await));
        works(&storm).await;
        refuses(&storm, SOME).await;
        storm.totals.outages.add(1);
        storm.publish(0, None);
        process.kill().await;
        let processes = storm.processes().await;
        works(&storm).await;
        processes
    };
    let processes = storm.blow(full).await;
    storm.check(processes).await;
}
