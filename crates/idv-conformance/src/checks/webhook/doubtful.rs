//! Ambiguous events: authentic ones that contradict themselves.

use idv_core::{
    Assurance, ErrorKind, NextAction, Result, Surface, Timestamp, VerificationStatus, WebhookOutcome,
};
use serde_json::Value;

use super::{event, webhooks};
use crate::cases::Cases;
use crate::checks::status::{Twin, doubled};
use crate::condition::{Condition, Facts, WEBHOOKS};
use crate::json::{self, Spelling};
use crate::registration::register;
use crate::subject::{Event, Webhooks};
use crate::trial::Trial;

register! {
    webhook {
        names_that_stand_twice_are_no_status if WEBHOOKS & IS_SIGNED;
        events_that_contradict_themselves_have_no_status if WEBHOOKS & GIVES_THE_STATUS_TWICE;
    }
}

const IS_SIGNED: Condition = Condition::new(
    |facts| facts.profile.capabilities.webhooks.is_none_or(|assurance| assurance == Assurance::Signed),
    "no event of the vendor's tells a status",
);
const GIVES_THE_STATUS_TWICE: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(|webhooks| may_contradict(facts, webhooks)),
    "an event of the vendor's tells its status once",
);

/// Whether some event can give two statuses.
fn may_contradict(facts: &Facts<'_>, webhooks: &dyn Webhooks) -> bool {
    facts.opposites(Surface::WebhookStatus).iter().any(|[one, other]| {
        let session = Trial::session_id(1);
        let said = Event::about(&session, Some(one), Timestamp::from_unix_seconds(0));
        !webhooks.contradictions(&said, other).is_empty()
    })
}

fn deliver(
    trial: &Trial<'_>,
    webhooks: &dyn Webhooks,
    said: &crate::Event<'_>,
    body: &[u8],
) -> Result<WebhookOutcome> {
    let headers = webhooks.sign(webhooks.secrets()[0], said, body);
    trial.deliver(&*trial.provider, &headers, body)
}

/// An event with a duplicate status or id has no status, or is refused as unreadable.
pub async fn names_that_stand_twice_are_no_status(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    let mut twins = Vec::new();
    for words in trial.opposites(Surface::WebhookStatus) {
        let says = |word: &str| webhooks.event(&trial.event("event-1", &reference, Some(word)));
        twins.extend(doubled(&words, says));
    }
    for row in trial
        .rows(Surface::WebhookStatus)
        .iter()
        .filter(|row| row.status.is_some_and(VerificationStatus::is_decision))
    {
        let said = trial.event("event-1", &reference, Some(&row.word));
        twins.extend(twins_of_ids(trial, webhooks, &said));
    }
    let said = trial.event("event-1", &reference, None);
    for Twin { name, body, is_word } in twins {
        match deliver(trial, webhooks, &said, body.as_bytes()) {
            Err(error) => {
                cases.equal(name.clone(), error.kind(), ErrorKind::WebhookRejected);
                cases.equal(format!("{name} answer"), error.webhook_response_status().as_u16(), 400);
            }
            outcome => {
                let Some(found) = cases.some(name.clone(), event(outcome)) else { continue };
                let unknown = !is_word && found.status() == Some(VerificationStatus::Unrecognized);
                cases.that(format!("{name} status"), found.status().is_none() || unknown, || {
                    format!("it was taken for {:?}", found.status())
                });
                cases.equal(format!("{name} action"), &found.next_action, &NextAction::Check);
            }
        }
    }
}

/// Events about two people: each id that the adapter reads is duplicated. One that it does not read spoils nothing.
fn twins_of_ids(trial: &Trial<'_>, webhooks: &dyn Webhooks, said: &crate::Event<'_>) -> Vec<Twin> {
    let right = webhooks.event(said);
    let facts = |body: &Value| {
        let found = event(deliver(trial, webhooks, said, body.to_string().as_bytes()));
        found.map(|found| (found.reference, found.correlation))
    };
    let (somebody, known) = (Value::from(Trial::session_id(2)), facts(&right));
    let mut twins = Vec::new();
    for place in json::places(&right, said.session) {
        let wrong = json::put(&right, &place, &somebody);
        if facts(&wrong) == known {
            continue;
        }
        let bodies = [
            ("right first", json::doubled(&right, &place, &somebody, Spelling::Same)),
            ("right last", json::doubled(&wrong, &place, &said.session.into(), Spelling::Same)),
        ];
        for (which, body) in bodies {
            let name = format!("{} {place} {which}", said.status.unwrap_or_default());
            twins.extend(body.map(|body| Twin { name, body, is_word: true }));
        }
    }
    twins
}

/// An event with two different statuses has none, and the next action is a check. One that repeats the same status has
/// it.
pub async fn events_that_contradict_themselves_have_no_status(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, assurance, reference)) = webhooks(trial, cases).await else { return };
    let pairs = trial.opposites(Surface::WebhookStatus);
    for [one, other] in &pairs {
        let said = trial.event("event-1", &reference, Some(one));
        let agreeing = webhooks.contradictions(&said, one);
        let contradicting = webhooks.contradictions(&said, other);
        for (number, body) in contradicting.iter().enumerate() {
            let name = format!("{one} and {other} {number}");
            let sent = deliver(trial, webhooks, &said, body.to_string().as_bytes());
            let Some(found) = cases.some(name.clone(), event(sent)) else { continue };
            cases.equal(format!("{name} status"), found.status(), None);
            cases.equal(format!("{name} action"), &found.next_action, &NextAction::Check);
        }
        let row = trial.rows(Surface::WebhookStatus).into_iter().find(|row| row.word == *one);
        let wanted = row.and_then(|row| row.status).filter(|_| assurance == Assurance::Signed);
        for (number, body) in agreeing.iter().enumerate() {
            let name = format!("{one} twice {number}");
            let sent = deliver(trial, webhooks, &said, body.to_string().as_bytes());
            let Some(found) = cases.some(name.clone(), event(sent)) else { continue };
            cases.equal(format!("{name} status"), found.status(), wanted);
        }
    }
}
