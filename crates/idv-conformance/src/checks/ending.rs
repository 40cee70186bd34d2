//! Cancellations and erasures: both may be repeated, with the same final state.

use idv_core::{Operation, VerificationStatus};

use crate::ask::Given;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::registration::register;
use crate::trial::Trial;

register! {
    ending {
        cancelled_sessions_are_cancelled if CANCELS;
        cancellations_may_be_repeated if CANCELS & ANSWERS_A_SECOND_CANCELLATION;
        erasures_say_how_far_they_have_come if ERASES;
    }
}

const CANCELS: Condition =
    Condition::new(|facts| facts.can(Operation::Cancel), "the vendor cancels no session");
const ANSWERS_A_SECOND_CANCELLATION: Condition = Condition::new(
    |facts| facts.subject.cancelled_before(&Trial::session_id(1)).is_some(),
    "the vendor documents no answer to a second cancellation",
);
const ERASES: Condition =
    Condition::new(|facts| facts.can(Operation::Erase), "the vendor erases no applicant");

/// A cancelled session is reported as cancelled, by the same reference.
pub async fn cancelled_sessions_are_cancelled(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    trial.vendor.answer(trial.success(Operation::Cancel, 1));
    let cancelled = trial.provider.cancel(&trial.cancel_of(1, &reference)).await;
    let Some(cancelled) = cases.some("cancel", cancelled) else { return };
    cases.equal("status", cancelled.status, VerificationStatus::Cancelled);
    cases.equal("reference", &cancelled.reference, &reference);
}

/// A session that is cancelled already is a success: the answer of the first cancellation may have been lost.
pub async fn cancellations_may_be_repeated(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let Some(before) = trial.subject.cancelled_before(&Trial::session_id(1)) else { return };
    trial.vendor.answer(before);
    trial.vendor.shared().under_way().set_state(&trial.a_word(), true);
    let again = trial.provider.cancel(&trial.cancel_of(1, &reference)).await;
    let Some(again) = cases.some("cancel again", again) else { return };
    cases.equal("status", again.status, VerificationStatus::Cancelled);
    cases.equal("reference", &again.reference, &reference);
}

/// Every documented answer to an erasure gives its progress: under way, done, or the applicant is unknown.
pub async fn erasures_say_how_far_they_have_come(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let answers = trial.subject.erased(&Trial::session_id(1));
    cases.that("documented answers", !answers.is_empty(), || {
        "the capabilities promise erasures, and `Subject::erased` has no answer".to_owned()
    });
    for (reply, state) in answers {
        trial.vendor.answer(reply);
        let given = trial.call(&*trial.provider, Operation::Erase, 1, &reference).await;
        let Some(Given::Erasure(erasure)) = cases.some(state.as_str(), given) else { continue };
        cases.equal(format!("{state} state"), erasure.state, state);
        cases.equal(format!("{state} reference"), &erasure.reference, &reference);
    }
}
