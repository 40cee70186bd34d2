//! Who was asked what, by the vendors' own records.

use std::collections::{BTreeMap, BTreeSet};

use idv_conformance::storyline::sandbox::Flow as Simulated;
use idv_sandbox::RecordedRequest;
use serde_json::Value;

use crate::flow::Flow;
use crate::world::{Person, World};

/// What is asked of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Question {
    /// An applicant, with what is known of a person.
    Introduce,
    /// A session, or another link of one.
    Open,
    /// Another link of a session that has one already, where that is a call of its own.
    Link,
    /// The state.
    Check,
    /// The attempts, where the state alone does not say how far the applicant is.
    Attempts,
    /// The end of a session that is still open.
    Withdraw,
}

impl Question {
    /// The requests of a start. The applicant is made first at Onfido, and at Sumsub because the persons here have names.
    pub(crate) fn of_start(flow: Flow) -> &'static [Self] {
        match flow {
            Flow::Direct | Flow::Onfido => &[Self::Introduce, Self::Open],
            _ => &[Self::Open],
        }
    }

    /// The requests of a check that finds this word. Veriff shows a decision alone, which does not stand for what comes after
    /// it where the applicant has to try again.
    pub(crate) fn of_check(flow: Flow, word: &str) -> &'static [Self] {
        let has_more = ["created", "started", "submitted", "resubmission_requested"].contains(&word);
        if flow == Flow::Veriff && has_more { &[Self::Check, Self::Attempts] } else { &[Self::Check] }
    }

    /// The requests of a refresh. At Sumsub the applicant's level is looked up first, and at Persona whether the inquiry has expired; at
    /// Stripe, Onfido and Didit a read gives the link.
    pub(crate) fn of_refresh(flow: Flow) -> &'static [Self] {
        match flow {
            Flow::Direct => &[Self::Check, Self::Open],
            Flow::Stripe | Flow::Onfido | Flow::Didit => &[Self::Check],
            Flow::Persona => &[Self::Check, Self::Link],
            _ => &[Self::Open],
        }
    }

    /// The requests of a cancellation, before which Sumsub's own id of the applicant, or the error that Stripe forgets, is looked up.
    pub(crate) const OF_CANCEL: &[Self] = &[Self::Check, Self::Withdraw];
}

/// The flow, the question and the applicant of a request.
type Entry = (Flow, Question, String);

/// Reads a request of a flow.
type Read = fn(Flow, &RecordedRequest) -> Entry;

/// How often each vendor was asked what about whom. Requests that were not answered in order are not counted but fail the
/// test.
#[derive(Debug, Default)]
pub(crate) struct Ledger(pub(crate) BTreeMap<Entry, usize>);

impl Ledger {
    /// Enters the requests of an operation about a person.
    pub(crate) fn add(&mut self, world: &World, flow: Flow, questions: &[Question], person: &Person) {
        for question in questions {
            self.count((flow, *question, whom(world, flow, *question, person)));
        }
    }

    /// What the vendors recorded since they were started. The flows of Baanx are told apart by the requests.
    pub(crate) fn recorded(world: &World) -> Self {
        let vendors: [(Flow, Read); 12] = [
            (Flow::Primary, of_nxos),
            (Flow::Europe, of_nxos),
            (Flow::Cards, |_, request| of_baanx(request)),
            (Flow::Sessions, |_, request| of_session_api(request)),
            (Flow::Direct, |_, request| of_sumsub(request)),
            (Flow::Veriff, |_, request| of_veriff(request)),
            (Flow::Stripe, |_, request| of_stripe(request)),
            (Flow::Persona, |_, request| of_persona(request)),
            (Flow::Didit, |_, request| of_didit(request)),
            (Flow::Idenfy, |_, request| of_idenfy(request)),
            (Flow::Shufti, |_, request| of_shufti(request)),
            (Flow::Onfido, |_, request| of_onfido(request)),
        ];
        let mut ledger = Self::default();
        for (flow, read) in vendors {
            let requests = world.vendor(flow).requests();
            requests.iter().map(fine).for_each(|request| ledger.count(read(flow, request)));
        }
        let elsewhere = Simulated::all().filter(|simulated| simulated.kind() != Flow::Europe.kind());
        for stray in elsewhere.map(|simulated| simulated.vendor(&world.europe).requests()) {
            assert_eq!(stray, [], "no provider is configured there");
        }
        ledger
    }

    /// Says only where the two differ: whom, and how often in each.
    pub(crate) fn assert_is(&self, expected: &Self) {
        let keys: BTreeSet<_> = self.0.keys().chain(expected.0.keys()).collect();
        let both = keys.into_iter().map(|key| (key, self.0.get(key), expected.0.get(key)));
        let wrong: Vec<_> = both.filter(|(_, recorded, expected)| recorded != expected).collect();
        assert!(wrong.is_empty(), "recorded and expected: {wrong:#?}");
    }

    fn count(&mut self, entry: Entry) {
        *self.0.entry(entry).or_default() += 1;
    }
}

