//! The active provider changes dozens of times while hundreds of applicants are under way, others are retired and come
//! back, and half of the edits are broken at first.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use idv::config::ConfigDocument;
use idv::routing::RouteRequest;
use idv::{
    CancelRequest, ErrorKind, Registry, Verification, VerificationSession, VerificationStatus as Status,
};
use idv_sandbox::{Act, SimulatedVerification};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::applicant::Stored;
use crate::config::Config;
use crate::dice::Dice;
use crate::flow::Flow;
use crate::ledger::{Ledger, Question};
use crate::story::{Step, story};
use crate::world::{Person, World, deliver};

/// Under each configuration this many sessions begin, which are under way when the next one comes.
pub(crate) const STARTS: usize = 8;
/// Each provider is active this many times while sessions begin, and more often afterwards.
const ROUNDS: usize = 8;
const APPLICANTS: usize = STARTS * ROUNDS * Flow::ALL.len();

/// What a vendor says that was never asked to verify the applicant.
const ELSEWHERE: &str = "SOMEBODY_ELSE";

/// The application: one registry, whose configuration is read again after every edit.
#[derive(Debug)]
pub(crate) struct Application {
    registry: Registry,
    file: Arc<Mutex<Config>>,
    /// How many configurations have been taken.
    edits: watch::Sender<usize>,
    /// How many configurations have let applicants begin.
    rounds: watch::Sender<usize>,
    /// One for each applicant who has taken the registry to begin with.
    begun: Semaphore,
    /// One for each applicant who waits for the next configuration.
    waiting: Semaphore,
}

impl Application {
    pub(crate) fn new(config: &Config) -> Self {
        let file = Arc::new(Mutex::new(config.clone()));
        let read = Arc::clone(&file);
        let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap().text());
        let registry = Registry::builder().load(load).unwrap();
        let [begun, waiting] = [0; 2].map(Semaphore::new);
        let [edits, rounds] = [0; 2].map(watch::Sender::new);
        Self { registry, file, edits, rounds, begun, waiting }
    }

    /// The registry that is current in this applicant's round.
    async fn first(&self, number: usize) -> Registry {
        self.rounds.subscribe().wait_for(|rounds| *rounds > number / STARTS).await.unwrap();
        let registry = self.registry.pinned();
        self.begun.add_permits(1);
        registry
    }

    /// The registry after another edit, as whenever people take their time.
    async fn next(&self) -> &Registry {
        let mut news = self.edits.subscribe();
        self.waiting.add_permits(1);
        news.changed().await.unwrap();
        &self.registry
    }

    pub(crate) fn switch(&self, config: &Config) {
        while let Ok(waiter) = self.waiting.try_acquire() {
            waiter.forget();
        }
        *self.file.lock().unwrap() = config.clone();
        self.registry.reload().unwrap();
        assert_eq!(self.registry.active().as_str(), config.active);
        self.edits.send_modify(|edits| *edits += 1);
    }

    /// Lets the applicants of another round begin, and waits until they have the registry to begin with.
    pub(crate) async fn let_begin(&self) {
        self.rounds.send_modify(|rounds| *rounds += 1);
        self.begun.acquire_many(STARTS as u32).await.unwrap().forget();
    }

    /// Changes the configuration whenever somebody waits for that, until every applicant is through.
    pub(crate) async fn see_through(&self, mut lives: JoinSet<Life>, mut change: impl FnMut()) -> Vec<Life> {
        let mut ended = Vec::new();
        loop {
            tokio::select! {
                life = lives.join_next() => match life {
                    Some(life) => ended.push(life.unwrap()),
                    None => return ended,
                },
                waiter = self.waiting.acquire() => {
                    waiter.unwrap().forget();
                    change();
                }
            }
        }
    }

    /// Saves a configuration of which one provider alone cannot be used.
    fn fumble(&self, config: &Config, flow: Flow) {
        let before = self.registry.active();
        *self.file.lock().unwrap() = config.edit(flow, |table| table.set_text("base_url", ""));
        assert_eq!(self.registry.reload().unwrap_err().kind(), ErrorKind::Config);
        assert_eq!(self.registry.active(), before);
    }
}

