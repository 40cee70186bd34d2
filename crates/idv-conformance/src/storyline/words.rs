//! Statuses, actions and errors in words, for explanations.

use idv_core::VerificationStatus;

use super::Failure;

/// The meaning of a status, with its word.
pub(super) fn status(status: VerificationStatus) -> String {
    use VerificationStatus as Status;
    let meaning = match status {
        Status::NotStarted => "the applicant has done nothing yet",
        Status::InProgress => "a session is open, and no submission is reported",
        Status::InReview => "it is submitted, and the vendor decides",
        Status::OnHold => "it is held for manual review",
        Status::ResubmissionRequired => "something has to be corrected",
        Status::Approved => "it is approved",
        Status::Rejected => "it is declined",
        Status::Abandoned => "the applicant left",
        Status::Expired => "the session timed out",
        Status::Cancelled => "it was withdrawn",
        Status::Failed => "the flow broke",
        _ => "the vendor's word is not known",
    };
    format!("{meaning} ({status})")
}

/// The meaning of an action, with its word.
pub(super) fn action(action: Option<&str>) -> String {
    let Some(action) = action else { return "nothing follows".to_owned() };
    let meaning = match action.split(' ').next().unwrap_or(action) {
        "start_session" => "the application starts a session",
        "continue_session" => "the application reopens the link in hand",
        "wait" => "the application asks again later",
        "resume_session" => "the applicant goes on with a fresh link",
        "retry_with_new_session" => "the application may start anew",
        "contact_support" => "a person has to talk to the vendor",
        "check" => "the application has to read the state",
        _ => "nothing is left to do",
    };
    format!("{meaning} ({action})")
}

/// The meaning of an error for the application, with its words.
pub(super) fn failure(failure: &Failure) -> String {
    let meaning = match failure.retry {
        "allowed" => "the call fails and may be repeated",
        "after_check" => "the call fails and must not be repeated before a look",
        "exhausted" => "the call fails, however often it is repeated",
        _ => "the call fails for good",
    };
    format!("{meaning} ({}, retry {}, delivery {})", failure.kind, failure.retry, failure.delivery)
}

/// `a, b and c`.
pub(super) fn list(names: &[&str]) -> String {
    match names {
        [] => "nowhere".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
