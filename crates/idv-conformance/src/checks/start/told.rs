//! The vendor is told the application's reference, and later requests of a start name what the answers to earlier ones gave.

use idv_core::{Operation, StartRequest};

use crate::Received;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::json;
use crate::registration::register;
use crate::stand_in::{Part, Seen};
use crate::trial::Trial;

register! {
    start {
        references_are_sent if TAKES_REFERENCES;
        later_requests_name_what_earlier_ones_gave;
    }
}

const TAKES_REFERENCES: Condition = Condition::new(
    |facts| facts.subject.takes_reference(),
    "the vendor has no place for the application's reference",
);

/// The application's reference reaches the vendor where it has a place for one: each start sends its own.
pub async fn references_are_sent(trial: &Trial<'_>, cases: &mut Cases) {
    for number in [1, 2] {
        let request = trial.applicant(number);
        trial.vendor.answer(trial.success(Operation::Start, number));
        let started = trial.provider.start(&request).await;
        if cases.some(format!("start {number}"), started).is_none() {
            return;
        }
        let sent = trial.vendor.take().iter().any(|received| holds(received, &request.reference));
        cases.that(format!("reference {number}"), sent, || "no request of the start has it".to_owned());
    }
}

/// In a start of several requests, a later one names what the answer to an earlier one gave, as the subject says
/// ([`Step::gives`](crate::Step::gives)); and those after the one that makes the session name that session: by its id or
/// another value that the answer gave for it alone, or by the application's reference.
pub async fn later_requests_name_what_earlier_ones_gave(trial: &Trial<'_>, cases: &mut Cases) {
    let mut steps = 0;
    for number in [1, 2] {
        let request = trial.applicant(number);
        trial.vendor.answer(trial.success(Operation::Start, number));
        trial.vendor.take();
        let started = trial.provider.start(&request).await;
        if cases.some(format!("start {number}"), started).is_none() {
            return;
        }
        let mut seen = trial.vendor.take_seen();
        seen.retain(|seen| seen.part != Part::Shared);
        steps += seen.iter().filter(|seen| seen.part == Part::Step).count();
        for (index, step) in seen.iter().enumerate() {
            let later = seen.get(index + 1..).unwrap_or_default();
            for value in &step.gives {
                let is_named = later.iter().any(|later| holds(&later.request, value));
                cases.that(format!("start {number}: {value}"), is_named, || {
                    format!("no request after the {}. one names it", index + 1)
                });
            }
        }
        session_is_named(trial, cases, number, &request, &seen);
    }
    if steps == 0 {
        cases.not_applicable("a start is one request");
    }
}

/// Every request after the one that makes the session names it.
fn session_is_named(
    trial: &Trial<'_>,
    cases: &mut Cases,
    number: usize,
    request: &StartRequest,
    seen: &[Seen],
) {
    let [own, other] = [number, number + 1].map(|number| trial.subject.started(&Trial::session_id(number)));
    let places = json::differing(&own, &other).into_iter();
    let texts = places.filter_map(|place| own.pointer(&place)?.as_str().map(str::to_owned));
    let names: Vec<String> = texts.chain([request.reference.clone()]).collect();
    let after = seen.iter().enumerate().skip_while(|(_, seen)| seen.part != Part::Own).skip(1);
    for (index, later) in after {
        let is_named = names.iter().any(|name| holds(&later.request, name));
        cases.that(format!("start {number}, request {}", index + 1), is_named, || {
            "it does not name the session that was made before".to_owned()
        });
    }
}

/// Whether any part of a request holds a text.
fn holds(received: &Received, text: &str) -> bool {
    let sent = received.text();
    sent.contains(text) || percent_encoding::percent_decode_str(&sent).decode_utf8_lossy().contains(text)
}
