//! Status mapping: every documented word means what the documentation says, and no other one is a decision.

pub mod doubtful;
pub mod lists;
pub mod named;

use std::collections::BTreeSet;

use idv_core::{
    FindRequest, MappingRow, NextAction, Operation, SessionRef, Surface, Verification, VerificationStatus,
};
use serde_json::{Value, json};

use crate::ask::Given;
use crate::cases::Cases;
use crate::condition::{Condition, FINDS};
use crate::json;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::{Trial, axes, word};

pub(in crate::checks) use doubtful::{Twin, doubled};

register! {
    status {
        the_profile_has_the_documented_words;
        documented_states_mean_what_they_say;
        invented_states_are_unrecognized;
        odd_states_are_no_decision;
        answers_about_somebody_else_are_conflicts;
        other_answers_are_read_alike if FINDS_OR_IMPORTS;
        other_answers_know_the_same_words if FINDS_OR_IMPORTS;
        finds_are_complete if FINDS;
    }
}

const FINDS_OR_IMPORTS: Condition = Condition::new(
    |facts| facts.can(Operation::Find) || facts.can(Operation::Import),
    "the vendor neither lists nor imports",
);

/// Longest word of a vendor that is kept, in bytes.
const WORD_LIMIT: usize = 128;

/// The table in the profile, from which documentation is made, is the documented one.
pub async fn the_profile_has_the_documented_words(trial: &Trial<'_>, cases: &mut Cases) {
    let show = |row: &MappingRow| format!("{} {}: {:?} {:?}", row.surface, row.word, row.status, row.reason);
    let documented: BTreeSet<String> = trial.subject.words().iter().map(show).collect();
    let told: BTreeSet<String> = trial.provider.profile().mapping.iter().map(show).collect();
    cases.that("words", !documented.is_empty(), || "the subject documents no words".to_owned());
    for row in documented.difference(&told) {
        cases.that(row, false, || "is documented, and not in the profile".to_owned());
    }
    for row in told.difference(&documented) {
        cases.that(row, false, || "is in the profile, and not documented".to_owned());
    }
}

/// Every documented state means what the documentation says, in any case of its letters.
pub async fn documented_states_mean_what_they_say(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for row in trial.rows(Surface::CheckStatus) {
        let Some(wanted) = row.status else { continue };
        for word in [row.word.to_string(), row.word.to_lowercase(), row.word.to_uppercase()] {
            let Some(found) = cases.some(word.clone(), says(trial, &reference, &word).await) else {
                continue;
            };
            cases.equal(format!("{word} status"), found.status, wanted);
            cases.equal(
                format!("{word} action"),
                &found.next_action,
                &trial.provider.profile().next_action(wanted),
            );
            // A condition is no part of the vendor's word.
            let raw = self::word(&row);
            cases.that(
                format!("{word} kept"),
                found.provider_status.as_str().eq_ignore_ascii_case(raw),
                || format!("the vendor's own word {raw:?} is given as {:?}", found.provider_status.as_str()),
            );
            let reasons: Vec<_> = found.reasons.iter().map(|reason| reason.reason).collect();
            cases.equal(format!("{word} reason"), reasons, row.reason.into_iter().collect());
            cases.equal(format!("{word} reference"), &found.reference, &reference);
        }
    }
}

/// An undocumented word is kept and never a decision; the vendor is asked again.
pub async fn invented_states_are_unrecognized(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let rows = trial.rows(Surface::CheckStatus);
    let known = |word: &str| rows.iter().any(|row| row.word.eq_ignore_ascii_case(word));
    let mut words: Vec<String> =
        ["CONFORMANCE", "approved", "Verified", "success", "completed", "OK", "true", "1"]
            .map(str::to_owned)
            .into();
    for row in &rows {
        let word = word(row);
        words.extend([
            format!("{word}_2"),
            format!("PRE_{word}"),
            format!("{word} "),
            format!(" {word}"),
            format!("{word}\u{200b}"),
            format!("NOT {word}"),
            word.chars().skip(1).collect(),
        ]);
    }
    for word in words.iter().filter(|word| !word.is_empty() && !known(word)) {
        let Some(found) = cases.some(format!("{word:?}"), says(trial, &reference, word).await) else {
            continue;
        };
        unrecognized(cases, word, &found);
        cases.that(format!("{word:?} action"), matches!(found.next_action, NextAction::Wait { .. }), || {
            format!("the next action is {}", found.next_action.as_str())
        });
    }
    for word in ["line\nbreak\u{1b}[31m", "right\u{202e}to left", &"LONG".repeat(200)] {
        let Some(found) = cases.some(format!("{:?}", shortened(word)), says(trial, &reference, word).await)
        else {
            continue;
        };
        unrecognized(cases, word, &found);
    }
}

