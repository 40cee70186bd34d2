//! Diagnostics: an error describes the answer, so that the cause can be found without a packet capture.

use idv_core::{Error, Operation, VendorWord};
use serde_json::{Value, json};

use crate::bodies;
use crate::canary;
use crate::cases::Cases;
use crate::json;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::Trial;

register! {
    errors {
        useless_successes_say_what_they_were;
        spoilt_messages_hide_no_code;
    }
}

/// A value that no error may repeat.
const VALUE: &str = "conformance-canary-value";

/// The error of an unusable success gives its content type and its length, and no value of it.
pub async fn useless_successes_say_what_they_were(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let page = format!("<!doctype html><title>{VALUE}</title>{}", " ".repeat(640));
    let list = json!([VALUE, "x".repeat(300)]).to_string();
    for operation in trial.calls() {
        for (name, content_type, body) in [
            ("html", "text/html", page.as_str()),
            ("list", "application/json", &list),
            ("null", "application/json", "null"),
            ("empty", "application/json", ""),
        ] {
            if body.is_empty() && trial.success(operation, 1).body.is_empty() {
                continue;
            }
            trial.vendor.answer(Reply::bytes(200, content_type, body));
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            says(cases, &format!("{operation} {name}"), error, &[content_type], body.len());
        }
        if !trial.success(operation, 1).body.is_empty() {
            trial.vendor.answer(Reply::bytes(204, "application/json", ""));
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            says(cases, &format!("{operation} no content"), error, &[], 0);
        }
        compressed(trial, cases, operation, &reference).await;
    }
}

fn says(cases: &mut Cases, name: &str, error: Option<Error>, words: &[&str], length: usize) {
    let Some(error) = error else {
        return cases.that(name, false, || "it was taken for an answer".to_owned());
    };
    let text = error.to_string();
    let whole = words.iter().all(|word| text.contains(word));
    cases.that(format!("{name} content type"), whole, || format!("{text:?} does not say {words:?}"));
    cases.that(format!("{name} length"), tells_length(&text, length), || {
        format!("{text:?} does not say how long the answer was: {length} bytes")
    });
    let found = canary::find(&text, &[VALUE.to_owned()]);
    cases.that(format!("{name} value"), found.is_none(), || "it repeats a value".to_owned());
}

/// Whether the text contains the number as a word. An empty body may have words instead.
fn tells_length(text: &str, length: usize) -> bool {
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    words().any(|word| word == length.to_string())
        || (length == 0
            && ["empty", "no body", "without a body", "no content"].iter().any(|word| text.contains(word)))
}

/// An answer that is compressed, although the adapter did not ask for it, is read, or named as such.
async fn compressed(
    trial: &Trial<'_>,
    cases: &mut Cases,
    operation: Operation,
    reference: &idv_core::SessionRef,
) {
    let plain = trial.success(operation, 1);
    trial.vendor.answer(plain.clone());
    let given = trial.call(&*trial.provider, operation, 1, reference).await;
    let Some(plainly) = cases.some(format!("{operation} plain"), given) else { return };
    let squeezed = Reply::bytes(200, "application/json", bodies::gzip(&plain.body));
    trial.vendor.answer(squeezed.header("content-encoding", "gzip"));
    let name = format!("{operation} compressed");
    match trial.call(&*trial.provider, operation, 1, reference).await {
        Ok(given) => cases.equal(name, given.digest(), plainly.digest()),
        Err(error) => {
            let text = error.to_string();
            cases.equal(format!("{name} kind"), error.kind().as_str(), "invalid_response");
            cases.that(name, text.contains("gzip"), || format!("{text:?} does not say `gzip`"));
        }
    }
}

/// A message that cannot be read hides neither the code nor the request id beside it.
pub async fn spoilt_messages_hide_no_code(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let known = json!({"error": {"code": "conformance_code", "message": "A sentence.", "requestId": "req_conformance"}});
    let mut answers =
        vec![(Operation::Start, Reply::json(409, &known)), (Operation::Check, Reply::json(409, &known))];
    answers.extend(trial.subject.errors().into_iter().map(|row| (row.operation, row.reply)));
    let mut compared = false;
    for (number, (operation, reply)) in answers.into_iter().enumerate() {
        let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else { continue };
        trial.vendor.answer(reply.clone());
        let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
        let wanted = error.as_ref().map(facts).filter(|facts| facts.iter().any(Option::is_some));
        // A vendor that gives neither has nothing to hide.
        let Some(wanted) = wanted else { continue };
        for (name, spoilt) in spoilt() {
            let mut reply = reply.clone();
            reply.body = json::without_prose(&body, &spoilt);
            if reply.body == body.to_string().into_bytes() {
                continue;
            }
            compared = true;
            trial.vendor.answer(reply);
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            cases.equal(
                format!("{number} {operation} {name}"),
                error.as_ref().map(facts),
                Some(wanted.clone()),
            );
        }
    }
    if !compared {
        cases.not_applicable("no error of the vendor has a code or the id of a request beside a sentence");
    }
}

fn facts(error: &Error) -> [Option<String>; 2] {
    [error.code(), error.request_id()].map(|word| word.map(VendorWord::to_string))
}

/// Messages that are not quite JSON.
fn spoilt() -> [(&'static str, Vec<u8>); 2] {
    [
        ("half a surrogate", br#""a name \ud83d that was cut""#.to_vec()),
        ("a Latin-1 byte", b"\"caf\xe9 closed\"".to_vec()),
    ]
}
