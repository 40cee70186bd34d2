//! Deadlines: they end a call at whichever of its requests it waits.

use std::time::Duration;

use idv_core::{ErrorKind, Operation, SessionRef, VerificationProvider};

use crate::cases::Cases;
use crate::registration::register;
use crate::reply::Manner;
use crate::requests::each_step;
use crate::stand_in::Part;
use crate::trial::{MOMENT, Trial};

register! {
    time {
        deadlines_end_attempts;
        deadlines_end_every_request;
        requests_share_their_deadline;
        passed_deadlines_send_nothing;
    }
}

/// A time below the default of an attempt, and long enough for a short deadline on a busy machine.
const LONG_BEFORE: Duration = Duration::from_secs(5);

/// A deadline within which every request but a silent one is answered.
const SHORT: Duration = Duration::from_millis(60);

/// A deadline for a call whose answers are late, each after [`LATE`]: one fits into it, and two do not.
const TIGHT: Duration = Duration::from_millis(700);

const LATE: Duration = Duration::from_millis(400);

/// A deadline ends an attempt long before its own time is over.
pub async fn deadlines_end_attempts(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        trial.vendor.answer(trial.success(operation, 1).in_manner(Manner::Silent));
        ends(trial, cases, operation.as_str(), &*trial.provider, (operation, MOMENT), &reference).await;
    }
}

/// The call ends with a timeout, long before the time of an attempt is over.
async fn ends(
    trial: &Trial<'_>,
    cases: &mut Cases,
    name: &str,
    provider: &dyn VerificationProvider,
    (operation, deadline): (Operation, Duration),
    reference: &SessionRef,
) {
    let call = trial.call_within(provider, operation, 1, reference, Some(deadline));
    match tokio::time::timeout(LONG_BEFORE, call).await {
        Ok(outcome) => {
            let kind = outcome.err().map(|error| error.kind());
            cases.equal(name, kind, Some(ErrorKind::Timeout));
        }
        Err(_) => cases.that(name, false, || "it goes on after the deadline".into()),
    }
}

/// A deadline ends an operation of several requests at each of them, the exchange of an access token included.
pub async fn deadlines_end_every_request(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let found = each_step(trial, cases, &reference).await;
    for request in &found {
        let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { continue };
        request.disturb(trial, |reply| reply.in_manner(Manner::Silent));
        ends(trial, cases, &request.name(trial), &*fresh, (request.operation, SHORT), &reference).await;
    }
    if found.is_empty() {
        cases.not_applicable("every operation is one request");
    }
}

/// The requests of an operation share its deadline: none of them begins it anew.
pub async fn requests_share_their_deadline(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let is_step = |part| matches!(part, Part::Step | Part::Own);
    let mut found = each_step(trial, cases, &reference).await;
    found.retain(|request| {
        request.index == 0 && request.all.iter().filter(|seen| is_step(seen.part)).count() > 1
    });
    for request in &found {
        request.disturb(trial, |reply| reply);
        trial.vendor.disturb(move |seen, reply| match is_step(seen.part) {
            true => reply.in_manner(Manner::After(LATE)),
            false => reply,
        });
        let name = format!("{} where {}", request.operation, request.word);
        ends(trial, cases, &name, &*trial.provider, (request.operation, TIGHT), &reference).await;
    }
    if found.is_empty() {
        cases.not_applicable("every operation is one request");
    }
}

/// A deadline that has passed sends nothing, nor does an exchange of tokens for the call.
pub async fn passed_deadlines_send_nothing(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    for operation in trial.calls() {
        let Some(fresh) = cases.built("another instance", trial.build(&trial.options())) else { continue };
        trial.vendor.answer(trial.success(operation, 1));
        let late = Some(Duration::ZERO);
        let error = trial.call_within(&*fresh, operation, 1, &reference, late).await.err();
        let delivery = error.as_ref().map(|error| error.delivery().as_str());
        cases.equal(operation.as_str(), delivery, Some("not_sent"));
        cases.equal(format!("{operation}: requests sent"), trial.vendor.take_seen().len(), 0);
    }
}