/// Shortens a word for the name of a case.
fn shortened(word: &str) -> String {
    word.chars().take(20).collect()
}

fn unrecognized(cases: &mut Cases, word: &str, found: &Verification) {
    let name = shortened(word);
    cases.equal(format!("{name:?} status"), found.status, VerificationStatus::Unrecognized);
    let kept = found.provider_status.as_str();
    let plain = kept.len() <= WORD_LIMIT && !kept.chars().any(|c| c.is_control() || c == '\u{202e}');
    cases.that(format!("{name:?} printable"), plain, || format!("{} bytes, or not printable", kept.len()));
    let short = word.len() <= WORD_LIMIT && word.chars().all(|c| c.is_ascii_graphic() || c == ' ');
    cases.that(format!("{name:?} kept"), !short || kept == word, || format!("the word is given as {kept:?}"));
}

/// A state that is no text, or is missing, is never a decision.
pub async fn odd_states_are_no_decision(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for row in trial
        .rows(Surface::CheckStatus)
        .iter()
        .filter(|row| row.status.is_some_and(VerificationStatus::is_decision))
    {
        let answer = trial.state(1, &row.word);
        let odd = [
            ("null", json::replace(&answer, word(row), &Value::Null)),
            ("number", json::replace(&answer, word(row), &json!(1))),
            ("flag", json::replace(&answer, word(row), &json!(true))),
            ("list", json::replace(&answer, word(row), &json!([word(row)]))),
            ("object", json::replace(&answer, word(row), &json!({"value": word(row)}))),
            ("empty", json::replace(&answer, word(row), &json!(""))),
            ("missing", json::remove(&answer, word(row))),
        ];
        // A vendor that says its states in numbers or flags has nothing odd in one of these.
        for (name, odd) in odd.into_iter().filter(|(_, odd)| *odd != answer) {
            trial.vendor.answer(Reply::json(200, &odd));
            let name = format!("{} {name}", row.word);
            match trial.provider.check(&trial.check_of(1, &reference)).await {
                Ok(found) => cases.equal(name, found.status, VerificationStatus::Unrecognized),
                Err(error) => cases.equal(name, axes(&error), ["invalid_response", "answered", "never"]),
            }
        }
    }
}

/// An answer about another applicant is a conflict, where the caller names the expected one.
pub async fn answers_about_somebody_else_are_conflicts(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some(found) = cases.some("check", says(trial, &reference, &trial.a_word()).await) else { return };
    let session = reference.key();
    let told = json::holds(&trial.state(1, &trial.a_word()), session);
    let kept = found.correlation.iter().any(|(_, id)| id == session);
    cases.that("the session's id", kept || !told, || {
        format!("the vendor tells it, and the correlation is {:?}", found.correlation)
    });
    let ids: Vec<(String, String)> =
        found.correlation.iter().map(|(name, id)| (name.to_owned(), id.to_owned())).collect();
    for (name, id) in ids {
        let right = trial.check_of(1, &reference).expect(&name, &id);
        let right = trial.provider.check(&right).await;
        cases.that(format!("{name} right"), right.is_ok(), || format!("failed: {:?}", right.err()));
        let wrong = trial.check_of(1, &reference).expect(&name, "somebody-else");
        let axes = trial.provider.check(&wrong).await.err().map(|error| axes(&error));
        cases.equal(format!("{name} wrong"), axes, Some(["conflict", "answered", "never"]));
    }
    let unknown = trial.check_of(1, &reference).expect("conformance_id", "x");
    let kind = trial.provider.check(&unknown).await.err().map(|error| error.kind().as_str());
    cases.equal("an id that the vendor does not tell", kind, Some("conflict"));
}

