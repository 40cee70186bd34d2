//! Watching many sessions, against a task with a sleep for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use idv::adapter::{BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions};
use idv::config::ConfigDocument;
use idv::profile::{Cadence, ProviderProfile};
use idv::testing::profile;
use idv::watching::{Watch, Watcher};
use idv::{
    CancelRequest, CheckRequest, ConfigProblem, EraseRequest, Erasure, Error, FindRequest, ImportRequest,
    NextAction, Operation, ProviderId, ProviderKind, Redirect, RedirectOutcome, RefreshRequest, Registry,
    Result, StartRequest, VendorWord, Verification, VerificationProvider, VerificationSession,
    VerificationStatus, WebhookOutcome, WebhookRequest,
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
#[derive(Debug)]
struct Vendor {
    id: ProviderId,
    profile: ProviderProfile,
    asked: Arc<AtomicU64>,
}

impl Vendor {
    fn new(asked: Arc<AtomicU64>) -> Self {
        let mut profile = profile();
        profile.actions.cadence =
            Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(15));
        Self { id: "acme".parse().expect("an id"), profile, asked }
    }

    fn never<T>(&self, operation: Operation) -> Result<T> {
        Err(Error::unsupported(&self.id, operation, "only checks"))
    }
}

#[async_trait]
impl VerificationProvider for Vendor {
    fn id(&self) -> &ProviderId {
        &self.id
    }

    fn profile(&self) -> &ProviderProfile {
        &self.profile
    }

    async fn start(&self, _: &StartRequest) -> Result<VerificationSession> {
        self.never(Operation::Start)
    }

    async fn refresh(&self, _: &RefreshRequest) -> Result<VerificationSession> {
        self.never(Operation::Refresh)
    }

    async fn check(&self, request: &CheckRequest) -> Result<Verification> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let status = VerificationStatus::InProgress;
        let action = self.profile.next_action(status);
        Ok(Verification::new(request.session.clone(), status, VendorWord::new("PENDING"), action))
    }

    async fn find(&self, _: &FindRequest) -> Result<Vec<Verification>> {
        self.never(Operation::Find)
    }

    async fn import(&self, _: &ImportRequest) -> Result<Verification> {
        self.never(Operation::Import)
    }

    async fn cancel(&self, _: &CancelRequest) -> Result<Verification> {
        self.never(Operation::Cancel)
    }

    async fn erase(&self, _: &EraseRequest) -> Result<Erasure> {
        self.never(Operation::Erase)
    }

    fn parse_redirect(&self, _: &Redirect<'_>) -> Result<RedirectOutcome> {
        self.never(Operation::Redirect)
    }

    fn verify_webhook(&self, _: &WebhookRequest<'_>) -> Result<WebhookOutcome> {
        self.never(Operation::Webhook)
    }
}

#[derive(Debug)]
struct Factory(Arc<AtomicU64>);

impl ProviderFactory for Factory {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("told")
    }

    fn build(
        &self,
        _: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> std::result::Result<BuiltProvider, Vec<ConfigProblem>> {
        Ok(Arc::new(Vendor::new(Arc::clone(&self.0))).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
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
    let registry = Registry::builder().factory(Factory(Arc::clone(&asked)));
    let registry = registry.build(&document.expect("a configuration")).expect("a registry");
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
