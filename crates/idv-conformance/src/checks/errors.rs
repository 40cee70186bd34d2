//! Errors: one table of kinds, a correct delivery, and texts that are self-contained and hold no secret.

pub mod gateway;
pub mod steps;
pub mod told;

use std::net::{Ipv4Addr, SocketAddr};

use idv_core::{Error, Operation};
use tokio::net::TcpSocket;

use crate::bodies;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::stand_in::StandIn;
use crate::trial::{Trial, axes};

register! {
    errors {
        statuses_mean_the_same_with_every_body;
        documented_errors_are_understood if DOCUMENTS_ERRORS;
        useless_successes_are_errors;
        lost_answers_are_unknown;
        refused_connections_sent_nothing;
        redirects_are_not_followed;
        errors_stand_alone;
    }
}

const DOCUMENTS_ERRORS: Condition =
    Condition::new(|facts| !facts.subject.errors().is_empty(), "the subject documents no errors of its own");

/// The kind of every status, whatever the vendor.
const KINDS: &[(u16, &str)] = &[
    (301, "invalid_response"),
    (302, "invalid_response"),
    (304, "invalid_response"),
    (307, "invalid_response"),
    (400, "invalid_request"),
    (401, "unauthenticated"),
    (402, "payment_required"),
    (403, "forbidden"),
    (404, "not_found"),
    (405, "invalid_request"),
    (409, "conflict"),
    (410, "invalid_request"),
    (413, "invalid_request"),
    (415, "invalid_request"),
    (418, "invalid_request"),
    (422, "invalid_request"),
    (429, "rate_limited"),
    (451, "invalid_request"),
    (500, "unavailable"),
    (501, "unavailable"),
    (502, "unavailable"),
    (503, "unavailable"),
    (504, "unavailable"),
    (529, "unavailable"),
];

/// Every status means the same with every body: it is an error of its kind, with the retry verdict of the table.
pub async fn statuses_mean_the_same_with_every_body(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let [_, throttled, broken, _] = trial.verdicts(operation);
        let nothing = trial.subject.found_nothing().filter(|_| operation == Operation::Find);
        for (status, kind) in KINDS {
            if nothing.as_ref().is_some_and(|nothing| nothing.status == *status) {
                continue;
            }
            let own = trial.subject.statuses().into_iter().find(|(own, _)| own == status);
            let (kind, retry) = match (own, status) {
                (Some((_, kind)), _) => (kind.as_str(), trial.verdict_on(operation, kind)),
                (None, 429) => (*kind, throttled),
                (None, 500..) => (*kind, broken),
                (None, _) => (*kind, "never"),
            };
            // The body has its say where a call opens a session or reads a verdict; elsewhere a few are enough.
            let whole = matches!(operation, Operation::Start | Operation::Check);
            let few = if whole { usize::MAX } else { 2 };
            let bodies = bodies::of_errors(*status).into_iter().rev();
            // A page in place of a refusal is not the vendor's: see `gateway_pages_are_no_answers`.
            let bodies = bodies.filter(|(body, _)| *body != "html" || !gateway::may_send_a_page(*status));
            for (body, reply) in bodies.take(few) {
                trial.vendor.answer(reply);
                let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
                let found = error.as_ref().map(axes);
                cases.equal(format!("{operation} {status} {body}"), found, Some([kind, "answered", retry]));
                let told = error.and_then(|error| error.http_status());
                cases.equal(format!("{operation} {status} {body} status"), told, Some(*status));
            }
        }
    }
}

/// The errors that the vendor documents are read as it documents them.
pub async fn documented_errors_are_understood(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for row in trial.subject.errors() {
        let name = row.name;
        trial.vendor.answer(row.reply.clone());
        let Some(error) = trial.call(&*trial.provider, row.operation, 1, &reference).await.err() else {
            cases.that(name, false, || "it is no error".to_owned());
            continue;
        };
        cases.equal(name, error.kind(), row.kind);
        cases.equal(format!("{name} credential"), error.credential(), row.credential);
        cases.equal(format!("{name} code"), error.code().map(idv_core::VendorWord::as_str), row.code);
        match row.retry {
            Some(retry) => cases.equal(format!("{name} retry"), error.retry(), retry),
            None => {
                let wanted = trial.verdict_on(row.operation, row.kind);
                cases.equal(format!("{name} retry"), error.retry().as_str(), wanted);
            }
        }
    }
}

