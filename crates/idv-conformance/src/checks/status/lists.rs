//! Lists: a find gives only records of the reference, all of them, and none by guess.

use std::sync::{Arc, Mutex, PoisonError};

use idv_core::{FindRequest, Result, Surface, Verification};
use serde_json::{Value, json};

use crate::cases::Cases;
use crate::condition::{Condition, FINDS, Facts};
use crate::json;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::Trial;

register! {
    status {
        lists_keep_to_the_reference if FINDS & LISTS & REPEATS_THE_REFERENCE;
        lists_are_read_whole_or_not_at_all if FINDS & LISTS;
        lists_that_go_on_are_not_cut_short if FINDS & GOES_ON;
    }
}

const LISTS: Condition = Condition::new(
    |facts| facts.subject.natural_key().is_none() || List::of(facts).is_some(),
    "the vendor has one verification of a reference, and no list",
);
const REPEATS_THE_REFERENCE: Condition = Condition::new(
    |facts| List::of(facts).is_none_or(|list| !list.places_of_the_reference().is_empty()),
    "the records of the vendor's lists do not repeat the reference",
);
const GOES_ON: Condition = Condition::new(
    |facts| continued(facts, &[&Trial::session_id(1)]).is_some(),
    "the vendor's lists are always whole",
);

/// The vendor's list of one session, and the place of its record.
struct List {
    whole: Value,
    place: String,
    record: Value,
    reference: String,
}

impl List {
    /// `None` where the answer to a find is no list.
    fn of(facts: &Facts<'_>) -> Option<Self> {
        let (reference, session) = (facts.applicant(1).into_input().reference, Trial::session_id(1));
        let whole = facts.subject.found(&reference, &[&session]);
        let place = record_place(&whole, &session)?;
        let record = whole.pointer(&place)?.clone();
        Some(Self { whole, place, record, reference })
    }

    /// The list, or `None` after a complaint.
    fn described(trial: &Trial<'_>, cases: &mut Cases) -> Option<Self> {
        let list = Self::of(&trial.facts());
        cases.that("a list", list.is_some(), || {
            "`found` gives no list with a record that names the session".to_owned()
        });
        list
    }

    fn places_of_the_reference(&self) -> Vec<String> {
        json::places(&self.record, &self.reference)
    }

    /// The list with other records in place of its one.
    fn with(&self, records: &[Value]) -> Value {
        let list = self.place.trim_end_matches("/0");
        // A bare list has no place of its own.
        if list.is_empty() { records.into() } else { json::put(&self.whole, list, &records.into()) }
    }
}

/// The innermost element of a list that names the session.
fn record_place(list: &Value, session: &str) -> Option<String> {
    let named = json::places_of_id(list, session).into_iter().next()?;
    let ends = named.match_indices("/0").map(|(start, found)| start + found.len());
    let places = ends.filter_map(|end| named.get(..end));
    let is_element = |place: &&str| list.pointer(place.trim_end_matches("/0")).is_some_and(Value::is_array);
    places.filter(is_element).last().map(str::to_owned)
}

async fn find(trial: &Trial<'_>, answer: &Value) -> Result<Vec<Verification>> {
    trial.vendor.answer(Reply::json(200, answer));
    trial.provider.find(&FindRequest::new(trial.applicant(1).into_input().reference)).await
}

/// A record without a reference is unusable, because it may be another applicant's, and one of another reference is
/// left out.
pub async fn lists_keep_to_the_reference(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(list) = List::described(trial, cases) else { return };
    let Some(plain) = cases.some("one record", find(trial, &list.whole).await) else { return };
    for place in list.places_of_the_reference() {
        let odd = [Value::Null, json!(""), json!([]), json!({}), json!(true)];
        let odd = odd.into_iter().map(|odd| (odd.to_string(), json::put(&list.record, &place, &odd)));
        let missing = ("missing".to_owned(), json::take(&list.record, &place));
        for (name, record) in odd.chain([missing]) {
            for (where_, records) in beside(&list.record, &record) {
                unusable(cases, format!("{place} {name}{where_}"), find(trial, &list.with(&records)).await);
            }
        }
        let other = json::put(&list.record, &place, &json!("conformance-case-of-another"));
        let others = [
            ("only", vec![other.clone()], 0),
            ("first", vec![other.clone(), list.record.clone()], plain.len()),
            ("last", vec![list.record.clone(), other], plain.len()),
        ];
        for (name, records, wanted) in others {
            let name = format!("{place} of another {name}");
            let Some(found) = cases.some(name.clone(), find(trial, &list.with(&records)).await) else {
                continue;
            };
            cases.equal(name, found.as_slice(), plain.get(..wanted).unwrap_or_default());
        }
    }
}