/// By what a vendor knows a person in a question.
fn whom(world: &World, flow: Flow, question: Question, person: &Person) -> String {
    match (flow, question) {
        (Flow::Cards, _) => person.user.token.clone(),
        (
            Flow::Sessions
            | Flow::Veriff
            | Flow::Stripe
            | Flow::Onfido
            | Flow::Persona
            | Flow::Didit
            | Flow::Idenfy,
            Question::Open,
        ) => person.case.clone(),
        // Onfido is told no reference of an applicant.
        (Flow::Onfido, Question::Introduce) => person.email(),
        (Flow::Direct, Question::Withdraw) => world.home.sumsub().applicant_id(&person.case).unwrap(),
        _ => world.verification(flow, person),
    }
}

fn fine(request: &RecordedRequest) -> &RecordedRequest {
    let status = request.status.unwrap_or_default();
    assert!((200..300).contains(&status), "{} {}: {status}", request.method, request.path);
    request
}

fn of_nxos(flow: Flow, request: &RecordedRequest) -> Entry {
    let question = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/v1/organizations/verification") => Question::Open,
        ("GET", "/v1/organizations/verification") => Question::Check,
        _ => unexpected(request),
    };
    (flow, question, request.header("nxos-on-behalf-of").unwrap_or("self").to_owned())
}

fn of_baanx(request: &RecordedRequest) -> Entry {
    let token = || request.header("authorization").unwrap().trim_start_matches("Bearer ").to_owned();
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/v1/user/verification") => (Flow::Cards, Question::Open, token()),
        ("GET", "/v1/user") => (Flow::Cards, Question::Check, token()),
        ("POST", "/v1/auth/register/verification") => {
            (Flow::Signup, Question::Open, field(request, "/onboardingId"))
        }
        ("GET", "/v1/auth/register") => {
            let query = request.query.as_deref().unwrap();
            (Flow::Signup, Question::Check, query.trim_start_matches("onboardingId=").to_owned())
        }
        _ => unexpected(request),
    }
}

fn of_session_api(request: &RecordedRequest) -> Entry {
    let (question, whom) = match (request.method.as_str(), request.path.strip_prefix("/v1/sessions")) {
        ("POST", Some("")) => (Question::Open, field(request, "/external_id")),
        ("GET", Some(session)) if session.len() > 1 => (Question::Check, session[1..].to_owned()),
        _ => unexpected(request),
    };
    (Flow::Sessions, question, whom)
}

fn of_sumsub(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(2).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", ["applicants"]) => (Question::Introduce, field(request, "/externalUserId")),
        ("POST", ["sdkIntegrations", "levels", "-", "websdkLink"]) => {
            (Question::Open, field(request, "/userId"))
        }
        ("GET", ["applicants", whom, "one"]) => {
            (Question::Check, whom.trim_start_matches("-;externalUserId=").to_owned())
        }
        ("PATCH", ["applicants", id, "presence", "deactivated"]) => (Question::Withdraw, (*id).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Direct, question, whom)
}

fn of_veriff(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(2).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", ["sessions"]) => (Question::Open, field(request, "/verification/vendorData")),
        ("GET", ["sessions", session, "decision"]) => (Question::Check, (*session).to_owned()),
        ("GET", ["sessions", session, "attempts"]) => (Question::Attempts, (*session).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Veriff, question, whom)
}

fn of_stripe(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(4).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", []) => {
            let mut fields = url::form_urlencoded::parse(&request.body);
            let reference = fields.find(|(name, _)| name == "client_reference_id").expect("a reference");
            (Question::Open, reference.1.into_owned())
        }
        ("GET", [session]) => (Question::Check, (*session).to_owned()),
        ("POST", [session, "cancel"]) => (Question::Withdraw, (*session).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Stripe, question, whom)
}

fn of_persona(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(4).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", []) => (Question::Open, field(request, "/data/attributes/reference-id")),
        ("GET", [inquiry]) => (Question::Check, (*inquiry).to_owned()),
        ("POST", [inquiry, "generate-one-time-link"]) => (Question::Link, (*inquiry).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Persona, question, whom)
}

fn of_didit(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(2).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", ["session", ""]) => (Question::Open, field(request, "/vendor_data")),
        ("GET", ["session", session, "decision", ""]) => (Question::Check, (*session).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Didit, question, whom)
}

fn of_idenfy(request: &RecordedRequest) -> Entry {
    let (question, whom) = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/api/v2/token") => (Question::Open, field(request, "/clientId")),
        ("POST", "/api/v2/status") => (Question::Check, field(request, "/scanRef")),
        _ => unexpected(request),
    };
    (Flow::Idenfy, question, whom)
}

fn of_shufti(request: &RecordedRequest) -> Entry {
    let (question, whom) = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/") => (Question::Open, field(request, "/reference")),
        ("POST", "/status") => (Question::Check, field(request, "/reference")),
        _ => unexpected(request),
    };
    (Flow::Shufti, question, whom)
}

fn of_onfido(request: &RecordedRequest) -> Entry {
    let path: Vec<&str> = request.path.split('/').skip(2).collect();
    let (question, whom) = match (request.method.as_str(), path.as_slice()) {
        ("POST", ["applicants"]) => (Question::Introduce, field(request, "/email")),
        ("POST", ["workflow_runs"]) => (Question::Open, field(request, "/customer_user_id")),
        ("GET", ["workflow_runs", run]) => (Question::Check, (*run).to_owned()),
        _ => unexpected(request),
    };
    (Flow::Onfido, question, whom)
}

fn unexpected(request: &RecordedRequest) -> ! {
    panic!("an unexpected request: {} {}", request.method, request.path)
}

fn field(request: &RecordedRequest, pointer: &str) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned()
}
