//! Starts: problems are reported before anything is sent, and the result can be stored and used.

pub mod return_url;
pub mod told;

use std::collections::BTreeSet;

use idv_core::{
    CheckRequest, Error, ErrorKind, Input, InputNeed, Invites, Operation, RefreshRequest, SessionRef,
    StartRequest, VerificationSession, VerificationStatus,
};
use serde_json::{Value, json};

use crate::StartCost;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::registration::register;
use crate::stand_in::Part;
use crate::trial::{Trial, axes};

register! {
    start {
        missing_inputs_are_reported_together;
        required_inputs_are_enough_and_needed;
        wrong_inputs_are_reported_together if TAKES_INPUTS_OF_A_FORM;
        references_that_cannot_be_kept_are_refused;
        unused_inputs_are_listed;
        used_inputs_are_sent_and_others_are_not;
        musts_are_kept;
        invitations_are_off_unless_asked_for if INVITES;
        references_survive_a_restart;
        sessions_are_open;
        refreshed_sessions_are_the_same_verification if REFRESHES;
        foreign_references_lead_nowhere;
        session_urls_are_https;
        return_urls_are_https if TAKES_A_RETURN_URL;
    }
}

/// The inputs that have a form of their own, by which a wrong one is recognised.
static OF_A_FORM: [Input; 6] = [
    Input::EMAIL,
    Input::PHONE,
    Input::REDIRECT_URL,
    Input::IDEMPOTENCY_KEY,
    Input::USER_TOKEN,
    Input::ONBOARDING_ID,
];

const TAKES_INPUTS_OF_A_FORM: Condition = Condition::new(
    |facts| OF_A_FORM.iter().any(|input| facts.takes(input)),
    "the vendor takes no input whose form is known",
);
const INVITES: Condition =
    Condition::new(|facts| facts.takes(&Input::INVITES), "the vendor writes to nobody");
const REFRESHES: Condition =
    Condition::new(|facts| facts.can(Operation::Refresh), "the vendor gives no fresh links");
const TAKES_A_RETURN_URL: Condition =
    Condition::new(|facts| facts.takes(&Input::REDIRECT_URL), "the vendor takes no return URL");

/// All missing inputs are reported together, and nothing is sent.
pub async fn missing_inputs_are_reported_together(trial: &Trial<'_>, cases: &mut Cases) {
    let inputs = &trial.provider.profile().inputs;
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let required: BTreeSet<&Input> = inputs.required(Operation::Start).collect();
    let error = trial.provider.start(&StartRequest::new("")).await.err();
    complaints(cases, "start", error, &required);

    let Ok(reference) = SessionRef::new(trial.id().clone(), "conformance") else { return };
    for operation in [Operation::Check, Operation::Refresh] {
        let required: BTreeSet<&Input> = inputs.required(operation).collect();
        if required.is_empty() || !trial.can(operation) {
            continue;
        }
        let error = match operation {
            Operation::Check => trial.provider.check(&CheckRequest::new(reference.clone())).await.err(),
            _ => trial.provider.refresh(&RefreshRequest::new(reference.clone())).await.err(),
        };
        complaints(cases, operation.as_str(), error, &required);
    }
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}

fn complaints(cases: &mut Cases, name: &str, error: Option<Error>, wanted: &BTreeSet<&Input>) {
    let Some(error) = error else {
        cases.that(name, false, || format!("works without {wanted:?}"));
        return;
    };
    cases.equal(format!("{name} axes"), axes(&error), ["invalid_request", "not_sent", "never"]);
    let found: BTreeSet<&Input> = error.input_problems().iter().map(|problem| &problem.input).collect();
    cases.that(name, wanted.is_subset(&found), || format!("complains about {found:?}, wanted {wanted:?}"));
}

/// The inputs that are declared as required are sufficient, and each of them is needed.
pub async fn required_inputs_are_enough_and_needed(trial: &Trial<'_>, cases: &mut Cases) {
    let inputs = trial.provider.profile().inputs.clone();
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let mut least = trial.applicant(1);
    for input in least.given() {
        if inputs.need(Operation::Start, &input) != InputNeed::Required {
            take_away(&mut least, &input);
        }
    }
    let started = trial.provider.start(&least).await;
    cases.that("the required ones", started.is_ok(), || format!("failed: {:?}", started.err()));
    trial.vendor.take();
    for input in inputs.required(Operation::Start) {
        let mut without = trial.applicant(1);
        take_away(&mut without, input);
        let error = trial.provider.start(&without).await.err();
        complaints(cases, &format!("without {input}"), error, &BTreeSet::from([input]));
    }
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}

