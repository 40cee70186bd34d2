//! Veriff's words mapped to ours.
//!
//! A state is read by its word and never by its number: two of Veriff's pages contradict each other about the numbers of
//! `abandoned` and `review` (devdocs.veriff.com, "Verification session status codes" and "GET /v1/sessions/{id}/decision").

use idv_core::{
    ReportedReason, VERIFF_REASONS, VendorWord, VerificationReason, VerificationStatus as Status,
};
use idv_http::ErrorRules;

/// States of a session (devdocs.veriff.com, "Verification session status codes"). `inflow_completed` stands in the list of
/// "DELETE /v1/sessions/{id}" only.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    ("created", Status::NotStarted),
    ("started", Status::InProgress),
    ("submitted", Status::InReview),
    ("review", Status::InReview),
    ("inflow_completed", Status::InReview),
    ("resubmission_requested", Status::ResubmissionRequired),
    ("approved", Status::Approved),
    ("declined", Status::Rejected),
    ("expired", Status::Expired),
    ("abandoned", Status::Abandoned),
];

/// The actions of event webhooks (devdocs.veriff.com, "Event webhook").
pub(crate) const ACTIONS: &[(&str, Status)] =
    &[("started", Status::InProgress), ("submitted", Status::InReview)];

/// The shared table fits: a refused key (1815) or signature (1818) is a 401 (devdocs.veriff.com, "Troubleshooting codes").
pub(crate) const ERROR_RULES: ErrorRules = ErrorRules::new();

/// Reads a state.
pub(crate) fn status(word: &str) -> (Status, VendorWord) {
    let (status, word) = VendorWord::lookup_ignore_case(STATUSES, word);
    (status.unwrap_or(Status::Unrecognized), word)
}

/// Reads a reason code, which is a number in some answers and a text in others.
pub(crate) fn reason(code: &str) -> ReportedReason {
    let (reason, code) = VendorWord::lookup_ignore_case(VERIFF_REASONS, code);
    ReportedReason::new(reason.unwrap_or(VerificationReason::Other), Some(code))
}

/// Whether a text has the form of a session id: a UUID.
pub(crate) fn is_session(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_word_is_a_decision_unless_the_table_says_so(word in "\\PC*|(?i)(approved|declined|9001|9102).?") {
            let (status, kept) = super::status(&word);
            prop_assert_eq!(&kept, &VendorWord::new(&word));
            let listed = STATUSES.iter().any(|(known, _)| known.eq_ignore_ascii_case(&word));
            prop_assert_eq!(status == Status::Unrecognized, !listed);
        }

        #[test]
        fn a_session_id_is_a_uuid_and_nothing_else(id in "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", more in "\\PC{1,3}") {
            prop_assert!(is_session(&id));
            for other in [format!("{id}{more}"), format!("{more}{id}"), id.replace('-', "")] {
                prop_assert!(!is_session(&other));
            }
        }
    }

    #[test]
    fn numbers_are_no_states() {
        for code in ["9001", "9102", "9103", "9104", "9121", "7001"] {
            assert_eq!(status(code).0, Status::Unrecognized, "{code}");
        }
    }
}
