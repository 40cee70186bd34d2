//! What becomes of an applicant, and what the application must hear of it.

use idv::VerificationStatus as Status;
use idv_sandbox::Act;

use crate::dice::Dice;
use crate::flow::Flow;

/// One step of a story.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Something happens at the vendor, and this is what a check says afterwards.
    Act(Act, Status),
    /// The application asks for another link.
    Refresh,
    /// The applicant goes on over the link of the start, where the vendor gives no other.
    Reopen,
    /// The application withdraws the session.
    Cancel,
}

/// Draws a story that can happen at a vendor.
pub(crate) fn story(flow: Flow, dice: &mut Dice) -> Vec<Step> {
    let all = match flow {
        Flow::Primary | Flow::Europe => at_nxos(),
        Flow::Cards | Flow::Signup => at_baanx(),
        Flow::Sessions => at_the_session_api(),
        Flow::Direct => at_sumsub(),
        Flow::Veriff => at_veriff(),
        Flow::Stripe => at_stripe(),
        Flow::Persona => at_persona(),
        Flow::Didit => at_didit(),
        Flow::Idenfy => at_idenfy(),
        Flow::Shufti => at_shufti(),
        Flow::Onfido => at_onfido(),
    };
    dice.pick(&all)
}

const REJECT: Act = Act::Reject { reason: None };

fn at_nxos() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InProgress);
    let left = Step::Act(Act::Leave, Status::InProgress);
    let held = Step::Act(Act::Hold, Status::OnHold);
    let asked = Step::Act(Act::RequireResubmission, Status::ResubmissionRequired);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), held.clone(), approved()],
        vec![submitted.clone(), held, rejected()],
        vec![left.clone()],
        vec![left, Step::Refresh, submitted.clone()],
        vec![submitted, asked, Step::Refresh, approved()],
    ]
}

fn at_baanx() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::NotStarted);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone()],
        vec![left.clone()],
        vec![left, Step::Refresh, submitted, approved()],
    ]
}

fn at_the_session_api() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::InProgress);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone()],
        vec![left.clone()],
        vec![left, submitted, approved()],
        vec![Step::Act(Act::Expire, Status::Expired)],
        vec![Step::Act(Act::Void, Status::Cancelled)],
    ]
}

fn at_sumsub() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::InProgress);
    let held = Step::Act(Act::Hold, Status::OnHold);
    let asked = Step::Act(Act::RequireResubmission, Status::ResubmissionRequired);
    let lapsed = Step::Act(Act::Lapse, Status::ResubmissionRequired);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), held, approved()],
        vec![left.clone(), Step::Refresh, submitted.clone()],
        vec![submitted.clone(), asked, Step::Refresh, submitted.clone(), approved()],
        vec![submitted.clone(), approved(), lapsed, Step::Refresh, submitted],
        vec![left, Step::Cancel],
        vec![Step::Act(Act::Void, Status::Cancelled)],
    ]
}

fn at_veriff() -> Vec<Vec<Step>> {
    let opened = Step::Act(Act::Open, Status::InProgress);
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let held = Step::Act(Act::Hold, Status::InReview);
    let asked = Step::Act(Act::RequireResubmission, Status::ResubmissionRequired);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), held, approved()],
        vec![submitted.clone(), asked.clone(), Step::Reopen, opened.clone(), submitted.clone(), approved()],
        vec![submitted.clone(), asked, Step::Reopen, submitted.clone()],
        vec![opened.clone(), Step::Reopen, submitted],
        vec![Step::Act(Act::Expire, Status::Expired)],
        vec![opened, Step::Act(Act::Expire, Status::Abandoned)],
    ]
}

fn at_stripe() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::Abandoned);
    let asked = Step::Act(Act::RequireResubmission, Status::ResubmissionRequired);
    // Stripe declines nobody: a failed check is one more to be made.
    let failed = Step::Act(REJECT, Status::ResubmissionRequired);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), failed, Step::Refresh, submitted.clone(), approved()],
        vec![submitted.clone(), asked, Step::Refresh, submitted.clone()],
        vec![left.clone(), Step::Refresh, submitted.clone(), approved()],
        vec![left, Step::Cancel],
        vec![submitted],
        vec![Step::Act(Act::Void, Status::Cancelled)],
    ]
}

fn at_persona() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::InProgress);
    let held = Step::Act(Act::Hold, Status::OnHold);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), held, approved(), rejected()],
        vec![left, Step::Refresh, submitted],
        vec![Step::Act(Act::Expire, Status::Expired)],
    ]
}

fn at_didit() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::OnHold);
    let left = Step::Act(Act::Leave, Status::Abandoned);
    let asked = Step::Act(Act::RequireResubmission, Status::ResubmissionRequired);
    vec![
        vec![submitted.clone(), approved(), Step::Act(Act::Lapse, Status::Expired)],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), asked.clone(), Step::Refresh, submitted.clone(), approved()],
        vec![left, asked, Step::Refresh, submitted],
        vec![Step::Act(Act::Expire, Status::Expired)],
    ]
}

fn at_idenfy() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let left = Step::Act(Act::Leave, Status::InProgress);
    let suspected = Step::Act(Act::Hold, Status::OnHold);
    vec![
        vec![submitted.clone(), approved()],
        vec![submitted.clone(), rejected()],
        vec![submitted.clone(), suspected, approved(), Step::Act(Act::Void, Status::Cancelled)],
        vec![left, Step::Reopen, submitted],
        vec![Step::Act(Act::Expire, Status::Expired)],
    ]
}

fn at_shufti() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let held = Step::Act(Act::Hold, Status::InReview);
    vec![
        vec![submitted.clone(), approved(), rejected()],
        vec![submitted.clone(), rejected()],
        vec![submitted, held, approved()],
        vec![Step::Act(Act::Open, Status::InProgress), Step::Reopen],
        vec![Step::Act(Act::Leave, Status::Abandoned)],
        vec![Step::Act(Act::Expire, Status::Expired)],
    ]
}

fn at_onfido() -> Vec<Vec<Step>> {
    let submitted = Step::Act(Act::Submit, Status::InReview);
    let held = Step::Act(Act::Hold, Status::OnHold);
    vec![
        vec![submitted.clone(), approved()],
        vec![Step::Refresh, submitted.clone(), rejected()],
        vec![submitted.clone(), held.clone(), approved()],
        vec![submitted.clone(), held, rejected()],
        vec![Step::Act(Act::Expire, Status::Abandoned)],
        vec![submitted],
    ]
}

fn approved() -> Step {
    Step::Act(Act::Approve, Status::Approved)
}

fn rejected() -> Step {
    Step::Act(REJECT, Status::Rejected)
}
