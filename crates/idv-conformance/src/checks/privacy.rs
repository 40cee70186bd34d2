//! Privacy: personal data and secrets are never printed, logged or stored.

pub mod identity;

use idv_core::{Error, Operation, Redirect};
use serde_json::{Value, json};

use crate::ask::Given;
use crate::canary;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::log::Log;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::trial::Trial;

register! {
    privacy {
        debug_shows_nothing;
        errors_show_nothing;
        refusals_show_nothing if READS_UNTRUSTED_INPUT;
        logs_show_nothing;
        references_hold_no_credential;
    }
}

const READS_UNTRUSTED_INPUT: Condition = Condition::new(
    |facts| facts.can(Operation::Redirect) || facts.can(Operation::Webhook),
    "the vendor has no webhooks, and its return URL no parameters",
);

/// The text that the mock vendor puts where vendors put prose about people.
const PROSE: &str = "Adaline Quillfeather of 7 Canary Street was refused";

fn clean(trial: &Trial<'_>, cases: &mut Cases, name: impl Into<String>, text: &str) {
    let mut canaries = trial.canaries();
    canaries.push(PROSE.to_owned());
    let found = canary::find(text, &canaries);
    cases
        .that(name, found.is_none(), || format!("a canary is printed: number {}", found.unwrap_or_default()));
}

/// Every printable form of an error, causes included.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text.push_str(&format!("{next}\n{next:?}\n"));
        cause = next.source();
    }
    text
}

/// `Debug` of every value that an application gets shows no secret and no personal data.
pub async fn debug_shows_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    clean(trial, cases, "provider", &format!("{:?}\n{:#?}", trial.provider, trial.provider));
    clean(trial, cases, "start request", &format!("{:?}", trial.applicant(1)));
    clean(trial, cases, "check request", &format!("{:?}", trial.check_of(1, &reference)));
    clean(trial, cases, "refresh request", &format!("{:?}", trial.refresh_of(1, &reference)));
    clean(trial, cases, "import request", &format!("{:?}", trial.import_of(1)));
    clean(trial, cases, "reference", &format!("{reference} {reference:?}"));
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1));
        let given = trial.call(&*trial.provider, operation, 1, &reference).await;
        let Some(given) = cases.some(operation.as_str(), given) else { continue };
        let text = format!("{given:?} {given:#?}");
        clean(trial, cases, format!("{operation} answer"), &text);
        if let Given::Session(session) = &given {
            let hidden = session.url().is_none_or(|url| !text.contains(url.expose()));
            cases.that(format!("{operation} url"), hidden, || "the session URL is printed".to_owned());
            let hidden = session.access_token().is_none_or(|token| !text.contains(token.expose()));
            cases.that(format!("{operation} token"), hidden, || "the access token is printed".to_owned());
        }
    }
}

/// No error shows text of the vendor, data that was sent, or a secret.
pub async fn errors_show_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let secrets = trial.canaries().join(" ");
    let prose = format!("{PROSE}: {secrets}");
    for operation in trial.calls() {
        for (name, reply) in indiscreet(&prose) {
            trial.vendor.answer(reply);
            // Whether it is an error is not asked here.
            let outcome = trial.call(&*trial.provider, operation, 1, &reference).await;
            let text = outcome.map_or_else(|error| printed(&error), |given| format!("{given:?}"));
            clean(trial, cases, format!("{operation} {name}"), &text);
        }
        let answer = serde_json::from_slice(&trial.success(operation, 1).body).unwrap_or(Value::Null);
        trial.vendor.answer(Reply::json(200, &json!({"told": prose, "answer": json::retype(&answer)})));
        if let Err(error) = trial.call(&*trial.provider, operation, 1, &reference).await {
            clean(trial, cases, format!("{operation} other types"), &printed(&error));
        }
        trial.vendor.answer(trial.success(operation, 1).in_manner(Manner::Lost));
        if let Err(error) = trial.call(&*trial.provider, operation, 1, &reference).await {
            clean(trial, cases, format!("{operation} closed"), &printed(&error));
        }
    }
    let mut wrong = trial.applicant(1).email("Adaline Quillfeather").phone("+1519555000x").reference_of("\n");
    wrong.redirect_url = Some("http://user-token-conformance-1.example.com".to_owned());
    if let Err(error) = trial.provider.start(&wrong).await {
        clean(trial, cases, "wrong inputs", &printed(&error));
    }
}

trait ReferenceOf {
    fn reference_of(self, reference: &str) -> Self;
}

impl ReferenceOf for idv_core::StartRequest {
    fn reference_of(mut self, reference: &str) -> Self {
        reference.clone_into(&mut self.reference);
        self
    }
}

