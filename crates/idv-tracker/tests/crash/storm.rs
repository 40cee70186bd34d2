//! Applicants, vendors with their webhooks, and the application's endpoint around the processes of an application, whatever happens
//! to those processes.

mod applicants;
mod books;
mod checks;
mod couriers;
mod log;
mod receiver;
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
use crate::settings::{Role, Serving, Settings, SharedClock};
use crate::stores::Database;
use books::Books;
use receiver::{Receiver, SECRET};

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

/// The surroundings of an application's processes.
pub(crate) struct Storm<'a> {
    name: String,
    sandbox: &'a Sandbox,
    /// When it began, in the time of the sandbox.
    begun: SystemTime,
    places: Vec<Place<'a>>,
    database: &'a Database,
    /// The address at which the processes reach the database.
    url: String,
    folder: TempDir,
    pub(crate) random: Random,
    receiver: Receiver,
    /// The port of each process that serves.
    ports: watch::Sender<Vec<Option<u16>>>,
    is_over: AtomicBool,
    books: Books,
    pub(crate) totals: Totals,
}

impl<'a> Storm<'a> {
    /// A storm around so many processes.
    pub(crate) async fn new(
        name: &str,
        sandbox: &'a Sandbox,
        database: &'a Database,
        seed: u64,
        processes: usize,
    ) -> Self {
        let name = format!("{name}, {}", database.name);
        println!("{name}: seed {seed}");
        let mut places = Vec::new();
        for kind in FLOWS {
            let flow = Flow::of_kind(kind).unwrap();
            let stage = SandboxStage::set(sandbox, flow).await.unwrap();
            flow.vendor(sandbox).mix_faults(Some(faults(seed))).unwrap();
            places.push(Place { flow, stage });
        }
        let storm = Self {
            name,
            sandbox,
            begun: sandbox.now(),
            places,
            database,
            url: database.options.url.expose_secret().to_owned(),
            folder: tempfile::tempdir().unwrap(),
            random: Random::new(seed),
            receiver: Receiver::start(seed).await,
            ports: watch::Sender::new(vec![None; processes]),
            is_over: AtomicBool::new(false),
            books: Books::default(),
            totals: Totals::default(),
        };
        storm.pass(Duration::ZERO);
        storm
    }

    /// The same with another way from the processes to the database.
    pub(crate) fn through(mut self, url: String) -> Self {
        self.url = url;
        self
    }

    /// Lets applicants come until `disturbance` is over, and goes on until each has an answer and each webhook a 200. The disturbance
    /// leaves processes that work.
    pub(crate) async fn blow<T>(&self, disturbance: impl Future<Output = T>) -> T {
        let applicants = async {
            let all = self.places.iter().flat_map(|place| (0..APPLICANTS).map(move |_| place));
            join_all(all.map(|place| applicants::come(self, place))).await;
            self.books.close();
        };
        let disturbed = async {
            let left = disturbance.await;
            self.places.iter().for_each(|place| place.flow.vendor(self.sandbox).mix_faults(None).unwrap());
            self.receiver.behave();
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

    /// Lets time pass at the vendors, and in the processes.
    pub(crate) fn pass(&self, time: Duration) {
        self.sandbox.advance(time);
        let ahead = self.sandbox.now().duration_since(SystemTime::now()).unwrap_or_default();
        SharedClock::set(&self.clock(), ahead);
    }

    /// The settings of an application's process at one of the places for them.
    pub(crate) fn settings(&self, place: usize) -> Settings {
        let role = Role::Serve(Serving {
            configuration: self.configuration(),
            consumer: format!("application-{place}"),
            log: self.log(place),
            clock: self.clock(),
            deliver_to: (self.receiver.url.clone(), SECRET.to_owned()),
        });
        Settings { database: self.url.clone(), role }
    }

    fn clock(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    fn log(&self, place: usize) -> PathBuf {
        self.folder.path().join(format!("transitions-{place}.jsonl"))
    }

    /// The files of all logs.
    fn logs(&self) -> impl Iterator<Item = PathBuf> {
        (0..self.ports.borrow().len()).map(|place| self.log(place))
    }

    /// How many lines the first log has.
    pub(crate) fn lines(&self) -> usize {
        std::fs::read_to_string(self.log(0)).map_or(0, |text| text.lines().count())
    }

    /// How many transitions the application's endpoint accepted.
    pub(crate) fn accepted(&self) -> usize {
        self.receiver.accepted()
    }

    /// Sends everybody to a process too, or no more.
    pub(crate) fn publish(&self, place: usize, port: Option<u16>) {
        self.ports.send_modify(|ports| ports[place] = port);
    }

    /// Processes that work, one at each place.
    pub(crate) async fn processes(&self) -> Vec<Process> {
        let places = self.ports.borrow().len();
        let mut processes: Vec<_> = (0..places).map(|place| Process::spawn(&self.settings(place))).collect();
        for (place, process) in processes.iter_mut().enumerate() {
            self.publish(place, Some(process.port().await));
        }
        processes
    }

    /// The port of any of the processes, once there is one.
    async fn port(&self) -> u16 {
        let mut ports = self.ports.subscribe();
        let found = ports.wait_for(|ports| ports.iter().any(Option::is_some)).await.unwrap();
        let found: Vec<u16> = found.iter().flatten().copied().collect();
        found[self.random.below(found.len())]
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
