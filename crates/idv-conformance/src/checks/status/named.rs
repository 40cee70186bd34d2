//! Ids in answers: a state with another id, or without one, is no state of the applicant in question.

use idv_core::{Operation, Result, SessionRef, Surface, Verification};
use serde_json::{Value, json};

use super::says;
use crate::ask::Given;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::{Trial, axes};

register! {
    status {
        answers_about_nobody_in_particular_are_no_states;
        numbers_are_compared_as_text if NAMES_THE_SESSION;
    }
}

const NAMES_THE_SESSION: Condition = Condition::new(
    |facts| json::holds(&facts.subject.state(DIGITS, &facts.a_word()), DIGITS),
    "the vendor's answers do not name the session by the id of its start",
);

/// An id that is made of digits, and the number that it reads as.
const DIGITS: &str = "7000123";
const NUMBER: u64 = 7_000_123;

/// Values that are no id at all, by name. `None` is a missing one.
fn no_ids() -> [(&'static str, Option<Value>); 6] {
    [
        ("missing", None),
        ("null", Some(Value::Null)),
        ("empty", Some(json!(""))),
        ("list", Some(json!([]))),
        ("object", Some(json!({}))),
        ("flag", Some(json!(true))),
    ]
}

fn changed(answer: &Value, place: &str, id: Option<&Value>) -> Value {
    id.map_or_else(|| json::take(answer, place), |id| json::put(answer, place, id))
}

/// Where the vendor's answers contain an id, another id is a conflict, and a missing one makes the answer unusable:
/// neither gives a state. A caller that expects an id does not get an answer without it either.
pub async fn answers_about_nobody_in_particular_are_no_states(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let may_be_expected = expected_ids(trial, cases, &reference).await;
    let places = trial.id_places(&reference);
    if places.is_empty() && !may_be_expected {
        return cases.not_applicable("the vendor's answers name nobody");
    }
    let mut rows = trial.verdict_rows();
    rows.extend(trial.rows(Surface::CheckStatus).into_iter().take(1));
    for row in rows {
        let answer = trial.state(1, &row.word);
        let others = trial.state(2, &row.word);
        for place in &places {
            let name = |what: &str| format!("{} {place} {what}", row.word);
            let ids = [("another", others.pointer(place).cloned()), ("number", Some(json!(7)))];
            for (what, id) in ids.iter().filter(|(_, id)| id.is_some()) {
                let outcome = answered(trial, &reference, &changed(&answer, place, id.as_ref())).await;
                let axes = outcome.as_ref().err().map(axes);
                cases.equal(name(what), axes, Some(["conflict", "answered", "never"]));
            }
            for (what, id) in no_ids() {
                let outcome = answered(trial, &reference, &changed(&answer, place, id.as_ref())).await;
                let kind = outcome.as_ref().err().map(|error| error.kind().as_str());
                // A flag may be read as its text, which is the id of somebody else.
                let refused =
                    kind == Some("invalid_response") || (what == "flag" && kind == Some("conflict"));
                cases.that(name(what), refused, || format!("found {kind:?}, wanted \"invalid_response\""));
            }
        }
    }
}

/// An id that a caller expects has to be present, under any name of the vendor and whether or not a check asks for it.
/// Returns whether there is one.
async fn expected_ids(trial: &Trial<'_>, cases: &mut Cases, reference: &SessionRef) -> bool {
    let word = trial.a_word();
    let Some(found) = cases.some("check", says(trial, reference, &word).await) else { return false };
    let answer = trial.state(1, &word);
    for (name, id) in found.correlation.iter() {
        let expecting = trial.check_of(1, reference).expect(name, id);
        for place in json::places(&answer, id) {
            for (what, other) in no_ids() {
                trial.vendor.answer(Reply::json(200, &changed(&answer, &place, other.as_ref())));
                let error = trial.provider.check(&expecting).await.err();
                let kind = error.as_ref().map(|error| error.kind().as_str());
                let refused = matches!(kind, Some("conflict" | "invalid_response"));
                cases.that(format!("{name} expected and {what}"), refused, || format!("found {kind:?}"));
            }
        }
    }
    !found.correlation.is_empty()
}

/// An id may be a JSON number where it is made of digits: it is compared as its text.
pub async fn numbers_are_compared_as_text(trial: &Trial<'_>, cases: &mut Cases) {
    trial.vendor.know_sessions(|_| Some(DIGITS.to_owned()));
    trial.vendor.answer(Reply::json(200, &trial.subject.started(DIGITS)));
    let started = trial.provider.start(&trial.applicant(1)).await.ok().map(|session| session.reference);
    let Some(reference) = started.filter(|reference| reference.key() == DIGITS) else {
        return cases.not_applicable("the keys of references are not ids of the vendor that can be digits");
    };
    let word = trial.a_word();
    trial.vendor.shared().under_way().set_state(&word, false);
    let answer = trial.subject.state(DIGITS, &word);
    trial.vendor.answer(Reply::json(200, &answer));
    let checked = trial.call(&*trial.provider, Operation::Check, 1, &reference).await;
    let Some(plain) = cases.some("text", checked) else { return };
    for place in json::places(&answer, DIGITS) {
        let number = answered(trial, &reference, &json::put(&answer, &place, &json!(NUMBER))).await;
        if let Some(found) = cases.some(format!("{place} number"), number) {
            let found = Given::Verifications(vec![found]);
            cases.that(format!("{place} same"), found.digest() == plain.digest(), || {
                "the number gives something else than the text".to_owned()
            });
        }
        let other = answered(trial, &reference, &json::put(&answer, &place, &json!(NUMBER + 1))).await;
        let kind = other.err().map(|error| error.kind().as_str());
        cases.equal(format!("{place} another number"), kind, Some("conflict"));
    }
}

async fn answered(trial: &Trial<'_>, reference: &SessionRef, answer: &Value) -> Result<Verification> {
    trial.vendor.answer(Reply::json(200, answer));
    trial.provider.check(&trial.check_of(1, reference)).await
}
