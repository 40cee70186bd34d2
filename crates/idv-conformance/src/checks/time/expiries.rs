//! Expiries: from the vendor's answer where it gives one, else from the lifetimes of the profile and the injected clock.

use std::time::Duration;

use idv_core::{Operation, Timestamp};
use serde_json::Value;

use crate::cases::Cases;
use crate::condition::{Condition, Facts};
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::Trial;

register! {
    time {
        expiries_follow_the_profile;
        expiries_of_answers_are_kept if GIVES_AN_EXPIRY;
    }
}

const GIVES_AN_EXPIRY: Condition = Condition::new(
    |facts| expiring(facts, Timestamp::from_unix_seconds(0), Duration::from_secs(60)).is_some(),
    "the vendor's answer to a start does not say when the session ends",
);

/// The answer to a start of the first applicant whose session lasts this long from now.
fn expiring(facts: &Facts<'_>, now: Timestamp, lasts: Duration) -> Option<Value> {
    facts.subject.expiring(&Trial::session_id(1), now, now.saturating_add(lasts))
}

/// An expiry is one of the lifetimes in the profile, counted from the injected clock.
pub async fn expiries_follow_the_profile(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.answer(trial.success(Operation::Start, 1));
    let lifetimes = &trial.provider.profile().lifetimes;
    for (name, later) in [("now", 0), ("in an hour", 3600), ("in a year", 31_536_000)] {
        trial.clock.advance(Duration::from_secs(later));
        let Some(session) = cases.some(name, trial.provider.start(&trial.applicant(1)).await) else { return };
        let Some(expiry) = session.expires_at else {
            cases.that(format!("{name} expiry"), true, String::new);
            continue;
        };
        let lasts = expiry.at.saturating_since(trial.now());
        let told =
            lifetimes.iter().any(|known| known.duration == lasts && known.certainty == expiry.certainty);
        cases.that(format!("{name} expiry"), told, || format!("{lasts:?} is no lifetime of the profile"));
    }
}

/// A session ends when the vendor's answer to its start says so, whatever the usual lifetime is.
pub async fn expiries_of_answers_are_kept(trial: &Trial<'_>, cases: &mut Cases) {
    for seconds in [1020, 93_600] {
        let lasts = Duration::from_secs(seconds);
        let Some(answer) = expiring(&trial.facts(), trial.now(), lasts) else { continue };
        trial.vendor.answer(Reply::json(200, &answer));
        let name = format!("in {seconds} s");
        let started = trial.provider.start(&trial.applicant(1)).await;
        let Some(session) = cases.some(name.clone(), started) else { continue };
        let found = session.expires_at.map(|expiry| expiry.at.unix_seconds());
        cases.equal(name, found, Some(trial.now().saturating_add(lasts).unix_seconds()));
    }
}
