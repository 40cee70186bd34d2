//! Tolerant reading of webhooks: proxies may change headers, and unknown members do not matter.

use idv_core::{ErrorKind, Result, Surface, WebhookEvent};

use super::{event, webhooks};
use crate::cases::Cases;
use crate::condition::{Condition, WEBHOOKS};
use crate::json;
use crate::registration::register;
use crate::subject::Webhooks;
use crate::trial::Trial;

register! {
    webhook {
        signatures_may_be_joined_with_commas if WEBHOOKS & LISTS_SIGNATURES;
        byte_order_marks_are_skipped if WEBHOOKS;
        unread_members_spoil_nothing if WEBHOOKS;
    }
}

const LISTS_SIGNATURES: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(|webhooks| webhooks.signature_separator().is_some()),
    "the scheme has one signature",
);

/// A byte-order mark before a body is part of the signed bytes, but not of the event.
pub async fn byte_order_marks_are_skipped(trial: &Trial<'_>, cases: &mut Cases) {
    same_events(trial, cases, |body| {
        vec![("mark".to_owned(), ["\u{feff}".as_bytes(), body.to_string().as_bytes()].concat())]
    })
    .await;
}

/// An unknown member may hold anything that is JSON.
pub async fn unread_members_spoil_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    same_events(trial, cases, |body| {
        let unreadable = json::unreadable();
        unreadable.map(|(name, text)| (name.to_owned(), json::beside(body, &text).into_bytes())).into()
    })
    .await;
}

async fn same_events(
    trial: &Trial<'_>,
    cases: &mut Cases,
    made: impl Fn(&serde_json::Value) -> Vec<(String, Vec<u8>)>,
) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    for row in trial.rows(Surface::WebhookStatus).iter().map(|row| Some(&*row.word)).chain([None]) {
        let said = trial.event("event-1", &reference, row);
        let plain = webhooks.event(&said);
        let name = row.unwrap_or("no status");
        let Some(wanted) = cases.some(name, read(trial, webhooks, &said, plain.to_string().as_bytes()))
        else {
            continue;
        };
        for (what, body) in made(&plain) {
            let name = format!("{name} {what}");
            let Some(found) = cases.some(name.clone(), read(trial, webhooks, &said, &body)) else { continue };
            cases.equal(name, facts(&found), facts(&wanted));
        }
    }
}

fn read(
    trial: &Trial<'_>,
    webhooks: &dyn Webhooks,
    said: &crate::Event<'_>,
    body: &[u8],
) -> std::result::Result<WebhookEvent, String> {
    let headers = webhooks.sign(webhooks.secrets()[0], said, body);
    event(trial.deliver(&*trial.provider, &headers, body))
}

/// The facts of an event, without its id, which may be derived from its bytes.
fn facts(event: &WebhookEvent) -> String {
    let said = (&event.provider_event_type, event.status(), event.provider_status(), &event.next_action);
    format!("{said:?} {:?} {:?} {:?}", event.reasons(), event.reference, event.correlation)
}

/// A proxy joins headers of one name with commas. One valid signature is enough, at any place in the list.
pub async fn signatures_may_be_joined_with_commas(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let Some(separator) = webhooks.signature_separator() else { return };
    let said = trial.event("event-1", &reference, None);
    let body = webhooks.event(&said).to_string().into_bytes();
    let [good, other, strange] = webhooks.secrets().map(|secret| webhooks.sign(secret, &said, &body));
    for (name, separator) in [("as documented", separator), ("commas", ","), ("commas and blanks", ", ")] {
        for (order, one, two, authentic) in [
            ("good first", &good, &strange, true),
            ("good last", &strange, &good, true),
            ("none good", &other, &strange, false),
        ] {
            let sent = trial.deliver(&*trial.provider, &joined(one, two, separator), &body);
            let name = format!("{name}, {order}");
            cases.that(name, held(&sent, authentic), || format!("{:?}", sent.err()));
        }
    }
}

fn held<T>(sent: &Result<T>, authentic: bool) -> bool {
    match sent {
        Ok(_) => authentic,
        Err(error) => !authentic && error.kind() == ErrorKind::WebhookRejected,
    }
}

type Headers = Vec<(&'static str, String)>;

/// The headers of one signing, each with the differing value of the other one appended.
fn joined(one: &Headers, two: &Headers, separator: &str) -> Headers {
    let other = |name: &str| two.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    let join = |(name, value): &(&'static str, String)| {
        let listed = other(name).filter(|other| *other != value);
        (*name, listed.map_or_else(|| value.clone(), |listed| format!("{value}{separator}{listed}")))
    };
    one.iter().map(join).collect()
}
