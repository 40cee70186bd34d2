//! Stripe's words mapped to ours, and its exceptions to the shared error table.

use idv_core::{
    ErrorKind, MappingRow, ReportedReason, Surface, VendorWord, VerificationReason as Reason,
    VerificationStatus as Status,
};
use idv_http::{ErrorRules, Override, Verdict};

/// `status` of a session (docs.stripe.com, "How sessions work"). `requires_input` without an error is a session that was not
/// finished, and the vendor does not say whether it was opened. There is no word for a refusal: that is a decision of the
/// application.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    (REQUIRES_INPUT, Status::InProgress),
    ("processing", Status::InReview),
    ("verified", Status::Approved),
    ("canceled", Status::Cancelled),
];

const REQUIRES_INPUT: &str = "requires_input";
const ABANDONED: &str = "abandoned";

/// `last_error.code` (docs.stripe.com, the VerificationSession object, and "Create a VerificationSession" for
/// `document_type_not_allowed`).
pub(crate) const REASONS: &[(&str, Reason)] = &[
    (ABANDONED, Reason::ApplicantCancelled),
    ("consent_declined", Reason::ApplicantCancelled),
    ("country_not_supported", Reason::DocumentUnsupported),
    ("device_not_supported", Reason::Other),
    ("document_expired", Reason::DocumentExpired),
    ("document_type_not_allowed", Reason::DocumentUnsupported),
    ("document_type_not_supported", Reason::DocumentUnsupported),
    ("document_unverified_other", Reason::Unspecified),
    ("email_unverified_other", Reason::Unspecified),
    ("email_verification_declined", Reason::ApplicantCancelled),
    ("id_number_insufficient_document_data", Reason::DocumentUnsupported),
    ("id_number_mismatch", Reason::DataMismatch),
    ("id_number_unverified_other", Reason::Unspecified),
    ("phone_unverified_other", Reason::Unspecified),
    ("phone_verification_declined", Reason::ApplicantCancelled),
    ("selfie_document_missing_photo", Reason::DocumentUnsupported),
    ("selfie_face_mismatch", Reason::FaceMismatch),
    ("selfie_manipulated", Reason::LivenessFailed),
    ("selfie_unverified_other", Reason::Unspecified),
    ("under_supported_age", Reason::Underage),
];

/// A restricted key without the permission and an account without the product are both a 403 (docs.stripe.com, "Errors").
const NOT_PERMITTED: &str = "the vendor does not allow this with the key: a restricted key needs the permission \"Identity \
                             Verification Sessions and Reports\" (and for `sensitive_results` \"Access recent sensitive verification \
                             results\"), and the account needs Identity to be activated";

/// Where Stripe differs from the shared table (docs.stripe.com, "Errors", "Idempotent requests"). An error without a code has a type.
/// `Stripe-Should-Retry` is the vendor's own word on a repetition.
pub(crate) const ERROR_RULES: ErrorRules = ErrorRules::new()
    .with_codes(&["/error/type"])
    .with_retry_header("stripe-should-retry")
    .with_overrides(&[
        Override::new(400, Verdict::Final(ErrorKind::Conflict))
            .with_code("idempotency_error")
            .with_message("the idempotency key was used for a start with other inputs"),
        Override::new(403, Verdict::Final(ErrorKind::Forbidden)).with_message(NOT_PERMITTED),
        Override::new(409, Verdict::Repeatable(ErrorKind::Conflict)).with_code("idempotency_key_in_use"),
        Override::new(424, Verdict::Repeatable(ErrorKind::Unavailable)),
    ]);

/// The error of a session that was submitted or left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastError<'a> {
    pub(crate) code: Option<&'a str>,
}

