//! Onfido's words mapped to ours, and its exceptions to the shared error table.

use std::borrow::Cow;

use idv_core::signature::body_digest;
use idv_core::{
    CredentialOwner, MappingRow, ReportedReason, Surface, VendorWord, VerificationReason as Reason,
    VerificationStatus as Status, lookup_ignore_case,
};
use idv_http::{ErrorRules, Override, Verdict};

/// `status` of a run (OpenAPI specification, `workflow_run_status`). `awaiting_client_input` waits for the application's server, so
/// it is held and never the applicant's turn. `approved`, `declined` and `review` are ends of the workflow, whose author decides what
/// leads to them.
pub(crate) const STATUSES: &[(&str, Status)] = &[
    (AWAITING_INPUT, Status::InProgress),
    (AWAITING_CLIENT_INPUT, Status::OnHold),
    ("processing", Status::InReview),
    ("review", Status::OnHold),
    ("approved", Status::Approved),
    ("declined", Status::Rejected),
    ("abandoned", Status::Abandoned),
];

pub(crate) const AWAITING_INPUT: &str = "awaiting_input";
pub(crate) const AWAITING_CLIENT_INPUT: &str = "awaiting_client_input";
/// A technical end of a run, with an error beside it. It is no row of the table, because it brings a reason.
const ERROR: &str = "error";

/// The languages of a link (OpenAPI specification, `workflow_run_link.language`), by the language of a BCP 47 tag: a variety of a
/// language that Onfido has no other of is spoken to in the one that it has.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "en_US"),
    ("de", "de_DE"),
    ("es", "es_ES"),
    ("fr", "fr_FR"),
    ("it", "it_IT"),
    ("pt", "pt_PT"),
    ("nl", "nl_NL"),
];

/// The characters that a name must not have (OpenAPI specification, `applicant_first_name`).
const NOT_IN_NAMES: &str = "!#$%*=<>;{}\"";

/// The longest tag, in characters (OpenAPI specification, `workflow_run_shared.tags`).
const TAG_LIMIT: usize = 128;

/// Tokens are of one region, and those of another one are refused alike (documentation.onfido.com, "Regions").
const REFUSED_TOKEN: &str =
    "the vendor refused the API token: it was revoked, or belongs to another region than the address";

/// Where Onfido differs from the shared table. The code is the `type` of an error (OpenAPI specification, `default_error`).
pub(crate) const ERROR_RULES: ErrorRules =
    ErrorRules::new().with_codes(&["/error/type"]).with_overrides(&[Override::new(
        401,
        Verdict::Credential(CredentialOwner::Application),
    )
    .with_message(REFUSED_TOKEN)]);

/// The `type` of an error about something that Onfido does not know.
pub(crate) const NOT_FOUND: &str = "resource_not_found";

/// The parts of a run that a state is read from.
#[derive(Debug, Default)]
pub(crate) struct Outcome<'a> {
    pub(crate) status: Cow<'a, str>,
    /// Texts of the workflow's author.
    pub(crate) reasons: Vec<Cow<'a, str>>,
    /// `error.type`.
    pub(crate) error: Option<Cow<'a, str>>,
}

impl Outcome<'_> {
    /// The status, the vendor's word for it, and the reasons. An error counts only where the run ended with it.
    pub(crate) fn read(&self) -> (Status, VendorWord, Vec<ReportedReason>) {
        let authored = |text: &Cow<'_, str>| ReportedReason::new(Reason::Other, Some(VendorWord::new(text)));
        let mut reasons: Vec<_> = self.reasons.iter().map(authored).collect();
        if is_error(&self.status) {
            let code = self.error.as_deref().map(VendorWord::new);
            reasons.insert(0, ReportedReason::new(Reason::ProviderError, code));
            return (Status::Failed, VendorWord::new(&self.status), reasons);
        }
        let (status, word) = VendorWord::lookup_ignore_case(STATUSES, &self.status);
        (status.unwrap_or(Status::Unrecognized), word, reasons)
    }
}

/// Whether a run of this status has an error beside it.
pub(crate) fn is_error(status: &str) -> bool {
    status.eq_ignore_ascii_case(ERROR)
}

/// The rows of the profile for a surface with states.
pub(crate) fn rows(surface: Surface) -> Vec<MappingRow> {
    let mut failed = MappingRow::status(surface, ERROR, Status::Failed);
    failed.reason = Some(Reason::ProviderError);
    let rows = STATUSES.iter().map(|(word, status)| MappingRow::status(surface, *word, *status));
    rows.chain([failed]).collect()
}