/// What one applicant went through.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) flow: Flow,
    pub(crate) person: Person,
    stored: Stored,
    /// The link that opens the vendor's page.
    link: String,
    asked: Vec<Question>,
}

impl Life {
    /// Begins where the current configuration says.
    async fn begin(world: &World, app: &Application, number: usize) -> Self {
        let person = world.person(&format!("case-{number}"));
        let registry = app.first(number).await;
        let decision = registry.router().decide(&RouteRequest::from(&person.request()));
        let flow = Flow::named(&decision.provider.expect("somebody takes them"));
        let session = registry.start(&person.request()).await.unwrap();
        assert_eq!(session.reference.provider(), &flow.id(), "{}", person.case);
        let stored = Stored::new(&session.reference, &person);
        let life =
            Self { flow, person, stored, link: link(&session), asked: Question::of_start(flow).to_vec() };
        assert!(world.pages(flow, &life.person).contains(&life.link), "{}", life.person.case);
        life.mislead(world);
        life
    }

    /// Lets every other place where this applicant is known say something else, so that a wrong turn shows.
    fn mislead(&self, world: &World) {
        for other in Flow::ALL.into_iter().filter(|other| *other != self.flow && other.knows_everybody()) {
            world.act(other, &self.person, &Act::Say { word: ELSEWHERE.to_owned() });
        }
    }

    async fn go_on(&mut self, world: &World, app: &Application, step: &Step) {
        let what = format!("{} at {}: {step:?}", self.person.case, self.flow.name());
        if let Step::Act(act, _) = step {
            world.act(self.flow, &self.person, act);
        }
        let registry = app.next().await;
        match step {
            Step::Act(_, status) => {
                let state = registry.check(&self.stored.question()).await.expect(&what);
                self.asked.extend(Question::of_check(self.flow, state.provider_status.as_str()));
                self.assert_told(world, &state, *status, &what);
                let provider = registry.provider(state.reference.provider()).unwrap();
                assert_eq!(provider.profile().kind.as_str(), self.flow.kind(), "{what}");
            }
            Step::Refresh => self.refresh(world, registry, &what).await,
            Step::Reopen => {
                let error = registry.refresh(&self.stored.wish()).await.expect_err(&what);
                assert_eq!(
                    (error.kind(), error.provider()),
                    (ErrorKind::Unsupported, Some(&self.flow.id())),
                    "{what}"
                );
                assert_eq!(world.pages(self.flow, &self.person), [&*self.link], "{what}");
            }
            Step::Cancel => {
                let request = CancelRequest::new(self.stored.reference());
                let state = registry.cancel(&request).await.expect(&what);
                self.asked.extend(Question::OF_CANCEL);
                self.assert_told(world, &state, Status::Cancelled, &what);
            }
        }
    }

    /// A new link for the same applicant, who stays at the same level where the vendor has any.
    async fn refresh(&mut self, world: &World, registry: &Registry, what: &str) {
        let level = world.home.sumsub().level(&self.person.case);
        let session = registry.refresh(&self.stored.wish()).await.expect(what);
        self.asked.extend(Question::of_refresh(self.flow));
        self.link = link(&session);
        assert_eq!(session.reference, self.stored.reference(), "{what}");
        assert!(world.pages(self.flow, &self.person).contains(&self.link), "{what}");
        assert_eq!(world.home.sumsub().level(&self.person.case), level, "{what}");
    }

    /// That the application is told by the vendor that began, in the vendor's own word.
    fn assert_told(&self, world: &World, state: &Verification, status: Status, what: &str) {
        assert_eq!((&state.reference, state.status), (&self.stored.reference(), status), "{what}");
        assert_eq!(state.provider_status.to_string(), world.word(self.flow, &self.person), "{what}");
    }

