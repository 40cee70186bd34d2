//! Sumsub's words mapped to ours, and its exceptions to the shared error table.

use idv_core::{SubjectKind, VendorWord, VerificationStatus as Status, lookup_ignore_case};
use idv_http::ErrorRules;

/// `reviewStatus` alone (docs.sumsub.com, "Applicant statuses"). `completed` is not here: it is a verdict only together with an
/// answer. `onHold` is on hold whatever answer stands beside it.
const STATUSES: &[(&str, Status)] = &[
    ("init", Status::InProgress),
    ("awaitingUser", Status::InProgress),
    ("pending", Status::InReview),
    ("prechecked", Status::InReview),
    ("queued", Status::InReview),
    ("awaitingService", Status::InReview),
    ("onHold", Status::OnHold),
];

/// `reviewAnswer` and `reviewRejectType` of a completed review (docs.sumsub.com, "Receive verification results"). A RED without a
/// type is no verdict.
const ANSWERS: &[(&str, Option<&str>, Status)] = &[
    ("GREEN", None, Status::Approved),
    ("RED", Some("RETRY"), Status::ResubmissionRequired),
    ("RED", Some("FINAL"), Status::Rejected),
];

/// The rows of the profile: the word, and the words that stand beside it.
pub(crate) fn rows() -> Vec<(String, Status)> {
    let alone = STATUSES.iter().map(|(word, status)| ((*word).to_owned(), *status));
    let answered = ANSWERS.iter().map(|(answer, kind, status)| match kind {
        None => (format!("completed with reviewAnswer {answer}"), *status),
        Some(kind) => (format!("completed with reviewAnswer {answer}, reviewRejectType {kind}"), *status),
    });
    alone.chain(answered).collect()
}

/// `type` of an applicant.
const SUBJECTS: &[(&str, SubjectKind)] =
    &[("individual", SubjectKind::Person), ("company", SubjectKind::Business)];

/// The shared table fits. `correlationId` is the id of the request (docs.sumsub.com, "Error codes").
pub(crate) const ERROR_RULES: ErrorRules = ErrorRules::new().with_codes(&["/errorName"]);

/// A review, as an answer or a webhook tells it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Review<'a> {
    pub(crate) status: &'a str,
    pub(crate) answer: Option<&'a str>,
    pub(crate) reject_type: Option<&'a str>,
}

impl Review<'_> {
    /// The status, and the vendor's own word for it.
    pub(crate) fn read(&self) -> (Status, VendorWord) {
        if !self.is_completed() {
            let (status, word) = VendorWord::lookup_ignore_case(STATUSES, self.status);
            return (status.unwrap_or(Status::Unrecognized), word);
        }
        let is_same =
            |known: &str, given: Option<&str>| given.is_some_and(|given| known.eq_ignore_ascii_case(given));
        let found = ANSWERS.iter().find(|(answer, kind, _)| {
            is_same(answer, self.answer) && kind.is_none_or(|kind| is_same(kind, self.reject_type))
        });
        (found.map_or(Status::Unrecognized, |(.., status)| *status), VendorWord::new(self.status))
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.status.eq_ignore_ascii_case("completed")
    }
}

/// Reads the type of an applicant.
pub(crate) fn subject(word: &str) -> Option<SubjectKind> {
    lookup_ignore_case(SUBJECTS, word)
}

/// The beginning of each key: the rest is the caller's reference.
pub(crate) const KEY: &str = "id:";

/// The key of a caller's reference.
pub(crate) fn key(reference: &str) -> String {
    format!("{KEY}{reference}")
}

/// The caller's reference behind a key.
pub(crate) fn external_id(key: &str) -> Option<&str> {
    key.strip_prefix(KEY).filter(|id| !id.is_empty())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(status: &str, answer: Option<&str>, reject_type: Option<&str>) -> Status {
        Review { status, answer, reject_type }.read().0
    }

    #[test]
    fn only_a_completed_review_with_an_answer_is_a_verdict() {
        assert_eq!(read("completed", Some("GREEN"), None), Status::Approved);
        assert_eq!(read("completed", Some("RED"), Some("FINAL")), Status::Rejected);
        assert_eq!(read("completed", Some("RED"), Some("RETRY")), Status::ResubmissionRequired);
        for (answer, kind) in [
            (None, None),
            (Some("RED"), None),
            (Some("RED"), Some("external")),
            (Some("YELLOW"), None),
            (None, Some("FINAL")),
        ] {
            assert_eq!(read("completed", answer, kind), Status::Unrecognized, "{answer:?} {kind:?}");
        }
        // A stale answer stands beside other states.
        for (status, expected) in
            [("init", Status::InProgress), ("onHold", Status::OnHold), ("pending", Status::InReview)]
        {
            for answer in ["GREEN", "RED"] {
                assert_eq!(read(status, Some(answer), Some("FINAL")), expected, "{status} {answer}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_word_is_a_decision_unless_the_table_says_so(
            status in "\\PC*|completed|onHold|init", answer in proptest::option::of("\\PC*|GREEN|RED"),
            kind in proptest::option::of("\\PC*|FINAL|RETRY"),
        ) {
            let found = read(&status, answer.as_deref(), kind.as_deref());
            let green = answer.as_deref().is_some_and(|answer| answer.eq_ignore_ascii_case("GREEN"));
            let is_final = answer.as_deref().is_some_and(|answer| answer.eq_ignore_ascii_case("RED"))
                && kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("FINAL"));
            let completed = status.eq_ignore_ascii_case("completed");
            prop_assert_eq!(found.is_decision(), completed && (green || is_final));
        }
    }
}