/// Onfido's code of a language, where it has the language.
pub(crate) fn language(tag: &str) -> Option<&'static str> {
    lookup_ignore_case(LANGUAGES, tag.split('-').next().unwrap_or_default())
}

/// Whether Onfido takes a name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.contains(|character| NOT_IN_NAMES.contains(character))
}

/// The tag of a reference: the reference itself, or its SHA-256 in hex where it is too long for a tag, or has a comma, which a
/// search may take for the end of a tag.
pub(crate) fn tag(reference: &str) -> Cow<'_, str> {
    match reference.chars().count() <= TAG_LIMIT && !reference.contains(',') {
        true => Cow::Borrowed(reference),
        false => Cow::Owned(body_digest(reference.as_bytes()).as_str().to_owned()),
    }
}

/// Whether a text has the form of an id of a run or an applicant: a UUID (OpenAPI specification, `workflow_run_response.id`).
pub(crate) fn is_id(id: &str) -> bool {
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

    fn outcome(status: &str, error: Option<&str>) -> (Status, Vec<Reason>) {
        let outcome =
            Outcome { status: status.into(), reasons: vec!["No match".into()], error: error.map(Cow::from) };
        let (status, _, reasons) = outcome.read();
        (status, reasons.iter().map(|reported| reported.reason).collect())
    }

    #[test]
    fn an_error_is_the_reason_of_a_run_that_ended_with_it_and_of_no_other() {
        assert_eq!(
            outcome("error", Some("exec")),
            (Status::Failed, vec![Reason::ProviderError, Reason::Other])
        );
        assert_eq!(outcome("Error", None), (Status::Failed, vec![Reason::ProviderError, Reason::Other]));
        assert_eq!(outcome("declined", Some("exec")), (Status::Rejected, vec![Reason::Other]));
    }

    #[test]
    fn the_server_s_turn_is_never_the_applicant_s() {
        assert_eq!(outcome("awaiting_input", None).0, Status::InProgress);
        assert_eq!(outcome("awaiting_client_input", None).0, Status::OnHold);
    }

    #[test]
    fn varieties_of_a_language_are_that_language_and_others_are_none() {
        for (tag, code) in [
            ("pt-BR", Some("pt_PT")),
            ("DE-at-1996", Some("de_DE")),
            ("en", Some("en_US")),
            ("ja", None),
            ("deu", None),
            ("", None),
        ] {
            assert_eq!(language(tag), code, "{tag}");
        }
    }

    #[test]
    fn a_reference_that_cannot_be_a_tag_is_found_by_its_digest() {
        assert_eq!(tag("case 7/é"), "case 7/é");
        assert_eq!(tag(&"é".repeat(128)).chars().count(), 128);
        let digest = "a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3";
        assert_eq!(body_digest(b"123").as_str(), digest);
        for reference in ["a,b".to_owned(), "a".repeat(129)] {
            assert_eq!(tag(&reference).len(), 64, "{reference}");
        }
        assert_ne!(tag("a,b"), tag("a,c"));
    }

    proptest! {
        #[test]
        fn no_word_is_a_decision_unless_the_table_says_so(word in "\\PC*|(?i)(approved|declined|error).?") {
            let (found, kept, _) = Outcome { status: word.as_str().into(), ..Outcome::default() }.read();
            prop_assert_eq!(kept, VendorWord::new(&word));
            let is_verdict = ["approved", "declined"].iter().any(|verdict| word.eq_ignore_ascii_case(verdict));
            prop_assert_eq!(found.is_decision(), is_verdict);
        }

        #[test]
        fn a_name_has_none_of_the_forbidden_characters(name in "[\\PC&&[^!#$%*=<>;{}\"]]*", bad in "[!#$%*=<>;{}\"]") {
            prop_assert!(is_name(&name));
            let spoilt = name + &bad;
            prop_assert!(!is_name(&spoilt), "{}", spoilt);
        }

        #[test]
        fn an_id_is_a_uuid(id in "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}") {
            prop_assert!(is_id(&id));
            for other in [format!("{id}0"), id.replacen('-', "0", 1), id.replace('-', "")] {
                prop_assert!(!is_id(&other), "{}", other);
            }
        }
    }
}