    /// What the vendor tells by itself finds its way as well.
    async fn hear(&self, world: &World, app: &Application) {
        let registry = app.next().await.pinned();
        let outcome = deliver(&registry, self.flow, &world.webhook(self.flow, &self.person));
        crate::webhooks::assert_about(world, self.flow, &self.person, &self.stored, &outcome.unwrap());
    }
}

fn link(session: &VerificationSession) -> String {
    session.handoff.url().expect("every flow has a page").expose().to_owned()
}

pub(crate) async fn live(world: Arc<World>, app: Arc<Application>, number: usize) -> Life {
    let mut life = Life::begin(&world, &app, number).await;
    for step in story(life.flow, &mut Dice::of(number)) {
        life.go_on(&world, &app, &step).await;
    }
    life.hear(&world, &app).await;
    life
}

/// Rewrites the configuration until every applicant is through.
async fn switch_until_done(world: &World, app: &Application, lives: JoinSet<Life>) -> Vec<Life> {
    let mut dice = Dice::of(usize::MAX);
    let mut rounds = Flow::ALL.into_iter().cycle();
    let mut switch = || {
        let active = rounds.next().expect("a cycle has no end");
        let config = world.config().rearranged(&mut dice).active(active).some_retired(&mut dice);
        if dice.pick(&[true, false]) {
            app.fumble(&config, dice.pick(&Flow::ALL));
        }
        app.switch(&config);
    };
    for _ in 0..APPLICANTS / STARTS {
        switch();
        app.let_begin().await;
    }
    app.see_through(lives, switch).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_applicant_reaches_the_verdict_of_the_vendor_that_began() {
    let world = Arc::new(World::new().await);
    let app = Arc::new(Application::new(&world.config()));
    let mut lives = JoinSet::new();
    for number in 0..APPLICANTS {
        lives.spawn(live(Arc::clone(&world), Arc::clone(&app), number));
    }
    let lives = switch_until_done(&world, &app, lives).await;

    assert_eq!(lives.len(), APPLICANTS);
    for flow in Flow::ALL {
        let begun = lives.iter().filter(|life| life.flow == flow).count();
        assert_eq!(begun, STARTS * ROUNDS, "{}", flow.name());
    }
    Ledger::recorded(&world).assert_is(&expected(&world, &lives));
    assert_made(&world, &lives);
}

/// Each applicant at the vendor that began, and nowhere else.
pub(crate) fn expected(world: &World, lives: &[Life]) -> Ledger {
    let mut ledger = Ledger::default();
    for Life { flow, person, asked, .. } in lives {
        ledger.add(world, *flow, asked, person);
    }
    ledger
}

/// The sessions that exist at the vendors are those that the application knows of.
pub(crate) fn assert_made(world: &World, lives: &[Life]) {
    let references: BTreeSet<String> = lives.iter().map(|life| life.stored.reference().to_string()).collect();
    assert_eq!(references.len(), lives.len(), "a reference stands for two applicants");
    for flow in Flow::ALL.into_iter().filter(|flow| !flow.knows_everybody()) {
        let found = world.vendor(flow).verifications(usize::MAX);
        let made: BTreeSet<String> = found.into_iter().map(|found| reference(flow, found)).collect();
        let known = references.iter().filter(|reference| reference.starts_with(&format!("{}:", flow.name())));
        assert_eq!(made, known.cloned().collect());
    }
    for life in lives {
        for flow in [Flow::Primary, Flow::Europe] {
            let applicant = world.nxos(flow).applicant(&life.person.organization);
            assert_eq!(applicant.is_some(), life.flow == flow, "{} at {}", life.person.case, flow.name());
        }
    }
}

/// The reference of a verification that the vendor has made for a start.
fn reference(flow: Flow, made: SimulatedVerification) -> String {
    match flow {
        Flow::Direct => format!("{}:id:{}", flow.name(), made.external_id.expect("the application's id")),
        _ => format!("{}:{}", flow.name(), made.id),
    }
}