/// An invalid element, or a record without id or state, makes the list unusable: nothing is skipped silently.
pub async fn lists_are_read_whole_or_not_at_all(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(list) = List::described(trial, cases) else { return };
    let mut spoilt: Vec<(String, Value)> =
        [json!(7), json!("text"), Value::Null, json!(true), json!([]), json!({})]
            .map(|element| (element.to_string(), element))
            .into();
    let session = Trial::session_id(1);
    for place in json::places_of_id(&list.record, &session) {
        spoilt.push((format!("{place} missing"), json::take(&list.record, &place)));
        for odd in [Value::Null, json!(""), json!([]), json!({}), json!(true)] {
            spoilt.push((format!("{place} {odd}"), json::put(&list.record, &place, &odd)));
        }
    }
    let said = trial.rows(Surface::CheckStatus).into_iter().find(|row| json::holds(&list.record, &row.word));
    cases.that("a word", said.is_some(), || "the record of `found` says no word of a row".to_owned());
    if let Some(row) = said {
        spoilt.push(("no state".to_owned(), json::remove(&list.record, &row.word)));
        spoilt.push(("null state".to_owned(), json::replace(&list.record, &row.word, &Value::Null)));
    }
    for (name, element) in spoilt {
        for (where_, elements) in beside(&list.record, &element) {
            unusable(cases, format!("{name}{where_}"), find(trial, &list.with(&elements)).await);
        }
    }
}

/// An element alone, and before and after a valid one.
fn beside(good: &Value, element: &Value) -> [(&'static str, Vec<Value>); 3] {
    [
        ("", vec![element.clone()]),
        (" first", vec![element.clone(), good.clone()]),
        (" last", vec![good.clone(), element.clone()]),
    ]
}

fn unusable(cases: &mut Cases, name: String, outcome: Result<Vec<Verification>>) {
    match outcome {
        Ok(found) => cases.that(name, false, || format!("{} sessions were found", found.len())),
        Err(error) => {
            cases.equal(
                name,
                (error.kind().as_str(), error.delivery().as_str()),
                ("invalid_response", "answered"),
            );
        }
    }
}

/// The vendor's list of these sessions of the first applicant that goes on.
fn continued(facts: &Facts<'_>, sessions: &[&str]) -> Option<Value> {
    facts.subject.continued(&facts.applicant(1).into_input().reference, sessions)
}

/// A list that goes on is read to its end, or refused: half a list would look complete.
pub async fn lists_that_go_on_are_not_cut_short(trial: &Trial<'_>, cases: &mut Cases) {
    let (reference, sessions) = (trial.applicant(1).into_input().reference, [1, 2].map(Trial::session_id));
    let [first, last] = sessions.each_ref().map(String::as_str);
    let lists: [&[&str]; 2] = [&[first], &[]];
    for (name, held) in [("half", lists[0]), ("none yet", lists[1])] {
        let Some(half) = continued(&trial.facts(), held) else { continue };
        let rest = trial.subject.found(&reference, &[last]);
        let answers = Arc::new(Mutex::new(vec![rest, half]));
        trial.vendor.play(move |_| {
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            let answer = if answers.len() > 1 { answers.pop() } else { answers.last().cloned() };
            std::future::ready(Reply::json(200, &answer.unwrap_or_default()))
        });
        match trial.provider.find(&FindRequest::new(reference.clone())).await {
            Ok(found) => cases.equal(format!("{name}: sessions"), found.len(), held.len() + 1),
            Err(error) => cases.equal(name, error.kind().as_str(), "invalid_response"),
        }
    }
}
