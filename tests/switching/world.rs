//! The simulated vendors behind the configured providers, and who their applicants are.

use std::collections::BTreeMap;
use std::time::SystemTime;

use http::{HeaderMap, HeaderName};
use idv::{StartRequest, VerificationSession, WebhookOutcome, WebhookRequest};
use idv_sandbox::{
    Act, Acted, BaanxUser, Nxos, NxosEventData, OrganizationType, Region, Sandbox, SignedWebhook,
};

use crate::config::{Config, Flow, Table};
use crate::dice::SEED;

/// Two sandboxes: nxos runs in both, for two instances of one kind.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) home: Sandbox,
    pub(crate) europe: Sandbox,
}

/// One applicant, known to every vendor, because nobody knows beforehand which one is active.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) case: String,
    /// The same id at both instances of nxos.
    pub(crate) organization: String,
    pub(crate) user: BaanxUser,
    pub(crate) onboarding: String,
}

impl Person {
    /// One request for every vendor: each uses what it needs.
    pub(crate) fn request(&self) -> StartRequest {
        StartRequest::new(&self.case)
            .organization(&self.organization)
            .user_token(self.user.token.as_str())
            .onboarding_id(self.onboarding.as_str())
            .first_name("Ada")
            .last_name("Sample")
            .email("ada@example.com")
            .phone("+15195550100")
            .redirect_url("https://app.example/back?case=7")
    }
}

impl World {
    #[allow(clippy::print_stdout, reason = "a failure shows the seed")]
    pub(crate) async fn new() -> Self {
        println!("seed {SEED}");
        let sandbox = |seed| Sandbox::builder().seed(seed).start();
        let world = Self {
            home: sandbox(u64::from(SEED)).await.unwrap(),
            europe: sandbox(u64::from(SEED) + 1).await.unwrap(),
        };
        // The limits of the vendors are not what is tested here.
        world.home.nxos().set_rate_limit(None);
        world.europe.nxos().set_rate_limit(None);
        world.home.session_api().set_rate_limits(None);
        world
    }

    /// All providers, the first of them active.
    pub(crate) fn config(&self) -> Config {
        let tables = Flow::ALL.map(|flow| Table {
            flow,
            name: flow.name().to_owned(),
            kind: flow.kind().to_owned(),
            base_url: self.base_url(flow).to_owned(),
            key: self.key(flow).to_owned(),
            webhook_secrets: vec![self.webhook_secret(flow)],
            more: if flow == Flow::Signup { vec!["successor = \"cards\"".to_owned()] } else { Vec::new() },
        });
        Config { active: Flow::Primary.name().to_owned(), tables: tables.into(), weights: BTreeMap::new() }
    }

    pub(crate) fn nxos(&self, flow: Flow) -> &Nxos {
        if flow == Flow::Europe { self.europe.nxos() } else { self.home.nxos() }
    }

    fn base_url(&self, flow: Flow) -> &str {
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).base_url(),
            Flow::Cards | Flow::Signup => self.home.baanx().base_url(),
            Flow::Sessions => self.home.session_api().base_url(),
        }
    }

    fn key(&self, flow: Flow) -> &str {
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).api_key(),
            Flow::Cards | Flow::Signup => self.home.baanx().client_key(),
            Flow::Sessions => self.home.session_api().api_key(),
        }
    }

    pub(crate) fn webhook_secret(&self, flow: Flow) -> String {
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).webhook_secret(),
            Flow::Cards | Flow::Signup => self.home.baanx().webhook_key(),
            Flow::Sessions => self.home.session_api().webhook_secret(),
        }
    }

    /// Makes an applicant known to every vendor.
    pub(crate) fn person(&self, case: &str) -> Person {
        let organization = format!("org_{case}");
        self.home.nxos().add_organization_with_id(&organization, OrganizationType::Business);
        self.europe.nxos().add_organization_with_id(&organization, OrganizationType::Business);
        let user = self.home.baanx().add_user("Ada", "Sample");
        let onboarding = self.home.baanx().add_onboarding_in(Region::International);
        Person { case: case.to_owned(), organization, user, onboarding }
    }

    /// Opens a session at one provider, which is active only as long as that takes.
    pub(crate) async fn start(&self, flow: Flow, person: &Person) -> VerificationSession {
        self.config().active(flow).registry().start(&person.request()).await.unwrap()
    }

    /// The id of the only session of a person at the session API.
    pub(crate) fn session(&self, person: &Person) -> String {
        let api = self.home.session_api();
        let sessions = api.verifications(usize::MAX).into_iter();
        let mut own = sessions.filter(|session| session.external_id.as_ref() == Some(&person.case));
        let session = own.next().expect("the session was made");
        assert!(own.next().is_none(), "{}: two sessions", person.case);
        session.id
    }

    /// Does something to a person's verification at the vendor.
    pub(crate) fn act(&self, flow: Flow, person: &Person, act: &Act) -> Acted {
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).act(&person.organization, act),
            Flow::Cards => self.home.baanx().act(&person.user.user_id, act),
            Flow::Signup => self.home.baanx().act(&person.onboarding, act),
            Flow::Sessions => self.home.session_api().act(&self.session(person), act),
        }
        .unwrap_or_else(|error| panic!("{} at {}: {act:?}: {error}", person.case, flow.name()))
    }

    /// The vendor's own word for a person's state.
    pub(crate) fn word(&self, flow: Flow, person: &Person) -> String {
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).status(&person.organization),
            Flow::Cards => self.home.baanx().state(&person.user.user_id),
            Flow::Signup => self.home.baanx().state(&person.onboarding),
            Flow::Sessions => self.home.session_api().status(&self.session(person)),
        }
        .unwrap()
    }

    /// The user that Baanx names in events about a person.
    pub(crate) fn baanx_user(&self, flow: Flow, person: &Person) -> String {
        match flow {
            Flow::Signup => self.home.baanx().onboarding_user(&person.onboarding).unwrap(),
            _ => person.user.user_id.clone(),
        }
    }

    /// An event about a person's verification, signed now.
    pub(crate) fn webhook(&self, flow: Flow, person: &Person) -> SignedWebhook {
        match flow {
            Flow::Primary | Flow::Europe => {
                self.nxos(flow).webhook(&person.organization, NxosEventData::Full)
            }
            Flow::Cards | Flow::Signup => {
                self.home.baanx().webhook_guide(&self.baanx_user(flow, person), "completed", None)
            }
            Flow::Sessions => {
                self.home.session_api().webhook(&self.session(person), "session.status.verified")
            }
        }
    }
}

/// A webhook that arrives now at the endpoint of a provider.
pub(crate) fn deliver(
    registry: &idv::Registry,
    endpoint: Flow,
    webhook: &SignedWebhook,
) -> idv::Result<WebhookOutcome> {
    let pair =
        |(name, value): &(String, String)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
    let headers: HeaderMap = webhook.headers.iter().map(pair).collect();
    let request = WebhookRequest::new(&headers, &webhook.body, SystemTime::now());
    registry.verify_webhook(&endpoint.id(), &request)
}
