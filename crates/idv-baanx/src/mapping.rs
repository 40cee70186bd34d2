//! Baanx's words mapped to ours, and its exceptions to the shared error table.

use idv_core::{
    CredentialOwner, ReportedReason, VERIFF_REASONS, VendorWord, VerificationReason as Reason,
    VerificationStatus as Status,
};
use idv_http::{ErrorRules, Override, Verdict};

/// `verificationState` of a user (docs.baanx.com, "Generate KYC Verification Session", verification states). Opening a
/// link changes nothing: `UNVERIFIED` also stands for those who left, and `PENDING` means submitted.
pub(crate) const STATES: &[(&str, Status)] = &[
    ("UNVERIFIED", Status::NotStarted),
    ("PENDING", Status::InReview),
    ("VERIFIED", Status::Approved),
    ("REJECTED", Status::Rejected),
];

/// Status words of webhooks: those of the guide (docs.baanx.com, guide "Webhooks: KYC events"), and the states above,
/// which the example of "Start User Verification" carries. The two share `pending`, and mean the same by it.
pub(crate) const WEBHOOK_WORDS: &[(&str, Status)] = &[
    ("pending", Status::InReview),
    ("completed", Status::Approved),
    ("failed", Status::Rejected),
    ("UNVERIFIED", Status::NotStarted),
    ("VERIFIED", Status::Approved),
    ("REJECTED", Status::Rejected),
];

/// The name of the limit that a 429 ran into, such as `3_per_hour` (docs.baanx.com, "Start User Verification", rate
/// limiting). It takes the place of a code, because Baanx has none.
const CODES: &[&str] = &["/limit"];

/// 498: the client key is refused (docs.baanx.com, "Generate KYC Verification Session"). 499: it is missing (no page
/// lists it; clients in the field know it). Both are Baanx's own, and say nothing about the user.
const CLIENT_KEY_REFUSED: Override = Override::new(498, Verdict::Credential(CredentialOwner::Application));
const CLIENT_KEY_MISSING: Override = Override::new(499, Verdict::Credential(CredentialOwner::Application));

/// 401: the user's token is missing, invalid or expired (docs.baanx.com, "Start User Verification").
const TOKEN_REFUSED: Override = Override::new(401, Verdict::Credential(CredentialOwner::User));

/// Where the calls of a registered user differ from the shared table.
pub(crate) const USER_ERRORS: ErrorRules = ErrorRules::new().with_codes(CODES).with_overrides(&[
    TOKEN_REFUSED,
    CLIENT_KEY_REFUSED,
    CLIENT_KEY_MISSING,
]);

/// Where the calls of a registration differ from the shared table. There is no token, so a 401 is the application's.
pub(crate) const REGISTRATION_ERRORS: ErrorRules =
    ErrorRules::new().with_codes(CODES).with_overrides(&[CLIENT_KEY_REFUSED, CLIENT_KEY_MISSING]);

/// Reads a verification state.
pub(crate) fn state(word: &str) -> (Status, VendorWord) {
    let (status, word) = VendorWord::lookup_ignore_case(STATES, word);
    (status.unwrap_or(Status::Unrecognized), word)
}

/// Reads the status word of a webhook.
pub(crate) fn webhook_status(word: &str) -> (Status, VendorWord) {
    let (status, word) = VendorWord::lookup_ignore_case(WEBHOOK_WORDS, word);
    (status.unwrap_or(Status::Unrecognized), word)
}

/// Reads a `failure_code` of a webhook: a reason code of Veriff (docs.baanx.com, guide "Webhooks: KYC events").
pub(crate) fn reason(code: &str) -> ReportedReason {
    let (reason, code) = VendorWord::lookup_ignore_case(VERIFF_REASONS, code);
    ReportedReason::new(reason.unwrap_or(Reason::Other), Some(code))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A second row for a word would never be read.
    #[test]
    fn no_word_has_two_rows() {
        fn assert_distinct<T>(table: &[(&str, T)]) {
            for (index, (word, _)) in table.iter().enumerate() {
                assert!(!table[..index].iter().any(|(other, _)| other.eq_ignore_ascii_case(word)), "{word}");
            }
        }
        assert_distinct(STATES);
        assert_distinct(WEBHOOK_WORDS);
        assert_distinct(VERIFF_REASONS);
    }

    proptest! {
        #[test]
        fn no_state_outside_the_table_is_a_decision(
            word in "\\PC{0,30}|(?i)(un|re)?(verified|approved|completed|failed|rejected)[ e]?"
        ) {
            let known = ["verified", "rejected"].contains(&word.to_ascii_lowercase().as_str());
            prop_assert_eq!(state(&word).0.is_decision(), known);
        }
    }
}
