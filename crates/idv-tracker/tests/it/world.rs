//! A sandbox, a registry for one of its flows, and a tracker.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use idv::config::ConfigDocument;
use idv::{CheckRequest, ProviderId, Registry, SessionRef, VerificationStatus};
use idv_conformance::storyline::sandbox::{Flow, SandboxClock, SandboxStage};
use idv_conformance::storyline::{Act, Acted, Case, Stage, Webhook};
use idv_sandbox::Sandbox;
use idv_tracker::{CredentialSource, Receipt, Started, Tracked, Tracker, TrackerBuilder, Transition};

use crate::stores::Database;

/// All that a test needs for one flow.
pub(crate) struct World<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) stage: SandboxStage<'a>,
    pub(crate) registry: Registry,
    pub(crate) tracker: Tracker,
    pub(crate) flow: Flow,
    pub(crate) case: Case,
}

pub(crate) async fn sandbox() -> Sandbox {
    Sandbox::builder().start().await.unwrap()
}

pub(crate) fn registry(sandbox: &Sandbox, flow: Flow) -> Registry {
    registry_with(sandbox, flow, "")
}

/// The same with more options of the provider.
pub(crate) fn registry_with(sandbox: &Sandbox, flow: Flow, more: &str) -> Registry {
    registry_of(sandbox, &[flow], more)
}

/// A registry of several flows, the first of them active.
pub(crate) fn registry_of(sandbox: &Sandbox, flows: &[Flow], more: &str) -> Registry {
    let quick = "http.attempts = 1\nlimits.documented = false\nlimits.breaker = false\n";
    let mut toml = format!("active = \"{}\"\n", flows[0].id());
    for flow in flows {
        let table = flow.literal_configuration(sandbox).replace("successor = \"cards\"\n", "");
        toml += &format!("{table}{more}{quick}");
    }
    let document = ConfigDocument::from_toml_str(&toml).unwrap();
    Registry::builder().clock(Arc::new(SandboxClock::of(sandbox))).build(&document).unwrap()
}

/// Hands out the credentials of one applicant.
#[derive(Debug)]
pub(crate) struct Credentials(Case);

#[async_trait]
impl CredentialSource for Credentials {
    async fn complete(&self, verification: &Tracked, _: CheckRequest) -> Option<CheckRequest> {
        Some(self.0.check(verification.session.as_ref()?))
    }
}

impl<'a> World<'a> {
    pub(crate) async fn new(sandbox: &'a Sandbox, flow: Flow, database: &Database) -> Self {
        let stage = SandboxStage::set(sandbox, flow).await.unwrap();
        let case = stage.enter().await.unwrap();
        let registry = registry(sandbox, flow);
        let tracker = builder(sandbox, &registry, database)
            .credentials(Arc::new(Credentials(case.clone())))
            .open()
            .await
            .unwrap();
        Self { sandbox, stage, registry, tracker, flow, case }
    }

    /// A second process on the same database.
    pub(crate) async fn another_process(&self, database: &Database) -> Tracker {
        builder(self.sandbox, &self.registry, database)
            .credentials(Arc::new(Credentials(self.case.clone())))
            .open()
            .await
            .unwrap()
    }

    pub(crate) fn provider(&self) -> ProviderId {
        self.flow.id().parse().unwrap()
    }

    pub(crate) async fn start(&self) -> Started {
        self.tracker.start(self.case.start.clone()).await.unwrap()
    }

    /// Lets something happen at the vendor; `false` where it cannot happen there.
    pub(crate) async fn act(&self, session: &SessionRef, act: Act) -> bool {
        matches!(self.stage.act(&self.case, session, &act).await.unwrap(), Acted::Done { .. })
    }

    /// The webhooks that the vendor has sent since.
    pub(crate) async fn sent(&self) -> Vec<Webhook> {
        self.stage.webhooks().await.unwrap()
    }

    /// Takes all webhooks that the vendor has sent since.
    pub(crate) async fn deliver(&self) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        for webhook in self.sent().await {
            receipts.push(self.receive(&webhook).await);
        }
        receipts
    }

    pub(crate) async fn receive(&self, webhook: &Webhook) -> Receipt {
        self.tracker.receive(&self.provider(), &webhook.headers, &webhook.body).await.unwrap()
    }

    /// Lets time pass until all is polled that is due within it.
    pub(crate) async fn pass(&self, time: Duration) {
        let step = Duration::from_secs(5);
        let mut passed = Duration::ZERO;
        while passed < time {
            self.stage.advance(step).await.unwrap();
            self.tracker.round().await.unwrap();
            passed += step;
        }
    }

    pub(crate) async fn status(&self, started: &Started) -> VerificationStatus {
        self.tracker.get(started.verification.id).await.unwrap().unwrap().state.unwrap().status
    }

    pub(crate) async fn transitions(&self) -> Vec<Transition> {
        self.tracker.transitions(0, 1000).await.unwrap()
    }
}

pub(crate) fn builder(sandbox: &Sandbox, registry: &Registry, database: &Database) -> TrackerBuilder {
    Tracker::builder(registry.clone(), database.options.clone()).clock(Arc::new(SandboxClock::of(sandbox)))
}
