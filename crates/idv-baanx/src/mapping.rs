//! Baanx's words mapped to ours, and its exceptions to the shared error table.

use idv_core::{
    CredentialOwner, ReportedReason, VendorWord, VerificationReason as Reason, VerificationStatus as Status,
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

/// `failure_code` of webhooks (docs.baanx.com, guide "Webhooks: KYC events"): Veriff's reason codes, with Veriff's text
/// beside each. A code that is not here is [`Reason::Other`].
pub(crate) const FAILURE_CODES: &[(&str, Reason)] = &[
    // Declined.
    ("101", Reason::DocumentTampered),    // physical document not used
    ("102", Reason::DocumentTampered),    // suspected tampering
    ("103", Reason::FaceMismatch),        // person does not match the document's photo
    ("104", Reason::DataMismatch),        // name mismatch
    ("105", Reason::FraudSuspected),      // suspicious behaviour
    ("106", Reason::FraudSuspected),      // known fraud
    ("107", Reason::FraudSuspected),      // velocity, abuse
    ("108", Reason::Duplicate),           // duplicated end-user
    ("109", Reason::Duplicate),           // duplicated device
    ("110", Reason::Duplicate),           // duplicated ID
    ("111", Reason::FraudSuspected),      // session fraudulently accessed
    ("112", Reason::FraudSuspected),      // restricted IP location
    ("113", Reason::FraudSuspected),      // identity farming
    ("120", Reason::FaceMismatch),        // portrait against reference
    ("123", Reason::DataMismatch),        // registry checks
    ("124", Reason::Duplicate),           // face already in the collection
    ("126", Reason::Watchlist),           // potentially a politically exposed person
    ("127", Reason::Watchlist),           // face on a block list
    ("128", Reason::DataMismatch),        // end-user id mismatch
    ("501", Reason::FraudSuspected),      // high probability of fraud
    ("502", Reason::FraudSuspected),      // multiple parties
    ("503", Reason::FraudSuspected),      // attempted deceit
    ("504", Reason::DocumentTampered),    // document shown on a device's screen
    ("505", Reason::DocumentTampered),    // document is a printout
    ("507", Reason::DocumentTampered),    // document tampered with
    ("508", Reason::DocumentTampered),    // document tampered with
    ("509", Reason::FaceMismatch),        // person and document do not match
    ("510", Reason::DocumentUnsupported), // document type not supported
    ("511", Reason::DocumentExpired),     // document expired
    ("515", Reason::LivenessFailed),      // a screen was used for the face
    ("526", Reason::LivenessFailed),      // photos were streamed
    ("530", Reason::Underage),            // 530 to 536: under 13, 14, 16, 18, 20, 21, 25
    ("531", Reason::Underage),
    ("532", Reason::Underage),
    ("533", Reason::Underage),
    ("534", Reason::Underage),
    ("535", Reason::Underage),
    ("536", Reason::Underage),
    ("539", Reason::AttemptsExhausted), // resubmission limit reached
    // Resubmission asked for.
    ("201", Reason::DocumentMissing),     // video or photos missing
    ("202", Reason::DocumentUnreadable),  // face not clearly visible
    ("203", Reason::DocumentUnreadable),  // full document not visible
    ("204", Reason::DocumentUnreadable),  // poor image quality
    ("205", Reason::DocumentUnreadable),  // document damaged
    ("206", Reason::DocumentUnsupported), // document type not supported
    ("207", Reason::DocumentExpired),     // document expired
    ("208", Reason::DocumentMissing),     // selfie missing
    ("209", Reason::DocumentMissing),     // photo of the document missing
    ("210", Reason::DocumentMissing),     // front of the document missing
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

/// Reads a failure code.
pub(crate) fn reason(code: &str) -> ReportedReason {
    let (reason, code) = VendorWord::lookup_ignore_case(FAILURE_CODES, code);
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
        assert_distinct(FAILURE_CODES);
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
