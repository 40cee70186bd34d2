//! The words of reviews and reject labels (docs.sumsub.com, "Applicant statuses", "Clarify rejection reason").

use idv_core::{MappingRow, Surface, VerificationReason as Reason, VerificationStatus as Status};
use serde_json::{Value, json};

const STATES: [(&str, Status); 10] = [
    ("init", Status::InProgress),
    ("awaitingUser", Status::InProgress),
    ("pending", Status::InReview),
    ("prechecked", Status::InReview),
    ("queued", Status::InReview),
    ("awaitingService", Status::InReview),
    ("onHold", Status::OnHold),
    ("completed with reviewAnswer GREEN", Status::Approved),
    ("completed with reviewAnswer RED, reviewRejectType RETRY", Status::ResubmissionRequired),
    ("completed with reviewAnswer RED, reviewRejectType FINAL", Status::Rejected),
];

/// `reviewStatus` and `reviewResult` of a row, in the case of its letters.
pub(crate) fn review(word: &str) -> (String, Value) {
    let Some((status, conditions)) = word.split_once(" with ").or_else(|| word.split_once(" WITH ")) else {
        return (word.to_owned(), Value::Null);
    };
    let mut result = json!({});
    for condition in conditions.split(", ") {
        let Some((name, value)) = condition.split_once(' ') else { continue };
        let names = ["reviewAnswer", "reviewRejectType"];
        if let Some(name) = names.iter().find(|known| known.eq_ignore_ascii_case(name)) {
            result[*name] = value.into();
        }
    }
    (status.to_owned(), result)
}

fn labels() -> Vec<(&'static str, Reason)> {
    let groups: [(&[&str], Reason); 13] = [
        (
            &[
                "LOW_QUALITY",
                "UNSATISFACTORY_PHOTOS",
                "DOCUMENT_DAMAGED",
                "BLACK_AND_WHITE",
                "INCOMPLETE_DOCUMENT",
                "UNFILLED_ID",
            ],
            Reason::DocumentUnreadable,
        ),
        (
            &[
                "NOT_DOCUMENT",
                "UNSUITABLE_DOCUMENT",
                "INCOMPATIBLE_LANGUAGE",
                "OUTDATED_DOCUMENT_VERSION",
                "BAD_PROOF_OF_IDENTITY",
                "BAD_PROOF_OF_ADDRESS",
                "BAD_PROOF_OF_PAYMENT",
            ],
            Reason::DocumentUnsupported,
        ),
        (&["EXPIRATION_DATE"], Reason::DocumentExpired),
        (
            &[
                "ID_INVALID",
                "DOCUMENT_TEMPLATE",
                "DIGITAL_DOCUMENT",
                "GRAPHIC_EDITOR",
                "SCREENSHOTS",
                "FORGERY",
            ],
            Reason::DocumentTampered,
        ),
        (
            &[
                "DOCUMENT_PAGE_MISSING",
                "DOCUMENT_MISSING",
                "FRONT_SIDE_MISSING",
                "BACK_SIDE_MISSING",
                "ADDITIONAL_DOCUMENT_REQUIRED",
                "MORE_DOCUMENTS_REQUIRED",
            ],
            Reason::DocumentMissing,
        ),
        (&["SELFIE_MISMATCH", "BAD_FACE_MATCHING", "BAD_AVATAR"], Reason::FaceMismatch),
        (
            &["BAD_SELFIE", "BAD_VIDEO_SELFIE", "SELFIE_WITH_PAPER", "FRAUDULENT_LIVENESS"],
            Reason::LivenessFailed,
        ),
        (
            &[
                "PROBLEMATIC_APPLICANT_DATA",
                "REQUESTED_DATA_MISMATCH",
                "WRONG_ADDRESS",
                "INCORRECT_SOCIAL_NUMBER",
                "DB_DATA_NOT_FOUND",
                "DB_DATA_MISMATCH",
                "INCONSISTENT_PROFILE",
            ],
            Reason::DataMismatch,
        ),
        (&["AGE_REQUIREMENT_MISMATCH"], Reason::Underage),
        (&["DUPLICATE"], Reason::Duplicate),
        (
            &[
                "BLACKLIST",
                "BLOCKLIST",
                "COMPROMISED_PERSONS",
                "PEP",
                "ADVERSE_MEDIA",
                "SANCTIONS",
                "CRIMINAL",
            ],
            Reason::Watchlist,
        ),
        (&["FRAUDULENT_PATTERNS", "STOLEN_DOCS", "THIRD_PARTY_INVOLVED"], Reason::FraudSuspected),
        (&["CHECK_UNAVAILABLE", "DB_NO_DATA_SOURCE"], Reason::ProviderError),
    ];
    let mut flat: Vec<_> =
        groups.iter().flat_map(|(labels, reason)| labels.iter().map(|label| (*label, *reason))).collect();
    flat.push(("OTHER", Reason::Unspecified));
    flat
}

pub(crate) fn words() -> Vec<MappingRow> {
    let states = |surface| STATES.map(|(word, status)| MappingRow::status(surface, word, status)).to_vec();
    let reasons = |surface| -> Vec<MappingRow> {
        labels().into_iter().map(|(label, reason)| MappingRow::reason(surface, label, reason)).collect()
    };
    [
        states(Surface::CheckStatus),
        reasons(Surface::CheckReason),
        states(Surface::WebhookStatus),
        reasons(Surface::WebhookReason),
    ]
    .concat()
}
