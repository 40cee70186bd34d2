//! The simulated vendors behind the configured providers, and who their applicants are.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::SystemTime;

use http::{HeaderMap, HeaderName};
use idv::{StartRequest, VerificationSession, WebhookOutcome, WebhookRequest};
use idv_conformance::storyline::sandbox::Flow as Simulated;
use idv_sandbox::{
    Act, Acted, BaanxUser, Nxos, NxosEventData, OrganizationType, Region, Runtime, Sandbox, SignedWebhook,
};
use serde_json::json;

use crate::config::{Config, LEVELS, Table};
use crate::dice::SEED;
use crate::flow::Flow;

/// Two sandboxes: nxos runs in both, for two instances of one kind.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) home: Sandbox,
    pub(crate) europe: Sandbox,
    /// The ids of sessions, which are looked up once.
    sessions: Mutex<BTreeMap<(Flow, String), String>>,
}

/// One applicant, who can begin at every vendor, because nobody knows beforehand which one is active.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) case: String,
    /// The same id at both instances of nxos.
    pub(crate) organization: String,
    pub(crate) user: BaanxUser,
    pub(crate) onboarding: String,
}

impl Person {
    /// An address that nobody else has.
    pub(crate) fn email(&self) -> String {
        format!("{}@example.com", self.case)
    }

    /// One request for every vendor: each uses what it needs.
    pub(crate) fn request(&self) -> StartRequest {
        StartRequest::new(&self.case)
            .organization(&self.organization)
            .user_token(self.user.token.as_str())
            .onboarding_id(self.onboarding.as_str())
            .first_name("Ada")
            .last_name("Sample")
            .email(self.email())
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
            sessions: Mutex::default(),
        };
        // The limits of the vendors are not what is tested here.
        for simulated in Simulated::all() {
            simulated.lift_limits(&world.home);
            simulated.lift_limits(&world.europe);
        }
        LEVELS.iter().for_each(|level| world.home.sumsub().add_level(level, false));
        world
    }

    /// All providers, the first of them active.
    pub(crate) fn config(&self) -> Config {
        let tables = Flow::ALL.map(|flow| Table::new(flow, self.sandbox(flow)));
        Config { active: Flow::Primary.name().to_owned(), tables: tables.into(), weights: BTreeMap::new() }
    }

    fn sandbox(&self, flow: Flow) -> &Sandbox {
        if flow == Flow::Europe { &self.europe } else { &self.home }
    }

    /// The vendor of a flow, as far as all vendors are alike.
    pub(crate) fn vendor(&self, flow: Flow) -> &Runtime {
        flow.simulated().vendor(self.sandbox(flow))
    }

    pub(crate) fn nxos(&self, flow: Flow) -> &Nxos {
        self.sandbox(flow).nxos()
    }

    /// Makes an applicant known to every vendor that wants to know them beforehand.
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

    /// The vendor's id of a person's verification. Where each start makes a session, there must be only one.
    pub(crate) fn verification(&self, flow: Flow, person: &Person) -> String {
        match flow {
            Flow::Primary | Flow::Europe => person.organization.clone(),
            Flow::Cards => person.user.user_id.clone(),
            Flow::Signup => person.onboarding.clone(),
            Flow::Direct => person.case.clone(),
            Flow::Sessions
            | Flow::Veriff
            | Flow::Stripe
            | Flow::Persona
            | Flow::Didit
            | Flow::Idenfy
            | Flow::Shufti
            | Flow::Onfido => {
                let mut known = self.sessions.lock().unwrap();
                let look = || self.only_session(flow, person);
                known.entry((flow, person.case.clone())).or_insert_with(look).clone()
            }
        }
    }

    fn only_session(&self, flow: Flow, person: &Person) -> String {
        let sessions = self.vendor(flow).verifications(usize::MAX).into_iter();
        let mut own = sessions.filter(|session| session.external_id.as_ref() == Some(&person.case));
        let session = own.next().expect("the session was made");
        assert!(own.next().is_none(), "{}: two sessions", person.case);
        session.id
    }

    /// Does something to a person's verification at the vendor.
    pub(crate) fn act(&self, flow: Flow, person: &Person, act: &Act) -> Acted {
        let acted = self.vendor(flow).act(&self.verification(flow, person), act);
        acted.unwrap_or_else(|error| panic!("{} at {}: {act:?}: {error}", person.case, flow.name()))
    }

    /// The vendor's own word for a person's state. Sumsub has the verdict in fields beside it.
    pub(crate) fn word(&self, flow: Flow, person: &Person) -> String {
        let id = self.verification(flow, person);
        match flow {
            Flow::Primary | Flow::Europe => self.nxos(flow).status(&id),
            Flow::Cards | Flow::Signup => self.home.baanx().state(&id),
            Flow::Sessions => self.home.session_api().status(&id),
            Flow::Direct => self.home.sumsub().status(&id),
            Flow::Veriff => self.home.veriff().status(&id),
            Flow::Stripe => self.home.stripe().status(&id),
            Flow::Persona => self.home.persona().status(&id),
            Flow::Didit => self.home.didit().status(&id),
            Flow::Idenfy => self.home.idenfy().status(&id),
            Flow::Shufti => self.home.shufti().status(&id),
            Flow::Onfido => self.home.onfido().status(&id),
        }
        .unwrap()
    }

    /// The pages that are open for a person.
    pub(crate) fn pages(&self, flow: Flow, person: &Person) -> Vec<String> {
        let id = self.verification(flow, person);
        self.vendor(flow).verification(&id).expect("the verification was made").open_pages
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
                let session = self.verification(flow, person);
                self.home.session_api().webhook(&session, "session.status.verified")
            }
            Flow::Direct => self.home.sumsub().webhook(&person.case, "applicantReviewed"),
            Flow::Veriff => self.veriff_webhook(&self.verification(flow, person)),
            Flow::Stripe => {
                self.home.stripe().event(&self.verification(flow, person)).expect("the session was made")
            }
            Flow::Persona | Flow::Didit | Flow::Idenfy | Flow::Shufti => self.described_webhook(flow, person),
            Flow::Onfido => {
                self.home.onfido().event(&self.verification(flow, person)).expect("the run was made")
            }
        }
    }

    /// An event with the state as it is now.
    fn described_webhook(&self, flow: Flow, person: &Person) -> SignedWebhook {
        let (id, word) = (self.verification(flow, person), self.word(flow, person));
        let event = match flow {
            Flow::Persona => self.home.persona().event(&id, "inquiry.transitioned"),
            Flow::Didit => self.home.didit().event(&id, "status.updated"),
            Flow::Idenfy => self.home.idenfy().event(&id, &word, true),
            _ => self.home.shufti().event(&id, &word),
        };
        event.expect("the session was made")
    }

    /// A decision, or where there is none yet an event of the applicant's progress.
    fn veriff_webhook(&self, session: &str) -> SignedWebhook {
        let veriff = self.home.veriff();
        veriff.decision_webhook(session).unwrap_or_else(|_| {
            let action = veriff.status(session).expect("the session was made");
            let code = if action == "submitted" { 7002 } else { 7001 };
            let body = json!({ "id": session, "feature": "selfid", "code": code, "action": action });
            veriff.sign(body.to_string().as_bytes())
        })
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
