//! The time of an event: the vendor's own, where its events give one.

use idv_core::Timestamp;

use super::{decision, event, webhooks};
use crate::cases::Cases;
use crate::condition::{Condition, Facts, WEBHOOKS};
use crate::registration::register;
use crate::subject::{Event, Webhooks};
use crate::trial::Trial;

register! {
    webhook {
        events_keep_their_time if WEBHOOKS & GIVES_THE_TIME;
    }
}

const GIVES_THE_TIME: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_none_or(|webhooks| some_event_gives_its_time(facts, webhooks)),
    "the vendor's events do not give their time",
);

fn some_event_gives_its_time(facts: &Facts<'_>, webhooks: &dyn Webhooks) -> bool {
    [None, decision(facts)].iter().any(|status| {
        let at = Timestamp::from_unix_seconds(0);
        let session = Trial::session_id(1);
        let event = Event::about(&session, status.as_deref(), at);
        webhooks.is_dated(&event)
    })
}

/// The time of an event is the one that the vendor gives in its body, and not that of the delivery.
pub async fn events_keep_their_time(trial: &Trial<'_>, cases: &mut Cases) {
    let Some((webhooks, _, reference)) = webhooks(trial, cases).await else { return };
    for status in [None, decision(&trial.facts())] {
        for seconds in [200, 100] {
            let mut said = trial.event("event-1", &reference, status.as_deref());
            said.at = Timestamp::from_unix_seconds(trial.now().unix_seconds() - seconds);
            if !webhooks.is_dated(&said) {
                continue;
            }
            let name = format!("{}, {seconds} s ago", status.as_deref().unwrap_or("no status"));
            let Some(found) = cases.some(name.clone(), event(trial.send(webhooks, &said))) else { continue };
            let found = found.occurred_at.map(Timestamp::unix_seconds);
            cases.equal(name, found, Some(said.at.unix_seconds()));
        }
    }
}