/// The results of find and import are read like those of check.
pub async fn other_answers_are_read_alike(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let others = [Operation::Find, Operation::Import].into_iter().filter(|operation| trial.can(*operation));
    let word = trial.a_word();
    let Some(checked) = cases.some("check", says(trial, &reference, &word).await) else { return };
    for operation in others {
        trial.vendor.answer(trial.success(operation, 1));
        let given = trial.call(&*trial.provider, operation, 1, &reference).await;
        let Some(given) = cases.some(operation.as_str(), given) else { continue };
        let Given::Verifications(found) = given else { continue };
        cases.equal(format!("{operation} finds one"), found.len(), 1);
        for found in found {
            cases.equal(format!("{operation} reference"), &found.reference, &checked.reference);
            cases.that(
                format!("{operation} decides"),
                !found.status.is_decision() || checked.status.is_decision(),
                || found.status.to_string(),
            );
        }
    }
}

/// Find and import know the words that check knows, and an undocumented one is no decision for them either.
pub async fn other_answers_know_the_same_words(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let rows: Vec<MappingRow> =
        trial.rows(Surface::CheckStatus).into_iter().filter(|row| row.word == word(row)).collect();
    let known = rows.iter().map(|row| (row.word.to_string(), row.status));
    let words: Vec<_> =
        known.chain([("CONFORMANCE".to_owned(), Some(VerificationStatus::Unrecognized))]).collect();
    let session = Trial::session_id(1);
    for operation in
        [Operation::Find, Operation::Import].into_iter().filter(|operation| trial.can(*operation))
    {
        let plain = match operation {
            Operation::Find => trial.subject.found(&trial.applicant(1).into_input().reference, &[&session]),
            _ => trial.subject.imported(&session, &trial.a_word()),
        };
        let Some(said) = rows.iter().find(|row| json::holds(&plain, &row.word)) else { continue };
        for (word, wanted) in &words {
            let changed = json::replace(&plain, &said.word, &Value::from(word.clone()));
            trial.vendor.answer(Reply::json(200, &changed));
            let given = trial.call(&*trial.provider, operation, 1, &reference).await;
            let Some(given) = cases.some(format!("{operation} {word}"), given) else { continue };
            let Given::Verifications(found) = given else { continue };
            let found: Vec<_> = found.iter().map(|found| Some(found.status)).collect();
            cases.equal(format!("{operation} {word} status"), found, vec![*wanted]);
        }
    }
}

/// A find gives all sessions of a reference, and none where there is none: that is no failure.
pub async fn finds_are_complete(trial: &Trial<'_>, cases: &mut Cases) {
    let sessions = [1, 2].map(Trial::session_id);
    let applicant = trial.applicant(1).into_input().reference;
    let mut wanted = Vec::new();
    for number in [1, 2] {
        let Some(begun) = cases.some(format!("start {number}"), trial.begun(number).await) else { return };
        wanted.push(begun);
    }
    let all: Vec<&str> = sessions.iter().map(String::as_str).collect();
    // A vendor that knows the reference itself has one verification of it.
    let most = if trial.subject.natural_key().is_some() { 1 } else { all.len() };
    for count in 0..=most {
        let some = all.get(..count).unwrap_or_default();
        let nothing = trial.subject.found_nothing().filter(|_| count == 0);
        let found = || Reply::json(200, &trial.subject.found(&applicant, some));
        trial.vendor.answer(nothing.unwrap_or_else(found));
        let found = trial.provider.find(&FindRequest::new(applicant.clone())).await;
        let Some(found) = cases.some(format!("find of {count}"), found) else { continue };
        let found: Vec<_> = found.iter().map(|found| &found.reference).collect();
        cases.equal(format!("{count} sessions"), found, wanted.iter().take(count).collect());
    }
}

async fn says(trial: &Trial<'_>, reference: &SessionRef, word: &str) -> idv_core::Result<Verification> {
    trial.vendor.answer(Reply::json(200, &trial.state(1, word)));
    trial.provider.check(&trial.check_of(1, reference)).await
}