fn take_away(request: &mut StartRequest, input: &Input) {
    match input.as_str() {
        "reference" => request.reference.clear(),
        "first_name" => request.first_name = None,
        "last_name" => request.last_name = None,
        "email" => request.email = None,
        "phone" => request.phone = None,
        "organization" => request.organization = None,
        "onboarding_id" => request.onboarding_id = None,
        "user_token" => request.user_token = None,
        "redirect_url" => request.redirect_url = None,
        "workflow" => request.workflow = None,
        "invites" => request.invites = Invites::default(),
        "idempotency_key" => request.context_mut().set_idempotency_key(None),
        attribute => drop(request.attributes.remove(attribute)),
    }
}

/// Inputs of a wrong form are reported together, and nothing is sent. Inputs that the vendor has no field for are not
/// judged.
pub async fn wrong_inputs_are_reported_together(trial: &Trial<'_>, cases: &mut Cases) {
    let wrong = trial
        .applicant(1)
        .email("nobody at all")
        .phone("0151 23456")
        .redirect_url("javascript:alert(1)")
        .idempotency_key("a key\nwith a line break")
        .user_token("a token\r\nx-injected: 1")
        .onboarding_id("an id\r\nx-injected: 1");
    let wanted: BTreeSet<&Input> = OF_A_FORM.iter().filter(|input| trial.facts().takes(input)).collect();
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let error = trial.provider.start(&wrong).await.err();
    complaints(cases, "start", error, &wanted);
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}

/// A reference that cannot be stored is refused, not changed.
pub async fn references_that_cannot_be_kept_are_refused(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let long = "r".repeat(5000);
    for (name, reference) in
        [("empty", ""), ("dot", "."), ("dots", ".."), ("line break", "a\nb"), ("long", &long)]
    {
        let mut request = trial.applicant(1);
        request.reference = reference.to_owned();
        let error = trial.provider.start(&request).await.err();
        complaints(cases, name, error, &BTreeSet::from([&Input::REFERENCE]));
    }
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}

/// The inputs that the vendor has no field for are listed in the session, and no others.
pub async fn unused_inputs_are_listed(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let request = trial.applicant(1).attribute("conformance_attribute", "blue");
    let Some(session) = cases.some("start", trial.provider.start(&request).await) else { return };
    let inputs = &trial.provider.profile().inputs;
    let given: BTreeSet<Input> = request.given().into_iter().collect();
    let unused = |input: &&Input| inputs.need(Operation::Start, input) == InputNeed::Unused;
    let wanted: BTreeSet<Input> = given.iter().filter(unused).cloned().collect();
    let found: BTreeSet<Input> = session.unused_inputs.iter().cloned().collect();
    cases.equal("unused inputs", found, wanted);
}

/// Inputs that the vendor has a field for reach it, and the others do not.
pub async fn used_inputs_are_sent_and_others_are_not(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let request = trial.applicant(1);
    if cases.some("start", trial.provider.start(&request).await).is_none() {
        return;
    }
    let sent: String = trial.vendor.take().iter().map(crate::Received::text).collect();
    let sent = percent_encoding::percent_decode_str(&sent).decode_utf8_lossy().into_owned();
    let inputs = &trial.provider.profile().inputs;
    for input in request.given() {
        // The reference has a check of its own: `references_are_sent`.
        let Some(text) = request.text(&input).filter(|_| input != Input::REFERENCE) else { continue };
        let used = inputs.need(Operation::Start, &input) != InputNeed::Unused;
        cases.equal(format!("{input} is sent"), sent.contains(text), used);
    }
}

