//! Ambiguous answers: an error beside a word, a duplicate name, a detail that makes no sense.

use idv_core::{Operation, Surface};
use serde_json::{Value, json};

use super::says;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json::{self, Spelling};
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::{Trial, axes};

register! {
    status {
        errors_beside_a_word_are_no_states;
        names_that_stand_twice_are_no_decision;
        unreadable_details_cost_no_state if DESCRIBES_DETAILS;
    }
}

const DESCRIBES_DETAILS: Condition =
    Condition::new(|facts| !facts.subject.detail_places().is_empty(), "the subject describes no details");

/// An error with status 200 is no state, whatever word comes with it.
pub async fn errors_beside_a_word_are_no_states(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let places = trial.id_places(&reference);
    for operation in trial.calls() {
        let said = json!({"error": {"code": "x"}});
        trial.vendor.answer(Reply::json(200, &said));
        let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
        let found = error.as_ref().map(|error| (error.kind().as_str(), error.delivery().as_str()));
        cases.equal(format!("{operation} {said}"), found, Some(("invalid_response", "answered")));
    }
    for (name, answer) in envelopes(trial, &places) {
        trial.vendor.answer(Reply::json(200, &answer));
        match trial.provider.check(&trial.check_of(1, &reference)).await {
            Ok(found) => cases.that(name, places.is_empty() && !found.status.is_decision(), || {
                format!("it was taken for {}", found.status)
            }),
            Err(error) => cases.equal(name, axes(&error), ["invalid_response", "answered", "never"]),
        }
    }
}

/// Errors with a word of the vendor in the place of its state, and with `status`.
fn envelopes(trial: &Trial<'_>, places: &[String]) -> Vec<(String, Value)> {
    let mut envelopes = vec![("rejected".to_owned(), json!({"status": "rejected", "error": "quota"}))];
    // A vendor that names nobody may have no more to say than one word.
    if !places.is_empty() {
        envelopes.push(("failed".to_owned(), json!({"status": "failed", "message": "upstream timeout"})));
    }
    for row in trial.verdict_rows() {
        let whole = trial.state(1, &row.word);
        let bare = places.iter().fold(whole, |answer, place| json::take(&answer, place));
        for error in [json!("quota"), json!({"code": "x"})] {
            let name = format!("{} beside {error}", row.word);
            envelopes.push((name, json::put(&bare, "/error", &error)));
        }
        let word = crate::trial::word(&row);
        envelopes.push((format!("status {}", row.word), json!({"status": word, "error": "quota"})));
    }
    envelopes
}

/// Duplicate names are ambiguous, since readers differ on which one counts: no verdict comes of them, and no answer
/// about two people.
pub async fn names_that_stand_twice_are_no_decision(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for twin in twins(trial, &trial.id_places(&reference)) {
        trial.vendor.answer(Reply::bytes(200, "application/json", twin.body));
        match trial.provider.check(&trial.check_of(1, &reference)).await {
            // Without the second word on which it depends, the vendor's word is one that nobody documents.
            Ok(found) => {
                let unknown = !twin.is_word && !found.status.is_decision();
                cases.that(twin.name, unknown, || format!("it was taken for {}", found.status));
            }
            Err(error) => cases.equal(twin.name, axes(&error), ["invalid_response", "answered", "never"]),
        }
    }
    for operation in [Operation::Find, Operation::Import].into_iter().filter(|other| trial.can(*other)) {
        for twin in twins_of_others(trial, operation) {
            trial.vendor.answer(Reply::bytes(200, "application/json", twin.body));
            let decided = trial.call(&*trial.provider, operation, 1, &reference).await;
            let decided = decided.is_ok_and(|given| given.decides());
            cases.that(twin.name, !decided, || "it was taken for a verdict".to_owned());
        }
    }
}

/// A text with a duplicate name.
pub(in crate::checks) struct Twin {
    pub(in crate::checks) name: String,
    pub(in crate::checks) body: String,
    /// Whether the vendor's word or the id is duplicated, or something around it.
    pub(in crate::checks) is_word: bool,
}

