//! Operations of several requests: a lost answer ends the operation, and its verdict is that of all that was sent.

use std::sync::atomic::{AtomicUsize, Ordering};

use idv_core::{Operation, SessionRef};

use crate::cases::Cases;
use crate::reply::Manner;
use crate::trial::{Trial, axes};

/// An operation of several requests ends where an answer is lost: nothing is sent after it. While only steps before the
/// operation's own request were sent it may be repeated; after that the verdict is that of a lost answer to the operation.
pub async fn a_lost_step_ends_the_operation(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let mut has_steps = trial.subject.step_reply().is_some();
    for operation in trial.calls() {
        let are_own = requests_of(trial, operation, &reference).await;
        // Undeclared requests are the subject of other checks.
        let declared = if are_own.contains(&false) { are_own.len() } else { 0 };
        has_steps |= declared > 0;
        for lost in 0..declared {
            let name = format!("{operation}, request {} of {declared}", lost + 1);
            lose(trial, operation, lost);
            let error = trial.call(&*trial.provider, operation, 1, &reference).await.err();
            let is_own_sent = are_own[..=lost].contains(&true);
            let wanted = if is_own_sent { trial.verdicts(operation)[3] } else { "allowed" };
            cases.equal(&name, error.as_ref().map(axes), Some(["connection", "unknown", wanted]));
            cases.equal(format!("{name}: requests"), trial.vendor.take().len(), lost + 1);
        }
        if trial.subject.step_reply().is_some() {
            lose_what_belongs_to_none(trial, cases, operation, &reference).await;
        }
    }
    if !has_steps {
        cases.not_applicable("every operation is one request");
    }
}

/// The requests that an operation makes at a vendor without faults: whether each is the operation's own.
async fn requests_of(trial: &Trial<'_>, operation: Operation, reference: &SessionRef) -> Vec<bool> {
    trial.vendor.answer(trial.success(operation, 1));
    // What goes wrong here is the subject of other checks.
    let _ = trial.call(&*trial.provider, operation, 1, reference).await;
    let is_own = |request| !trial.subject.is_step(operation, request);
    trial.vendor.take().iter().map(is_own).collect()
}

/// Loses the answer to one request from now on, and gives all others.
fn lose(trial: &Trial<'_>, operation: Operation, lost: usize) {
    let (success, received) = (trial.success(operation, 1), AtomicUsize::new(0));
    trial.vendor.play(move |_| {
        let is_lost = received.fetch_add(1, Ordering::SeqCst) == lost;
        let manner = if is_lost { Manner::Lost } else { Manner::Whole };
        std::future::ready(success.clone().in_manner(manner))
    });
}

/// A request that belongs to no operation, such as an exchange of tokens, fails: the operation itself is not sent, and works once
/// the request does.
async fn lose_what_belongs_to_none(
    trial: &Trial<'_>,
    cases: &mut Cases,
    operation: Operation,
    reference: &SessionRef,
) {
    let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { return };
    trial.vendor.answer(trial.success(operation, 1));
    trial.vendor.lose_steps(true);
    let error = trial.call(&*fresh, operation, 1, reference).await.err();
    trial.vendor.lose_steps(false);
    let name = format!("{operation}, a step of no operation");
    cases.equal(&name, error.as_ref().map(axes), Some(["connection", "not_sent", "allowed"]));
    cases.equal(format!("{name}: requests"), trial.vendor.take().len(), 0);
    let again = trial.call(&*fresh, operation, 1, reference).await;
    cases.that(format!("{name}, again"), again.is_ok(), || format!("failed: {:?}", again.err()));
    trial.vendor.take();
}