/// `must` turns an unsupported input into an error, and does not affect the others.
pub async fn musts_are_kept(trial: &Trial<'_>, cases: &mut Cases) {
    let inputs = trial.provider.profile().inputs.clone();
    let request = trial.applicant(1).attribute("conformance_attribute", "blue");
    for input in request.given() {
        trial.vendor.answer(trial.success(Operation::Start, 1));
        let outcome = trial.provider.start(&request.clone().must(input.clone())).await;
        let sent = trial.vendor.take().len();
        if inputs.need(Operation::Start, &input) == InputNeed::Unused {
            complaints(cases, input.as_str(), outcome.err(), &BTreeSet::from([&input]));
            cases.equal(format!("{input}: requests sent"), sent, 0);
        } else {
            cases.that(input.as_str(), outcome.is_ok(), || format!("failed: {:?}", outcome.err()));
        }
    }
}

/// Invitations are off unless the application asks for them: switching vendors must not start texting applicants.
pub async fn invitations_are_off_unless_asked_for(trial: &Trial<'_>, cases: &mut Cases) {
    let mut shapes = Vec::new();
    for (name, invites) in [("off", Invites::default()), ("on", Invites { email: true, sms: true })] {
        trial.vendor.answer(trial.success(Operation::Start, 1));
        if cases.some(name, trial.provider.start(&trial.applicant(1).invites(invites)).await).is_none() {
            return;
        }
        // The flags may be in any request of the start.
        let sent = trial.vendor.take();
        let said: Value =
            sent.iter().enumerate().map(|(n, request)| (n.to_string(), json::of_request(request))).collect();
        cases.that(format!("{name}: a flag is set"), json::holds(&said, "true") == (name == "on"), || {
            format!(
                "of {:?}, some have to be `true` where invitations are on, and none where off",
                json::names(&said)
            )
        });
        shapes.push(json::names(&said));
    }
    let same = shapes.first() == shapes.last();
    cases.that("flags are always sent", same, || "the flags are left out where they are off".to_owned());
}

/// A reference can be stored as text and used after a restart, and leads to the session that it names.
pub async fn references_survive_a_restart(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(one) = cases.some("start 1", trial.begun(1).await) else { return };
    let Some(two) = cases.some("start 2", trial.begun(2).await) else { return };
    cases.that("references differ", one != two, || "two applicants have one reference".to_owned());
    cases.equal("the provider is named", one.provider(), trial.id());
    let Some(stored) = cases.some("text", one.to_string().parse::<SessionRef>()) else { return };
    cases.equal("text", &stored, &one);
    let Some(restarted) = cases.built("restarted", trial.build(&trial.options())) else { return };
    let mut requests = Vec::new();
    for (number, reference) in [(1, &stored), (2, &two)] {
        trial.vendor.answer(trial.success(Operation::Check, number));
        let checked = restarted.check(&trial.check_of(number, reference)).await;
        let Some(checked) = cases.some(format!("check {number}"), checked) else { return };
        cases.equal(format!("check {number} names"), &checked.reference, reference);
        requests.extend(trial.vendor.take_own().iter().map(|request| request.essence().text()));
    }
    requests.dedup();
    cases.equal("requests differ", requests.len(), 2);
}

/// A session is open: the applicant has a link or a token, and the status says no more than that.
pub async fn sessions_are_open(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let Some(session) = cases.some("start", trial.provider.start(&trial.applicant(1)).await) else { return };
    cases.equal("status", session.status, VerificationStatus::InProgress);
    is_handed_over(trial, cases, &session, &trial.subject.started(&Trial::session_id(1)));
}

/// The applicant gets the link or token that the vendor gave for the applicant, and above all no credential of the
/// application.
fn is_handed_over(trial: &Trial<'_>, cases: &mut Cases, session: &VerificationSession, answer: &Value) {
    let mut told = answer.to_string();
    // The link may be the answer to a later request of the start.
    told.extend(trial.vendor.step_texts());
    let is_given = session.url().is_none_or(|url| told.contains(url.expose()));
    cases.that("url", is_given, || "the URL is not the one that the vendor gave".to_owned());
    let is_given = session.access_token().is_none_or(|token| told.contains(token.expose()));
    cases.that("token", is_given, || "the token is not the one that the vendor gave".to_owned());
}

