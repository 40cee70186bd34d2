//! Who was asked what, by the vendors' own records.

use std::collections::{BTreeMap, BTreeSet};

use idv_sandbox::RecordedRequest;
use serde_json::Value;

use crate::config::Flow;
use crate::world::{Person, World};

/// What is asked of a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Question {
    /// A session, or another link of one.
    Open,
    /// The state.
    Check,
}

/// How often each vendor was asked what about whom. Requests that were not answered in order are not counted but fail the
/// test.
#[derive(Debug, Default)]
pub(crate) struct Ledger(pub(crate) BTreeMap<(Flow, Question, String), usize>);

impl Ledger {
    pub(crate) fn add(&mut self, flow: Flow, question: Question, whom: impl Into<String>, times: usize) {
        if times > 0 {
            *self.0.entry((flow, question, whom.into())).or_default() += times;
        }
    }

    /// What the vendors recorded since they were started.
    pub(crate) fn recorded(world: &World) -> Self {
        let mut ledger = Self::default();
        let (home, europe) = (&world.home, &world.europe);
        let nxos = [(Flow::Primary, home.nxos().requests()), (Flow::Europe, europe.nxos().requests())];
        for (flow, requests) in nxos {
            requests.iter().map(fine).for_each(|request| ledger.count(of_nxos(flow, request)));
        }
        home.baanx().requests().iter().map(fine).for_each(|request| ledger.count(of_baanx(request)));
        let sessions = home.session_api().requests();
        sessions.iter().map(fine).for_each(|request| ledger.count(of_session_api(request)));
        for stray in [europe.baanx().requests(), europe.session_api().requests()] {
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

    fn count(&mut self, (flow, question, whom): (Flow, Question, String)) {
        self.add(flow, question, whom, 1);
    }

    /// By what a vendor knows a person in a question.
    pub(crate) fn whom(world: &World, flow: Flow, question: Question, person: &Person) -> String {
        match (flow, question) {
            (Flow::Primary | Flow::Europe, _) => person.organization.clone(),
            (Flow::Cards, _) => person.user.token.clone(),
            (Flow::Signup, _) => person.onboarding.clone(),
            (Flow::Sessions, Question::Open) => person.case.clone(),
            (Flow::Sessions, Question::Check) => world.session(person),
        }
    }
}

fn fine(request: &RecordedRequest) -> &RecordedRequest {
    let status = request.status.unwrap_or_default();
    assert!((200..300).contains(&status), "{} {}: {status}", request.method, request.path);
    request
}

fn of_nxos(flow: Flow, request: &RecordedRequest) -> (Flow, Question, String) {
    let question = match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/v1/organizations/verification") => Question::Open,
        ("GET", "/v1/organizations/verification") => Question::Check,
        (method, path) => panic!("an unexpected request: {method} {path}"),
    };
    (flow, question, request.header("nxos-on-behalf-of").unwrap_or("self").to_owned())
}

fn of_baanx(request: &RecordedRequest) -> (Flow, Question, String) {
    let token = || request.header("authorization").unwrap().trim_start_matches("Bearer ").to_owned();
    match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/v1/user/verification") => (Flow::Cards, Question::Open, token()),
        ("GET", "/v1/user") => (Flow::Cards, Question::Check, token()),
        ("POST", "/v1/auth/register/verification") => {
            (Flow::Signup, Question::Open, field(request, "onboardingId"))
        }
        ("GET", "/v1/auth/register") => {
            let query = request.query.as_deref().unwrap();
            (Flow::Signup, Question::Check, query.trim_start_matches("onboardingId=").to_owned())
        }
        (method, path) => panic!("an unexpected request: {method} {path}"),
    }
}

fn of_session_api(request: &RecordedRequest) -> (Flow, Question, String) {
    let (question, whom) = match (request.method.as_str(), request.path.strip_prefix("/v1/sessions")) {
        ("POST", Some("")) => (Question::Open, field(request, "external_id")),
        ("GET", Some(session)) if session.len() > 1 => (Question::Check, session[1..].to_owned()),
        (method, _) => panic!("an unexpected request: {method} {}", request.path),
    };
    (Flow::Sessions, question, whom)
}

fn field(request: &RecordedRequest, name: &str) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    body[name].as_str().unwrap().to_owned()
}
