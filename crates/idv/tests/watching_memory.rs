//! A hundred thousand sessions in one process: what each costs, and whether each poll comes when it is due.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the figures are the point")]
#![cfg(feature = "watch")]

#[allow(dead_code, reason = "the other tests use the rest")]
mod watched;

use std::alloc::System;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cap::Cap;
use idv::adapter::OsRandomness;
use idv::watching::{Watch, WatchPolicy, Watcher};
use idv::{CheckRequest, NextAction, Registry, Verification, VerificationStatus as Status};
use tokio::sync::watch::{Receiver, channel};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use watched::{Vendor, registry, request};

#[global_allocator]
static ALLOCATED: Cap<System> = Cap::new(System, usize::MAX);

const SESSIONS: usize = 100_000;

/// The cadences that apply while an applicant is busy, or the vendor: nxos, Baanx, deepidv.
const CADENCES: [(&str, u64, u64); 3] = [("nxos", 15, 60), ("baanx", 5, 5), ("deepidv", 10, 30)];

/// How the pauses of all sessions of a vendor were.
#[derive(Debug, Default)]
struct Pauses {
    last: Vec<Option<Instant>>,
    count: usize,
    shortest: Duration,
    longest: Duration,
}

/// A vendor that answers at once, and the pauses that it sees.
fn vendor((name, applicant, vendor): (&str, u64, u64)) -> (Arc<Vendor>, Arc<Mutex<Pauses>>) {
    let pauses = Pauses { last: vec![None; SESSIONS], shortest: Duration::MAX, ..Pauses::default() };
    let pauses = Arc::new(Mutex::new(pauses));
    let writer = Arc::clone(&pauses);
    let told = move |key: &str, at: Instant| {
        let mut pauses = writer.lock().unwrap();
        let number: usize = key.parse().unwrap();
        if let Some(before) = pauses.last[number].replace(at) {
            let pause = at - before;
            pauses.count += 1;
            pauses.shortest = pauses.shortest.min(pause);
            pauses.longest = pauses.longest.max(pause);
        }
    };
    let vendor =
        Vendor::new(|_, _| Ok(Status::InProgress)).named(name).cadence(applicant, vendor).tells(told);
    (Arc::new(vendor), pauses)
}

/// Keys as long as the ids that vendors give.
fn requests() -> impl Iterator<Item = CheckRequest> {
    (0..SESSIONS).map(|number| request(&format!("{}:{number:036}", CADENCES[number % 3].0)))
}

fn each(before: usize) -> usize {
    (ALLOCATED.allocated() - before) / SESSIONS
}

/// What an application would write without a watcher: a task with a sleep for each session, and a channel for its changes.
fn task(registry: &Registry, request: CheckRequest) -> (JoinHandle<()>, Receiver<Option<Verification>>) {
    let (sender, receiver) = channel(None);
    let registry = registry.clone();
    let task = tokio::spawn(async move {
        loop {
            let pause = match registry.check(&request).await {
                Ok(state) if state.status.stops_watching() => return drop(sender.send(Some(state))),
                Ok(state) => {
                    let pause = match state.next_action {
                        NextAction::Wait { poll_after } => poll_after,
                        _ => Duration::from_secs(10),
                    };
                    sender.send_if_modified(|last| {
                        let changed = last.as_ref() != Some(&state);
                        *last = Some(state);
                        changed
                    });
                    pause
                }
                Err(_) => Duration::from_secs(30),
            };
            sleep(pause).await;
        }
    });
    (task, receiver)
}

/// The same without a channel: nobody would learn of anything.
fn bare_task(registry: &Registry, request: CheckRequest) -> JoinHandle<()> {
    let registry = registry.clone();
    tokio::spawn(async move {
        while registry.check(&request).await.is_ok() {
            sleep(Duration::from_secs(10)).await;
        }
    })
}

async fn cost_of_tasks<T>(registry: &Registry, spawn: impl Fn(&Registry, CheckRequest) -> T) -> usize {
    let before = ALLOCATED.allocated();
    let tasks: Vec<T> = requests().map(|request| spawn(registry, request)).collect();
    sleep(Duration::from_secs(3)).await;
    let cost = each(before);
    drop(tasks);
    cost
}

#[test]
fn a_hundred_thousand_sessions_cost_little_and_are_asked_about_in_time() {
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let vendors = || CADENCES.map(vendor);
    let only = |vendors: &[(Arc<Vendor>, Arc<Mutex<Pauses>>)]| -> Vec<Arc<Vendor>> {
        vendors.iter().map(|(vendor, _)| Arc::clone(vendor)).collect()
    };
    // Each in a runtime of its own, so that the tasks of one are gone when the next begins.
    let tasks = runtime().block_on(cost_of_tasks(&registry(&only(&vendors())), task));
    let bare = runtime().block_on(cost_of_tasks(&registry(&only(&vendors())), bare_task));
    let watched = vendors();
    let registry = registry(&only(&watched));
    let cost = runtime().block_on(async {
        let before = ALLOCATED.allocated();
        let watcher = Watcher::with(registry, WatchPolicy::default(), Arc::new(OsRandomness)).unwrap();
        let watches: Vec<Watch> = requests().map(|request| watcher.watch(&request)).collect();
        sleep(Duration::from_secs(3)).await;
        let cost = each(before);
        assert!(watches.iter().all(|watch| watch.last().is_some()));
        sleep(Duration::from_secs(43)).await;
        assert_eq!(watcher.watched(), SESSIONS);
        cost
    });
    println!("bytes for each of {SESSIONS} sessions: {cost} watched, {tasks} as tasks, {bare} as bare tasks");
    for ((name, applicant, _), (_, pauses)) in CADENCES.iter().zip(&watched) {
        let pauses = pauses.lock().unwrap();
        let Pauses { count, shortest, longest, .. } = &*pauses;
        println!("{name}: {count} pauses, {shortest:?} to {longest:?}, documented {applicant} s");
        let due = Duration::from_secs(*applicant);
        assert!(*count >= SESSIONS / 3 * (40 / *applicant as usize), "{name} was asked too rarely");
        assert!(
            *shortest >= due.mul_f64(0.999) && *longest <= due.mul_f64(1.05),
            "{name} was not asked in time"
        );
    }
    assert!(cost < 1024, "{cost} bytes a session");
    assert!(2 * cost <= tasks, "{cost} bytes are more than half of {tasks}");
}
