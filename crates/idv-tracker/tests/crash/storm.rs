//! Applicants, vendors and their webhooks around an application's process, whatever happens to that process.

mod applicants;
mod books;
mod checks;
mod couriers;
mod log;
mod totals;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::future::join_all;
use idv::Registry;
use idv::config::ConfigDocument;
use idv_conformance::storyline::sandbox::{Flow, SandboxClock, SandboxStage};
use idv_sandbox::{CannedAnswer, FaultKind, FaultMix, Sandbox};
use idv_tracker::Tracker;
use secrecy::ExposeSecret as _;
use tempfile::TempDir;
use tokio::sync::watch;

use crate::process::Process;
use crate::random::Random;
use crate::settings::{Role, Settings};
use crate::stores::Database;
use books::Books;

pub(crate) use totals::Totals;

/// A start that can be repeated, one whose session can be searched for, and two that are neither.
const FLOWS: [&str; 4] = ["nxos", "sumsub", "veriff", "session-api"];

/// How many applicants a flow has at a time.
const APPLICANTS: usize = 2;

/// How many webhooks are delivered at a time.
const COURIERS: usize = 4;

/// A flow and its vendor's side.
struct Place<'a> {
    flow: Flow,
    stage: SandboxStage<'a>,
}

/// The surroundings of an application's process.
pub(crate) struct Storm<'a> {
    sandbox: &'a Sandbox,
    places: Vec<Place<'a>>,
    database: &'a Database,
    /// The address at which the process reaches the database.
    url: String,
    folder: TempDir,
    pub(crate) random: Random,
    port: watch::Sender<Option<u16>>,
    is_over: AtomicBool,
    books: Books,
    pub(crate) totals: Totals,
}

impl<'a> Storm<'a> {
    pub(crate) async fn new(sandbox: &'a Sandbox, database: &'a Database, seed: u64) -> Self {
        println!("seed {seed} on {}", database.name);
        let mut places = Vec::new();
        for kind in FLOWS {
            let flow = Flow::of_kind(kind).unwrap();
            let stage = SandboxStage::set(sandbox, flow).await.unwrap();
            flow.vendor(sandbox).mix_faults(Some(faults(seed))).unwrap();
            places.push(Place { flow, stage });
        }
        Self {
            sandbox,
            places,
            database,
            url: database.options.url.expose_secret().to_owned(),
            folder: tempfile::tempdir().unwrap(),
            random: Random::new(seed),
            port: watch::Sender::new(None),
            is_over: AtomicBool::new(false),
            books: Books::default(),
            totals: Totals::default(),
        }
    }

    /// The same with another way from the process to the database.
    pub(crate) fn through(mut self, url: String) -> Self {
        self.url = url;
        self
    }

    /// Lets applicants come until `disturbance` is over, and goes on until each has an answer and each webhook a 200. The disturbance
    /// leaves a process that works.
    pub(crate) async fn blow<T>(&self, disturbance: impl Future<Output = T>) -> T {
        let applicants = async {
            let all = self.places.iter().flat_map(|place| (0..APPLICANTS).map(move |_| place));
            join_all(all.map(|place| applicants::come(self, place))).await;
            self.books.close();
        };
        let disturbed = async {
            let left = disturbance.await;
            self.places.iter().for_each(|place| place.flow.vendor(self.sandbox).mix_faults(None).unwrap());
            self.is_over.store(true, Ordering::SeqCst);
            left
        };
        let (left, (), ()) = tokio::join!(disturbed, applicants, self.deliver());
        left
    }

    /// Delivers webhooks until no more of them are made.
    async fn deliver(&self) {
        let couriers = (0..COURIERS).map(|_| couriers::deliver(self));
        tokio::join!(couriers::collect(self), join_all(couriers));
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Lets time pass at the vendors. The next process lives in that time too.
    pub(crate) fn pass(&self, time: Duration) {
        self.sandbox.advance(time);
    }

    /// The settings of an application's process that begins now.
    pub(crate) fn settings(&self) -> Settings {
        let ahead = self.sandbox.now().duration_since(SystemTime::now()).unwrap_or_default();
        let role = Role::Serve { configuration: self.configuration(), log: self.log(), ahead };
        Settings { database: self.url.clone(), role }
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("transitions.jsonl")
    }

    /// How many lines the log has.
    pub(crate) fn lines(&self) -> usize {
        std::fs::read_to_string(self.log()).map_or(0, |text| text.lines().count())
    }

    /// Sends everybody to a process, or lets them wait for the next one.
    pub(crate) fn publish(&self, port: Option<u16>) {
        self.port.send_replace(port);
    }

    /// A process that works.
    pub(crate) async fn process(&self) -> Process {
        let mut process = Process::spawn(&self.settings());
        self.publish(Some(process.port().await));
        process
    }

    /// The port of the process, once there is one.
    async fn port(&self) -> u16 {
        let mut port = self.port.subscribe();
        let found = port.wait_for(Option::is_some).await.unwrap();
        found.unwrap()
    }

    fn configuration(&self) -> String {
        let mut text = String::from("active = \"primary\"\n");
        for place in &self.places {
            let quick = "http.attempts = 1\nlimits.documented = false\nlimits.breaker = false\n";
            text += &format!("{}{quick}", place.flow.literal_configuration(self.sandbox));
        }
        text
    }

    fn registry(&self) -> Registry {
        let document = ConfigDocument::from_toml_str(&self.configuration()).unwrap();
        Registry::builder().clock(Arc::new(SandboxClock::of(self.sandbox))).build(&document).unwrap()
    }

    /// A tracker of the test's own on the same database.
    async fn tracker(&self) -> Tracker {
        Tracker::builder(self.registry(), self.database.options.clone())
            .clock(Arc::new(SandboxClock::of(self.sandbox)))
            .open()
            .await
            .unwrap()
    }
}

/// Every seventh answer goes wrong; the vendor has done its work more often than not.
fn faults(seed: u64) -> FaultMix {
    let busy = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    let kinds = vec![
        FaultKind::LostAnswer,
        FaultKind::LostAnswer,
        FaultKind::Truncated,
        FaultKind::ResetBefore,
        busy,
    ];
    FaultMix { seed, per_mille: 140, kinds }
}