/// Answers to a check with a duplicate state, at any level, or a duplicate id.
fn twins(trial: &Trial<'_>, places: &[String]) -> Vec<Twin> {
    let mut twins = Vec::new();
    for words in trial.opposites(Surface::CheckStatus) {
        twins.extend(doubled(&words, |word| trial.state(1, word)));
    }
    for row in trial.verdict_rows() {
        let answers = [1, 2].map(|number| trial.state(number, &row.word));
        for place in places {
            for (which, [one, other]) in [("right first", [0, 1]), ("right last", [1, 0])] {
                let again = answers[other].pointer(place);
                let again = again.and_then(|id| json::doubled(&answers[one], place, id, Spelling::Same));
                let name = format!("{} {place} {which}", row.word);
                twins.extend(again.map(|body| Twin { name, body, is_word: true }));
            }
        }
    }
    twins
}

/// Every member that differs between two words, duplicated in one text: the first value, then the second.
pub(in crate::checks) fn doubled(words: &[String; 2], says: impl Fn(&str) -> Value) -> Vec<Twin> {
    let [one, other] = words.each_ref().map(|word| says(word));
    let (plain, second) = words[0].split_once(" with ").unwrap_or((&words[0], ""));
    // `z` of `x with y z` may be written like `x`.
    let second = format!("/{}", second.split(' ').next().unwrap_or_default());
    let mut of_word = json::places(&one, plain);
    of_word.retain(|place| second == "/" || !place.ends_with(&second));
    let mut doubled = Vec::new();
    for place in json::differing(&one, &other) {
        let Some(second) = other.pointer(&place) else { continue };
        let is_word = of_word.iter().any(|of_word| of_word.starts_with(&place));
        for (spelling, how) in [(Spelling::Same, ""), (Spelling::Escaped, " escaped")] {
            let name = format!("{} {place}{how}", words.join(", "));
            let body = json::doubled(&one, &place, second, spelling);
            doubled.extend(body.map(|body| Twin { name, body, is_word }));
        }
    }
    doubled
}

fn twins_of_others(trial: &Trial<'_>, operation: Operation) -> Vec<Twin> {
    let whole = trial.success(operation, 1);
    let answer: Value = serde_json::from_slice(&whole.body).unwrap_or_default();
    let words = trial.rows(Surface::CheckStatus).into_iter().map(|row| row.word.to_string());
    let Some(said) = words.into_iter().find(|word| json::holds(&answer, word)) else { return Vec::new() };
    let pairs = trial.opposites(Surface::CheckStatus).into_iter();
    let plain = pairs.filter(|words| words.iter().all(|word| !word.contains(" with ")));
    plain
        .flat_map(|words| doubled(&words, |word| json::replace(&answer, &said, &Value::from(word))))
        .map(|twin| Twin { name: format!("{operation} {}", twin.name), ..twin })
        .collect()
}

/// A detail that cannot be read is omitted, and the state is still reported.
pub async fn unreadable_details_cost_no_state(trial: &Trial<'_>, cases: &mut Cases) {
    let places = trial.subject.detail_places();
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let rows = trial.rows(Surface::CheckStatus);
    for place in &places {
        let told = rows.iter().any(|row| trial.state(1, &row.word).pointer(place).is_some());
        cases.that(*place, told, || "`state` does not tell it".to_owned());
    }
    for row in rows {
        let Some(plain) = cases.some(row.word.to_string(), says(trial, &reference, &row.word).await) else {
            continue;
        };
        let answer = trial.state(1, &row.word);
        // A state may have fewer details than another one.
        for place in places.iter().filter(|place| answer.pointer(place).is_some()) {
            let odd = [Value::Null, json!(7), json!(true), json!([]), json!({}), json!(""), json!("soon")];
            for odd in odd {
                let name = format!("{} {place} {odd}", row.word);
                trial.vendor.answer(Reply::json(200, &json::put(&answer, place, &odd)));
                let found = trial.provider.check(&trial.check_of(1, &reference)).await;
                let Some(found) = cases.some(name.clone(), found) else { continue };
                cases.equal(name, found.status, plain.status);
            }
        }
    }
}
