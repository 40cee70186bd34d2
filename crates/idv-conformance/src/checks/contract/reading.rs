//! Tolerant reading: members that the adapter does not need do not spoil an answer.

use serde_json::Value;

use crate::cases::Cases;
use crate::json;
use crate::registration::register;
use crate::reply::Reply;
use crate::trial::Trial;

register! {
    contract {
        byte_order_marks_are_skipped;
        unread_members_spoil_nothing;
    }
}

/// A byte-order mark before an answer is skipped.
pub async fn byte_order_marks_are_skipped(trial: &Trial<'_>, cases: &mut Cases) {
    same_answers(trial, cases, |answer| {
        vec![("mark".to_owned(), ["\u{feff}".as_bytes(), answer.to_string().as_bytes()].concat())]
    })
    .await;
}

/// An unknown member may hold anything that is JSON: half a surrogate, a number of any size, lists of any depth.
pub async fn unread_members_spoil_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    same_answers(trial, cases, |answer| {
        let unreadable = json::unreadable();
        unreadable.map(|(name, text)| (name.to_owned(), json::beside(answer, &text).into_bytes())).into()
    })
    .await;
}

/// Every operation gives the same result with the variants of an answer as with the plain one.
async fn same_answers(trial: &Trial<'_>, cases: &mut Cases, made: impl Fn(&Value) -> Vec<(String, Vec<u8>)>) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let plain = trial.success(operation, 1);
        // A vendor that answers with nothing has no document to vary.
        if plain.body.is_empty() {
            continue;
        }
        let answer: Value = serde_json::from_slice(&plain.body).unwrap_or_default();
        trial.vendor.answer(plain);
        let given = trial.call(&*trial.provider, operation, 1, &reference).await;
        let Some(wanted) = cases.some(operation.as_str(), given) else { continue };
        for (name, body) in made(&answer) {
            trial.vendor.answer(Reply::bytes(200, "application/json", body));
            let given = trial.call(&*trial.provider, operation, 1, &reference).await;
            let name = format!("{operation} {name}");
            let Some(given) = cases.some(name.clone(), given) else { continue };

            cases.that(name, given.digest() == wanted.digest(), || "it gives something else".to_owned());
        }
    }
}
