//! Watching many sessions, against a task with a sleep for each.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use idv::config::ConfigDocument;
use idv::profile::Cadence;
use idv::testing::{CheckFn, FactoryFn, profile};
use idv::watching::{Watch, Watcher};
use idv::{
    CheckRequest, NextAction, ProviderKind, Registry, VendorWord, Verification, VerificationProvider,
    VerificationStatus,
};
use tokio::sync::watch::{Receiver, channel};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::calls::reference;
use crate::measure::processor_time;
use crate::{Aim, Allocations, Figure};

/// How long polls are measured, in paused time: each session is due twice.
const WINDOW: Duration = Duration::from_secs(30);

/// A vendor that answers at once that nothing is decided, and counts how often it was asked.
fn vendor(asked: Arc<AtomicU64>) -> Arc<impl VerificationProvider> {
    let mut profile = profile();
    profile.actions.cadence =
        Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(15));
    let status = VerificationStatus::InProgress;
    let action = profile.next_action(status);
    let check = move |request: &CheckRequest| {
        asked.fetch_add(1, Ordering::Relaxed);
        let word = VendorWord::new("PENDING");
        ready(Ok(Verification::new(request.session.clone(), status, word, action.clone())))
    };
    Arc::new(CheckFn::new("acme".parse().expect("an id"), profile, check))
}

/// The same without a watcher: a task with a sleep for each session, and a channel for its changes.
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

/// What watching took: bytes for each session, and nanoseconds for each poll.
struct Cost {
    bytes: f64,
    nanoseconds: f64,
}

fn cost<T>(
    sessions: u64,
    counted: fn() -> Allocations,
    watch: impl FnOnce(Registry, Vec<CheckRequest>) -> T,
) -> Cost {
    let asked = Arc::new(AtomicU64::new(0));
    let document = ConfigDocument::from_toml_str("active = \"acme\"\n[providers.acme]\nkind = \"told\"\n");
    let counter = Arc::clone(&asked);
    let factory = FactoryFn::new(ProviderKind::from_static("told"), move |_| vendor(Arc::clone(&counter)));
    let registry =
        Registry::builder().factory(factory).build(&document.expect("a configuration")).expect("a registry");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let before = counted().in_use;
        // Keys as long as the ids that vendors give.
        let requests =
            (0..sessions).map(|number| CheckRequest::new(reference(&format!("acme:{number:036}"))));
        let held = watch(registry, requests.collect());
        sleep(Duration::from_secs(3)).await;
        let bytes = counted().in_use.saturating_sub(before) as f64 / sessions as f64;
        let (polls, time) = (asked.load(Ordering::Relaxed), processor_time());
        sleep(WINDOW).await;
        let (polls, time) = (asked.load(Ordering::Relaxed) - polls, processor_time() - time);
        drop(held);
        Cost { bytes, nanoseconds: time.as_secs_f64() * 1e9 / polls as f64 }
    })
}

fn watched(sessions: u64, counted: fn() -> Allocations) -> Cost {
    cost(sessions, counted, |registry, requests| {
        let watcher = Watcher::new(registry).expect("a watcher");
        let watches: Vec<Watch> = requests.iter().map(|request| watcher.watch(request)).collect();
        (watcher, watches)
    })
}

fn as_tasks(sessions: u64, counted: fn() -> Allocations) -> Cost {
    cost(sessions, counted, |registry, requests| {
        requests.into_iter().map(|request| task(&registry, request)).collect::<Vec<_>>()
    })
}

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];

fn name(sessions: u64) -> String {
    format!("watching {sessions} sessions")
}

/// Bytes for each session, of few and of many.
pub(crate) fn memory(counted: fn() -> Allocations) -> Vec<Figure> {
    let figure = |sessions| {
        let (ours, theirs) = (watched(sessions, counted).bytes, as_tasks(sessions, counted).bytes);
        let figure = Figure::new(name(sessions), "memory of a session", "B", ours);
        figure.against("a task for each", theirs).aim(Aim::RatioAtMost(0.5))
    };
    SIZES.into_iter().map(figure).collect()
}

/// Processor time for each poll, of few and of many.
pub(crate) fn polls() -> Vec<Figure> {
    let uncounted = || Allocations { count: 0, in_use: 0 };
    let least = |run: fn(u64, fn() -> Allocations) -> Cost, sessions| {
        let rounds = if sessions > 100_000 { 1 } else { 3 };
        (0..rounds).map(|_| run(sessions, uncounted).nanoseconds).fold(f64::MAX, f64::min)
    };
    let few = least(watched, SIZES[0]);
    let figures = SIZES.into_iter().flat_map(|sessions| {
        let (ours, theirs) = (least(watched, sessions), least(as_tasks, sessions));
        let figure = Figure::new(name(sessions), "processor time of a poll", "ns", ours);
        let flat = figure.clone().against("at 1000 sessions", few).aim(Aim::RatioAtMost(2.0));
        [figure.against("a task for each", theirs), flat]
    });
    figures.collect()
}
