//! A registry over the simulated nxos, with an observation.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use http::HeaderMap;
use idv::config::ConfigDocument;
use idv::observe::{AuditRecord, Observation};
use idv::testing::CountingRandomness;
use idv::{CheckRequest, Registry, SessionRef, StartRequest};
use idv_sandbox::{OrganizationType, Sandbox, SignedWebhook};

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) organization: String,
    pub(crate) registry: Registry,
    pub(crate) observation: Observation,
    records: Arc<Mutex<Vec<AuditRecord>>>,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::observed(|observation| observation).await
    }

    /// A world whose observation is more than an audit.
    pub(crate) async fn observed(more: impl FnOnce(Observation) -> Observation) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let records = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&records);
        let observation = more(
            Observation::new().audit(move |record: &AuditRecord| kept.lock().unwrap().push(record.clone())),
        );
        // Random numbers near zero: nobody pauses in earnest before a call is repeated.
        let builder = Registry::builder().randomness(Arc::new(CountingRandomness::default()));
        let document = ConfigDocument::from_toml_str(&text(&sandbox)).unwrap();
        let registry = builder.observation(observation.clone()).build(&document).unwrap();
        let organization = sandbox.nxos().add_organization(OrganizationType::Individual);
        Self { sandbox, organization, registry, observation, records }
    }

    /// Another registry with the same observation, from the same configuration but for one place, and what is told of it.
    pub(crate) fn again(&self, old: &str, new: &str) -> (Registry, impl Fn() -> Vec<AuditRecord> + '_) {
        let text = text(&self.sandbox);
        assert!(text.contains(old), "`{old}` is not in {text}");
        let document = ConfigDocument::from_toml_str(&text.replacen(old, new, 1)).unwrap();
        let registry = Registry::builder().observation(self.observation.clone()).build(&document).unwrap();
        (registry, || self.records())
    }

    pub(crate) fn start(&self) -> StartRequest {
        StartRequest::new("case-7").organization(&self.organization)
    }

    pub(crate) fn session(&self) -> SessionRef {
        format!("primary:{}", self.organization).parse().unwrap()
    }

    pub(crate) fn check(&self) -> CheckRequest {
        CheckRequest::new(self.session())
    }

    pub(crate) fn records(&self) -> Vec<AuditRecord> {
        self.records.lock().unwrap().clone()
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.sandbox.now()
    }
}

fn text(sandbox: &Sandbox) -> String {
    let (nxos, sessions) = (sandbox.nxos(), sandbox.session_api());
    format!(
        r#"
        active = "primary"
        [providers.primary]
        kind = "nxos"
        base_url = "{}"
        api_key = "{}"
        webhook_secrets = ["{}"]
        http = {{ attempts = 2 }}
        [providers.sessions]
        kind = "session-api"
        preset = "deepidv"
        base_url = "{}"
        api_key = "{}"
        "#,
        nxos.base_url(),
        nxos.api_key(),
        nxos.webhook_secret(),
        sessions.base_url(),
        sessions.api_key(),
    )
}

pub(crate) fn headers(webhook: &SignedWebhook) -> HeaderMap {
    let pair = |(name, value): &(String, String)| {
        (name.parse::<http::HeaderName>().unwrap(), value.parse().unwrap())
    };
    webhook.headers.iter().map(pair).collect()
}