/// A refresh gives a fresh link of the same verification.
pub async fn refreshed_sessions_are_the_same_verification(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    trial.vendor.answer(trial.success(Operation::Refresh, 1));
    let refreshed = trial.provider.refresh(&trial.refresh_of(1, &reference)).await;
    let Some(session) = cases.some("refresh", refreshed) else { return };
    cases.equal("reference", &session.reference, &reference);
    cases.equal("status", session.status, VerificationStatus::InProgress);
    is_handed_over(trial, cases, &session, &trial.subject.refreshed(&Trial::session_id(1)));
}

/// A reference of another provider is refused, and an odd key never leads to another endpoint.
pub async fn foreign_references_lead_nowhere(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(own) = cases.some("start", trial.begun(1).await) else { return };
    let foreign = "another-provider".parse().ok().and_then(|id| SessionRef::new(id, own.key()).ok());
    let Some(foreign) = foreign else { return };
    for operation in [Operation::Check, Operation::Refresh] {
        if !trial.can(operation) {
            continue;
        }
        trial.vendor.answer(trial.success(operation, 1));
        let error = trial.call(&*trial.provider, operation, 1, &foreign).await.err();
        let kind = error.map(|error| error.kind());
        cases.equal(format!("{operation} of another provider"), kind, Some(ErrorKind::InvalidRequest));
        cases.equal(format!("{operation} of another provider: requests"), trial.vendor.take().len(), 0);
        odd_keys(trial, cases, operation).await;
    }
}

async fn odd_keys(trial: &Trial<'_>, cases: &mut Cases, operation: Operation) {
    for key in ["../../v2/admin", "a/b", "a?b=c", "a#b", "a%2Fb", "a b", "a\u{202e}b", "a;b", "a\\b"] {
        let Ok(reference) = SessionRef::new(trial.id().clone(), key) else { continue };
        let outcome = trial.call(&*trial.provider, operation, 1, &reference).await;
        let received = trial.vendor.take_seen();
        let name = format!("{operation} key {key:?}");
        let astray = received.iter().any(|seen| seen.part == Part::Undeclared);
        cases.that(name.clone(), !astray, || "the request went to another place".to_owned());
        let refused =
            received.is_empty() && outcome.is_err_and(|error| error.kind() == ErrorKind::InvalidRequest);
        cases.that(format!("{name} is refused or sent"), refused || !received.is_empty(), || {
            "nothing was sent, and the error is not `invalid_request`".to_owned()
        });
    }
}

/// Only an `https` URL is handed to an applicant, or one on loopback where the vendor is there too.
pub async fn session_urls_are_https(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let Some(session) = cases.some("start", trial.provider.start(&trial.applicant(1)).await) else { return };
    let Some(url) = session.url() else {
        return cases.not_applicable("the session is handed over by token alone");
    };
    let started = trial.success(Operation::Start, 1);
    let useless = match trial.subject.start_cost() == StartCost::Nothing {
        true => &["never", "after_check"][..],
        false => &["after_check"],
    };
    let urls = [
        "http://vendor.example.com/s",
        "javascript:alert(1)",
        "data:text/html,x",
        "//vendor.example.com",
        "",
    ];
    for bad in urls.map(Value::from).into_iter().chain([Value::Null, json!(7)]) {
        // Beside a token, which is a hand-off by itself, a link may be absent.
        if session.access_token().is_some() && (bad.is_null() || bad == "") {
            continue;
        }
        trial.vendor.answer(started.clone());
        let (good, other) = (url.expose().to_owned(), bad.clone());
        trial.vendor.disturb(move |_, reply| reply.with_other(&good, &other));
        match trial.provider.start(&trial.applicant(1)).await {
            Ok(_) => cases.that(format!("{bad}"), false, || "it was handed out".to_owned()),
            Err(error) => {
                let [kind, delivery, retry] = axes(&error);
                cases.equal(format!("{bad}"), (kind, delivery), ("invalid_response", "answered"));
                cases.that(format!("{bad} retry"), useless.contains(&retry), || retry.to_owned());
            }
        }
    }
}

/// The browser is sent to `https` addresses only.
pub async fn return_urls_are_https(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    for url in ["http://app.example.com/back", "ftp://app.example.com", "app.example.com/back", "/back", ""] {
        let error = trial.provider.start(&trial.applicant(1).redirect_url(url)).await.err();
        complaints(cases, url, error, &BTreeSet::from([&Input::REDIRECT_URL]));
    }
    cases.equal("requests sent", trial.vendor.take().len(), 0);
}
