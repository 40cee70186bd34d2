//! Events that are authentic and say two things at once.

use idv_core::{Assurance, ErrorKind, NextAction, Result, WebhookOutcome};
use serde_json::Value;

use super::{event, webhooks};
use crate::cases::Cases;
use crate::checks::status::doubled;
use crate::json::{self, Spelling};
use crate::subject::Webhooks;
use crate::trial::Trial;

fn deliver(
    trial: &Trial<'_>,
    webhooks: &dyn Webhooks,
    said: &crate::Event<'_>,
    body: &[u8],
) -> Result<WebhookOutcome> {
    let headers = webhooks.sign(webhooks.secrets()[0], said, body);
    trial.deliver(&*trial.provider, &headers, body)
}

/// Where the status or the id stands twice, the event has no status, or is refused as unreadable.
pub async fn names_that_stand_twice_are_no_status(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    if assurance != Assurance::Signed {
        return cases.not_applicable("no event of the vendor's tells a status");
    }
    let mut bodies = Vec::new();
    for [one, other] in trial.opposites("webhook") {
        let events =
            [&one, &other].map(|word| webhooks.event(&trial.event("event-1", &reference, Some(word))));
        bodies.extend(
            doubled(&events).into_iter().map(|(name, body)| (format!("{one}, {other} {name}"), body)),
        );
        // Whom it is about must not be a guess either.
        for place in json::places(&events[0], reference.key()) {
            let somebody = Value::from(Trial::session_id(2));
            let right_first = json::doubled(&events[0], &place, &somebody, Spelling::Same);
            let somebody = json::put(&events[0], &place, &somebody);
            let right_last = json::doubled(&somebody, &place, &reference.key().into(), Spelling::Same);
            for (which, body) in [("right first", right_first), ("right last", right_last)] {
                bodies.extend(body.map(|body| (format!("{one} {place} {which}"), body)));
            }
        }
    }
    let said = trial.event("event-1", &reference, None);
    for (name, body) in bodies {
        match deliver(trial, webhooks, &said, body.as_bytes()) {
            Err(error) => {
                cases.equal(name.clone(), error.kind(), ErrorKind::WebhookRejected);
                cases.equal(format!("{name} answer"), error.webhook_response_status().as_u16(), 400);
            }
            outcome => {
                let Some(found) = cases.some(name.clone(), event(outcome)) else { continue };
                cases.equal(format!("{name} status"), found.status(), None);
                cases.equal(format!("{name} action"), &found.next_action, &NextAction::Check);
            }
        }
    }
}

/// An event that says one status here and another one there has none: look. One that says the same twice has it.
pub async fn events_that_contradict_themselves_have_no_status(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    let pairs = trial.opposites("webhook");
    let mut contradicted = false;
    for [one, other] in &pairs {
        let said = trial.event("event-1", &reference, Some(one));
        let agreeing = webhooks.contradictions(&said, one);
        let contradicting = webhooks.contradictions(&said, other);
        contradicted |= !contradicting.is_empty();
        for (number, body) in contradicting.iter().enumerate() {
            let name = format!("{one} and {other} {number}");
            let sent = deliver(trial, webhooks, &said, body.to_string().as_bytes());
            let Some(found) = cases.some(name.clone(), event(sent)) else { continue };
            cases.equal(format!("{name} status"), found.status(), None);
            cases.equal(format!("{name} action"), &found.next_action, &NextAction::Check);
        }
        let row = trial.rows("webhook").into_iter().find(|row| row.word == *one);
        let wanted = row.and_then(|row| row.status).filter(|_| assurance == Assurance::Signed);
        for (number, body) in agreeing.iter().enumerate() {
            let name = format!("{one} twice {number}");
            let sent = deliver(trial, webhooks, &said, body.to_string().as_bytes());
            let Some(found) = cases.some(name.clone(), event(sent)) else { continue };
            cases.equal(format!("{name} status"), found.status(), wanted);
        }
    }
    if !contradicted {
        cases.not_applicable("an event of the vendor's tells its status once");
    }
}
