//! nxos's words mapped to ours, and its exceptions to the shared error table.

use idv_core::{
    CredentialOwner, ErrorKind, SubjectKind, VendorWord, VerificationStatus as Status, lookup_ignore_case,
};
use idv_http::{ErrorRules, Override, Verdict};

/// `status` of an organization's verification, in answers and in webhooks (docs.nxos.io, "Verification", status
/// lifecycle). `PENDING` means "waiting for the customer or for Sumsub": it does not say that anything was submitted.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    ("NOT_STARTED", Status::NotStarted),
    ("PENDING", Status::InProgress),
    ("ON_HOLD", Status::OnHold),
    ("RESUBMISSION_REQUIRED", Status::ResubmissionRequired),
    ("APPROVED", Status::Approved),
    ("REJECTED", Status::Rejected),
];

/// `type` of an organization (docs.nxos.io, "Get verification").
const SUBJECTS: &[(&str, SubjectKind)] =
    &[("BUSINESS", SubjectKind::Business), ("INDIVIDUAL", SubjectKind::Person)];

/// Where nxos differs from the shared table: a key whose verification failed on their side is no bad key
/// (docs.nxos.io, "Authentication"), and a request still in flight may be asked for again ("Idempotency").
pub(crate) const ERROR_RULES: ErrorRules = ErrorRules::new().with_overrides(&[
    Override::new(401, Verdict::Repeatable(ErrorKind::Unavailable)).with_code("authentication_failed"),
    Override::new(401, Verdict::Credential(CredentialOwner::Application)),
    Override::new(409, Verdict::Repeatable(ErrorKind::Conflict)).with_code("idempotency_request_in_flight"),
]);

/// Reads a status word.
pub(crate) fn status(word: &str) -> (Status, VendorWord) {
    let (status, word) = VendorWord::lookup_ignore_case(STATUSES, word);
    (status.unwrap_or(Status::Unrecognized), word)
}

/// Reads the type of an organization.
pub(crate) fn subject(word: &str) -> Option<SubjectKind> {
    lookup_ignore_case(SUBJECTS, word)
}

/// The key of the API key's own organization.
pub(crate) const SELF_KEY: &str = "self";

/// The API key's own organization, as far as its id is configured. Its verification is known by one key, whichever way an
/// application or a webhook names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnOrganization(pub(crate) Option<String>);

impl OwnOrganization {
    /// The key of an organization.
    pub(crate) fn key<'a>(&self, organization: &'a str) -> &'a str {
        if self.0.as_deref() == Some(organization) { SELF_KEY } else { organization }
    }

    /// The id of the organization behind a key, where it is known.
    pub(crate) fn id<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        if key == SELF_KEY { self.0.as_deref() } else { Some(key) }
    }
}

/// Whether a text has the shape of an organization id: letters, digits, `_` and `-`, at most 128. nxos shows
/// `org_` and 32 characters, but promises no form.
pub(crate) fn is_organization(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !id.is_empty() && id.len() <= 128 && id != SELF_KEY && id.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_word_is_a_decision_unless_the_table_says_so(word in "\\PC*|.{0,40}|(?i)(approved|rejected).?") {
            let (status, kept) = super::status(&word);
            prop_assert_eq!(&kept, &VendorWord::new(&word));
            let listed = STATUSES.iter().any(|(known, _)| known.eq_ignore_ascii_case(&word));
            prop_assert_eq!(status == Status::Unrecognized, !listed);
            prop_assert!(listed || !status.is_decision());
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in ".*") {
            let _ = (subject(&text), is_organization(&text));
        }
    }
}