/// A success that cannot be read is `invalid_response`, and a start that got one may have created a session.
pub async fn useless_successes_are_errors(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let mut answers = bodies::useless(200);
        let whole = trial.success(operation, 1);
        let value = serde_json::from_slice(&whole.body).unwrap_or_default();
        answers.push(("other types", Reply::json(200, &json::retype(&value))));
        answers.push(("too large", bodies::too_large(200)));
        answers.push(("no content", Reply::bytes(204, "application/json", "")));
        // A vendor that answers a deletion with nothing has said all.
        answers.retain(|(_, reply)| !(reply.body.is_empty() && whole.body.is_empty()));
        // A vendor whose lists are bare says by an empty one that there is nothing.
        answers.retain(|(name, _)| !(*name == "list" && value.is_array()));
        for (body, reply) in answers {
            trial.vendor.answer(reply);
            match trial.call(&*trial.provider, operation, 1, &reference).await {
                Ok(_) => cases
                    .that(format!("{operation} {body}"), false, || "it was taken for an answer".to_owned()),
                Err(error) => {
                    let [kind, delivery, retry] = axes(&error);
                    cases.equal(
                        format!("{operation} {body}"),
                        (kind, delivery),
                        ("invalid_response", "answered"),
                    );
                    let wanted = trial.verdict_on(operation, idv_core::ErrorKind::InvalidResponse);
                    cases.equal(format!("{operation} {body} retry"), retry, wanted);
                }
            }
        }
    }
}

/// After a lost or incomplete answer, the error says that the delivery is unknown.
pub async fn lost_answers_are_unknown(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let manners = [("closed", Manner::Lost), ("cut head", Manner::CutHead), ("cut body", Manner::CutBody)];
    for operation in trial.calls() {
        let [.., unknown] = trial.verdicts(operation);
        let is_empty = trial.success(operation, 1).body.is_empty();
        // Of an empty body nothing can be cut off.
        for (name, manner) in
            manners.into_iter().filter(|(_, manner)| !is_empty || *manner != Manner::CutBody)
        {
            trial.vendor.answer(trial.success(operation, 1).in_manner(manner));
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let found = error.as_ref().map(axes);
            cases.equal(format!("{operation} {name}"), found, Some(["connection", "unknown", unknown]));
        }
        let error = trial.unanswered(cases, operation, 1, &reference).await;
        let found = error.as_ref().map(axes);
        cases.equal(format!("{operation} silent"), found, Some(["timeout", "unknown", unknown]));
    }
}

/// A refused connection sent nothing, and the call may be repeated.
pub async fn refused_connections_sent_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some((_held, address)) = cases.some("a free port", nobody()) else { return };
    let Some(provider) = cases.built("there", trial.build(&trial.options_at(&address))) else { return };
    for operation in trial.calls() {
        let error = trial.call(&*provider, operation, 1, &reference).await.err();
        cases.equal(
            operation.as_str(),
            error.as_ref().map(axes),
            Some(["connection", "not_sent", "allowed"]),
        );
    }
}

/// An address without a listener, which cannot get one while the socket lives.
fn nobody() -> std::io::Result<(TcpSocket, String)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
    let address = format!("http://{}", socket.local_addr()?);
    Ok((socket, address))
}

/// Redirects of the vendor's server are not followed: the key would go to the server that they name.
pub async fn redirects_are_not_followed(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some(elsewhere) = cases.some("another server", StandIn::listen().await) else { return };
    for operation in trial.calls() {
        for status in [301, 302, 303, 307, 308] {
            elsewhere.answer(trial.success(operation, 1));
            let location = format!("{}/elsewhere", elsewhere.base_url());
            trial.vendor.answer(Reply::bytes(status, "text/plain", "").header("location", location));
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let kind = error.map(|error| error.kind().as_str());
            cases.equal(format!("{operation} {status}"), kind, Some("invalid_response"));
        }
    }
    cases.equal("requests elsewhere", elsewhere.count(), 0);
}

/// The text of an error names provider, operation and kind in one line, without a URL.
pub async fn errors_stand_alone(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        for (name, reply) in [
            ("503", Reply::bytes(503, "text/plain", "see https://status.example.com")),
            ("closed", trial.success(operation, 1).in_manner(Manner::Lost)),
            ("useless", Reply::bytes(200, "text/html", "<a href=https://status.example.com>")),
        ] {
            trial.vendor.answer(reply);
            match trial.call(&*trial.provider, operation, 1, &reference).await {
                Ok(_) => cases.that(format!("{operation} {name}"), false, || "it is no error".to_owned()),
                Err(error) => stands_alone(trial, cases, operation, name, &error),
            }
        }
    }
}

fn stands_alone(trial: &Trial<'_>, cases: &mut Cases, operation: Operation, name: &str, error: &Error) {
    let text = error.to_string();
    let parts = [trial.id().as_str(), operation.as_str(), error.kind().as_str()];
    let whole = parts.iter().all(|part| text.contains(part));
    cases.that(format!("{operation} {name}"), whole, || format!("{text:?} does not say {parts:?}"));
    let plain = !text.contains("://") && !text.contains(['\n', '\r']) && !text.contains("127.0.0.1");
    cases.that(format!("{operation} {name} is plain"), plain, || format!("{text:?}"));
}
