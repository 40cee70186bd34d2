//! Answers of gateways between the application and the vendor, which know neither credentials nor applicants.

use crate::cases::Cases;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::{Trial, axes};

register! {
    errors {
        gateway_pages_are_no_answers;
        gateway_statuses_are_repeatable;
    }
}

/// The statuses of a page that could be mistaken for the vendor's verdict on a credential or a session.
const PAGES: [u16; 3] = [401, 403, 404];

/// Other refusals that a page can come with: the adapter decides whether the vendor or a gateway sent them.
const OTHERS: [u16; 5] = [400, 402, 405, 409, 422];

/// Whether a page with this status may be a gateway's.
pub(super) fn may_send_a_page(status: u16) -> bool {
    (400..500).contains(&status) && status != 429
}

/// The statuses that gateways answer by themselves: the request took too long, was misdirected, or came too early.
const STATUSES: [u16; 3] = [408, 421, 425];

/// A page with 401, 403 or 404 comes from a gateway: no credential was checked, no session was looked up, and the
/// vendor is unavailable.
pub async fn gateway_pages_are_no_answers(trial: &Trial<'_>, cases: &mut Cases) {
    for (name, content_type, page) in [
        ("page", "text/html", "<!doctype html><title>Not found</title><p>approved"),
        ("page with a charset", "text/html; charset=utf-8", "<html><h1>403 Forbidden</h1></html>"),
        ("page in capitals", "Text/HTML", "\n <!DOCTYPE HTML>\n<HTML><BODY>401 Authorization Required"),
    ] {
        let replies = PAGES.map(|status| (status, Reply::bytes(status, content_type, page)));
        unavailable(trial, cases, name, &replies).await;
    }
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        for status in OTHERS {
            trial.vendor.answer(Reply::bytes(status, "text/html", "<!doctype html><p>approved"));
            let given = trial.call(&*trial.provider, operation, 1, &reference).await;
            cases.that(format!("{operation} {status}"), given.is_err(), || "it is no error".to_owned());
        }
    }
}

/// A request that timed out on the way, was misdirected or came too early may be repeated as one that met a broken server.
pub async fn gateway_statuses_are_repeatable(trial: &Trial<'_>, cases: &mut Cases) {
    for (name, content_type, body) in [
        ("empty", "text/plain", ""),
        ("page", "text/html", "<h1>Request time-out</h1>"),
        ("json", "application/json", r#"{"error":"late"}"#),
    ] {
        let replies = STATUSES.map(|status| (status, Reply::bytes(status, content_type, body)));
        unavailable(trial, cases, name, &replies).await;
    }
}

async fn unavailable(trial: &Trial<'_>, cases: &mut Cases, name: &str, replies: &[(u16, Reply)]) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let [_, _, broken, _] = trial.verdicts(operation);
        for (status, reply) in replies {
            trial.vendor.answer(reply.clone());
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let name = format!("{operation} {status} {name}");
            let found = error.as_ref().map(axes);
            cases.equal(name.clone(), found, Some(["unavailable", "answered", broken]));
            cases.equal(format!("{name} status"), error.and_then(|error| error.http_status()), Some(*status));
        }
    }
}