/// The status, the vendor's word for it, and the reason. An error counts only beside `requires_input`: in other states it is one
/// of an earlier try.
pub(crate) fn read(status: &str, error: Option<LastError<'_>>) -> (Status, VendorWord, Vec<ReportedReason>) {
    let (known, word) = VendorWord::lookup_ignore_case(STATUSES, status);
    let known = known.unwrap_or(Status::Unrecognized);
    let Some(error) = error.filter(|_| status.eq_ignore_ascii_case(REQUIRES_INPUT)) else {
        return (known, word, Vec::new());
    };
    let is_abandoned = error.code.is_some_and(|code| code.eq_ignore_ascii_case(ABANDONED));
    let status = if is_abandoned { Status::Abandoned } else { Status::ResubmissionRequired };
    (status, word, error.code.map(reason).into_iter().collect())
}

fn reason(code: &str) -> ReportedReason {
    let (reason, code) = VendorWord::lookup_ignore_case(REASONS, code);
    ReportedReason::new(reason.unwrap_or(Reason::Other), Some(code))
}

/// The rows of the profile for a surface with states, and for the surface with their reasons.
pub(crate) fn rows(states: Surface, reasons: Surface) -> Vec<MappingRow> {
    let alone = STATUSES.iter().map(|(word, status)| MappingRow::status(states, *word, *status));
    let mut abandoned =
        MappingRow::status(states, "requires_input with last_error abandoned", Status::Abandoned);
    abandoned.reason = Some(Reason::ApplicantCancelled);
    let failed = MappingRow::status(
        states,
        "requires_input with last_error of another code",
        Status::ResubmissionRequired,
    );
    let codes = REASONS.iter().map(|(code, reason)| MappingRow::reason(reasons, *code, *reason));
    alone.chain([abandoned, failed]).chain(codes).collect()
}

/// The beginning of each key.
pub(crate) const KEY: &str = "vs_";

/// Whether a text has the form of a session id: `vs_` and letters, digits, `_` or `-`, at most 255 in all.
pub(crate) fn is_session(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    id.len() <= 255 && id.strip_prefix(KEY).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn status(word: &str, error: Option<Option<&str>>) -> (Status, Vec<Reason>) {
        let (status, _, reasons) = read(word, error.map(|code| LastError { code }));
        (status, reasons.iter().map(|reported| reported.reason).collect())
    }

    #[test]
    fn only_an_error_tells_a_new_session_from_a_failed_one() {
        assert_eq!(status("requires_input", None), (Status::InProgress, Vec::new()));
        let failed = |code| status("requires_input", Some(code));
        assert_eq!(
            failed(Some("document_expired")),
            (Status::ResubmissionRequired, vec![Reason::DocumentExpired])
        );
        assert_eq!(failed(Some("abandoned")), (Status::Abandoned, vec![Reason::ApplicantCancelled]));
        assert_eq!(failed(Some("of_tomorrow")), (Status::ResubmissionRequired, vec![Reason::Other]));
        assert_eq!(failed(None), (Status::ResubmissionRequired, Vec::new()));
    }

    #[test]
    fn an_error_of_an_earlier_try_is_no_reason() {
        for (word, expected) in [
            ("verified", Status::Approved),
            ("processing", Status::InReview),
            ("canceled", Status::Cancelled),
        ] {
            assert_eq!(status(word, Some(Some("document_expired"))), (expected, Vec::new()), "{word}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_a_decision_unless_the_table_says_so(
            word in "\\PC*|(?i)(verified|requires_input|canceled).?", code in proptest::option::of("\\PC*|abandoned"),
        ) {
            let (found, kept, _) = read(&word, code.as_deref().map(|code| LastError { code: Some(code) }));
            prop_assert_eq!(kept, VendorWord::new(&word));
            prop_assert_eq!(found.is_decision(), word.eq_ignore_ascii_case("verified"));
        }

        #[test]
        fn a_session_id_has_its_beginning_and_plain_letters(id in "vs_[A-Za-z0-9_]{1,60}", odd in "[^A-Za-z0-9_-]") {
            prop_assert!(is_session(&id));
            for other in [format!("{id}{odd}"), format!("{odd}{id}"), id.replacen("vs_", "vr_", 1), "vs_".to_owned()] {
                prop_assert!(!is_session(&other), "{}", other);
            }
        }
    }
}