/// Errors of a vendor that repeats personal data wherever it can.
fn indiscreet(prose: &str) -> Vec<(&'static str, Reply)> {
    let error = json!({"error": {"code": prose, "message": prose, "requestId": prose}, "message": prose, "code": prose});
    vec![
        ("400 json", Reply::json(400, &error)),
        ("404 text", Reply::bytes(404, "text/plain", prose)),
        ("409 sentence", Reply::json(409, &json!({"error": prose}))),
        (
            "422 list",
            Reply::json(422, &json!({"errors": [prose], "type": prose, "title": prose, "detail": prose})),
        ),
        ("429 headers", Reply::json(429, &error).header("x-request-id", prose).header("retry-after", prose)),
        ("503 html", Reply::bytes(503, "text/html", format!("<p>{prose}"))),
        (
            "302 location",
            Reply::bytes(302, "text/plain", "").header("location", format!("https://e.example/?{prose}")),
        ),
    ]
}

/// No refusal of a webhook or of a return URL shows its content: both are untrusted input.
pub async fn refusals_show_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for (name, error) in refusals(trial, &reference) {
        clean(trial, cases, name.clone(), &printed(&error));
        let plain = !printed(&error).contains("://");
        cases.that(format!("{name} url"), plain, || "a URL is printed".to_owned());
    }
}

/// The adapter's refusals of invalid webhooks and return URLs that hold prose about people.
fn refusals(trial: &Trial<'_>, reference: &idv_core::SessionRef) -> Vec<(String, Error)> {
    let mut refusals = Vec::new();
    let uri = trial.subject.redirect(reference.key(), "success", None);
    if let Some(url) = uri.and_then(|uri| url::Url::parse(&uri).ok()) {
        for (name, _) in url.query_pairs() {
            let mut spoilt = url.clone();
            spoilt.query_pairs_mut().append_pair(&name, PROSE);
            let error = trial.provider.parse_redirect(&Redirect::new(reference, spoilt.as_str())).err();
            refusals.extend(error.map(|error| (format!("redirect {name}"), error)));
        }
    }
    if let Some(webhooks) = trial.subject.webhooks() {
        let said = trial.event("event-1", reference, None);
        let body = json!({"type": [PROSE], "told": PROSE}).to_string().into_bytes();
        let [right, _, wrong] = webhooks.secrets();
        for (name, secret) in [("unreadable webhook", right), ("forged webhook", wrong)] {
            let headers = webhooks.sign(secret, &said, &body);
            let error = trial.deliver(&*trial.provider, &headers, &body).err();
            refusals.extend(error.map(|error| (name.to_owned(), error)));
        }
    }
    refusals
}

/// No log record shows a secret, a session URL or anything personal, at any level, of any crate below.
pub async fn logs_show_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let log = Log::capture();
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let mut shown = Vec::new();
    for operation in trial.calls() {
        let mut replies: Vec<Reply> = indiscreet(PROSE).into_iter().map(|(_, reply)| reply).collect();
        replies.push(Reply::json(200, &json!({"told": PROSE})));
        replies.push(trial.success(operation, 1).in_manner(Manner::Lost));
        replies.push(trial.success(operation, 1));
        for reply in replies {
            trial.vendor.answer(reply);
            if let Ok(Given::Session(session)) = trial.call(&*trial.provider, operation, 1, &reference).await
            {
                shown.extend(session.url().map(|url| url.expose().to_owned()));
                shown.extend(session.access_token().map(|token| token.expose().to_owned()));
            }
        }
    }
    if let Some(uri) = trial.subject.redirect(reference.key(), "success", None) {
        let _ = trial.provider.parse_redirect(&Redirect::new(&reference, &uri));
    }
    if let Some(webhooks) = trial.subject.webhooks() {
        let _ = trial.send(webhooks, &trial.event("event-1", &reference, None));
    }
    drop(refusals(trial, &reference));
    // Where the process filters records out, nothing would be seen, and nothing would be proven.
    tracing::trace!("the kit listens");
    let text = log.text();
    cases.that("records are heard", text.contains("the kit listens"), || {
        "no record arrives: is a `max_level` feature of `tracing` on?".to_owned()
    });
    clean(trial, cases, "logs", &text);
    cases.that("session URLs and tokens", canary::find(&text, &shown).is_none(), || {
        "one is logged".to_owned()
    });
}

/// A reference can be stored and logged: it holds no credential.
pub async fn references_hold_no_credential(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    clean(trial, cases, "reference", &reference.to_string());
    for credential in [idv_core::Input::USER_TOKEN, idv_core::Input::ONBOARDING_ID] {
        let inputs = &trial.provider.profile().inputs;
        if inputs.need(Operation::Start, &credential) == idv_core::InputNeed::Unused {
            continue;
        }
        let mut request = trial.applicant(1);
        request.reference = request.text(&credential).unwrap_or_default().to_owned();
        trial.vendor.answer(trial.success(Operation::Start, 1));
        if let Ok(session) = trial.provider.start(&request).await {
            clean(trial, cases, format!("{credential} as reference"), &session.reference.to_string());
        }
    }
}
