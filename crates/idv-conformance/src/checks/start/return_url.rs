//! Return URLs: the vendor gets the intended URL, or nothing is sent.

use std::collections::BTreeSet;

use idv_core::{Input, Operation};
use url::Url;

use super::{TAKES_A_RETURN_URL, complaints};
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::registration::register;
use crate::subject::Subject;
use crate::trial::Trial;

register! {
    start {
        return_urls_arrive_as_they_were_meant if TAKES_A_RETURN_URL;
        return_urls_leave_the_vendors_names_free if TAKES_A_RETURN_URL & APPENDS_PARAMETERS;
    }
}

const BACK: &str = "https://app.conformance.example.com/back";

const APPENDS_PARAMETERS: Condition = Condition::new(
    |facts| returned(facts.subject).is_some(),
    "the vendor appends no parameters that the subject documents",
);

/// A return URL with all parameters that the vendor appends.
fn returned(subject: &dyn Subject) -> Option<Url> {
    Url::parse(&subject.redirect("x", "failed", Some("y"))?).ok()
}

async fn refused(trial: &Trial<'_>, cases: &mut Cases, name: &str, url: &str) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let error = trial.provider.start(&trial.applicant(1).redirect_url(url)).await.err();
    complaints(cases, name, error, &BTreeSet::from([&Input::REDIRECT_URL]));
    cases.equal(format!("{name}: requests sent"), trial.vendor.take().len(), 0);
}

/// A URL that a browser would silently correct is refused, and so is one with a credential, which would travel through
/// the vendor. A blank is encoded, or refused.
pub async fn return_urls_arrive_as_they_were_meant(trial: &Trial<'_>, cases: &mut Cases) {
    for (name, url) in [
        ("a blank before", format!(" {BACK}")),
        ("a line break inside", BACK.replace("app.", "app.\n")),
        ("a tabulator inside", BACK.replace("back", "ba\tck")),
        ("a user name", BACK.replace("app.", "somebody@app.")),
        ("a password", BACK.replace("app.", "somebody:password@app.")),
    ] {
        refused(trial, cases, name, &url).await;
    }
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let blank = format!("{BACK}?case=a b");
    let started = trial.provider.start(&trial.applicant(1).redirect_url(blank.as_str())).await;
    let sent = trial.vendor.take();
    if started.is_err() && sent.is_empty() {
        return complaints(cases, "a blank inside", started.err(), &BTreeSet::from([&Input::REDIRECT_URL]));
    }
    let texts = sent.iter().flat_map(|request| json::texts(&json::of_request(request)));
    let arrived: Vec<String> = texts.filter(|text| text.starts_with(BACK)).collect();
    let encoded = |text: &String| ["a%20b", "a+b"].iter().any(|form| text.ends_with(form));
    cases.that("a blank inside", !arrived.is_empty() && arrived.iter().all(encoded), || {
        format!("{arrived:?} arrived at the vendor")
    });
}

/// A parameter of the application's own must not have a name that the vendor appends: the URL that comes back would say two
/// things, and could not be read.
pub async fn return_urls_leave_the_vendors_names_free(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(returned) = returned(trial.subject) else { return };
    for (name, _) in returned.query_pairs() {
        refused(trial, cases, &name, &format!("{BACK}?{name}=own")).await;
        refused(trial, cases, &format!("{name} behind another"), &format!("{BACK}?case=7&{name}=own")).await;
        refused(trial, cases, &format!("{name} without a value"), &format!("{BACK}?{name}")).await;
    }
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let own = format!("{BACK}?conformance=7");
    let started = trial.provider.start(&trial.applicant(1).redirect_url(own)).await;
    cases.that("another name", started.is_ok(), || format!("failed: {:?}", started.err()));
}
