//! Operations of several requests: a failed one ends the operation, and its verdict is that of all that was sent.

use idv_core::SessionRef;

use crate::cases::Cases;
use crate::registration::register;
use crate::reply::{Manner, Reply};
use crate::requests::{Request, answer, each_step};
use crate::stand_in::Part;
use crate::trial::{Trial, axes};

register! {
    errors {
        a_lost_step_ends_the_operation;
        a_refused_step_ends_the_operation;
    }
}

/// An operation of several requests ends where an answer is lost: nothing is sent after it. While only steps before the
/// operation's own request were sent it may be repeated; after that the verdict is that of a lost answer to the operation.
pub async fn a_lost_step_ends_the_operation(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let found = each_step(trial, cases, &reference).await;
    for step in &found {
        let lost = |reply: Reply| reply.in_manner(Manner::Lost);
        let verdict = match (step.part(), step.is_own_sent(true)) {
            (Part::Shared, _) => ["connection", "not_sent", "allowed"],
            (_, true) => ["connection", "unknown", trial.verdicts(step.operation)[3]],
            (_, false) => ["connection", "unknown", "allowed"],
        };
        fails(step, trial, cases, &reference, "", lost, verdict).await;
    }
    if found.is_empty() {
        cases.not_applicable("every operation is one request");
    }
}

/// A step that the vendor answers with a server error ends the operation too: it may be repeated while its own request was not
/// sent, and after that the verdict is that of an operation whose result is unknown. Where a request for many calls is answered
/// like that, such as an exchange of tokens, nothing of the operation was sent.
pub async fn a_refused_step_ends_the_operation(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let found = each_step(trial, cases, &reference).await;
    for step in found.iter().filter(|step| matches!(step.part(), Part::Step | Part::Shared)) {
        for status in [500, 503] {
            let refused = move |_| Reply::bytes(status, "text/plain", "");
            let is_own_sent = step.is_own_sent(false);
            let retry = if is_own_sent { trial.verdicts(step.operation)[3] } else { "allowed" };
            let verdict = match step.part() {
                Part::Shared => ["unavailable", "not_sent", "allowed"],
                _ => ["unavailable", "answered", retry],
            };
            fails(step, trial, cases, &reference, &format!(" {status}"), refused, verdict).await;
        }
    }
    if found.is_empty() {
        cases.not_applicable("every operation is one request");
    }
}

/// Fails the request, and each repetition of it: the operation fails with the verdict, and sends nothing that is due later. It works
/// once the request does.
async fn fails(
    step: &Request,
    trial: &Trial<'_>,
    cases: &mut Cases,
    reference: &SessionRef,
    how: &str,
    failure: impl Fn(Reply) -> Reply + Send + Sync + 'static,
    verdict: [&'static str; 3],
) {
    let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { return };
    let endpoints: Vec<String> = step.all.iter().map(|seen| seen.request.endpoint()).collect();
    let name = format!("{}{how}", step.name(trial));
    step.disturb(trial, failure);
    let error = trial.call(&*fresh, step.operation, 1, reference).await.err();
    cases.equal(&name, error.as_ref().map(axes), Some(verdict));
    let due = endpoints.get(..=step.index).unwrap_or_default();
    let later: Vec<_> = trial.vendor.take_seen();
    let later = later.iter().filter(|seen| !due.contains(&seen.request.endpoint())).count();
    cases.equal(format!("{name}: requests after it"), later, 0);
    trial.vendor.answer(answer(trial, step.operation, &step.word));
    let again = trial.call(&*fresh, step.operation, 1, reference).await;
    cases.that(format!("{name}, again"), again.is_ok(), || format!("failed: {:?}", again.err()));
}
