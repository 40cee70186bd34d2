//! The words (docs.stripe.com, "How sessions work", the VerificationSession object), by their meaning to us.

use idv_core::{MappingRow, Surface, VerificationReason as Reason, VerificationStatus as Status};
use serde_json::{Value, json};

/// The status of a word of a row, and the error beside it.
pub(crate) fn state(word: &str) -> (&str, Value) {
    let status = word.get(.."requires_input".len()).unwrap_or(word);
    let condition = word.to_ascii_lowercase();
    match condition.strip_prefix("requires_input with last_error ") {
        Some("abandoned") => (status, json!({"code": "abandoned", "reason": "The user left."})),
        Some(_) => (status, json!({"code": null, "reason": null})),
        None => (word, Value::Null),
    }
}

pub(crate) fn words() -> Vec<MappingRow> {
    let reasons = [
        ("abandoned", Reason::ApplicantCancelled),
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
    let of = |states: Surface, codes: Surface| {
        let alone = [
            ("requires_input", Status::InProgress),
            ("processing", Status::InReview),
            ("verified", Status::Approved),
            ("canceled", Status::Cancelled),
        ];
        let mut abandoned =
            MappingRow::status(states, "requires_input with last_error abandoned", Status::Abandoned);
        abandoned.reason = Some(Reason::ApplicantCancelled);
        let failed = "requires_input with last_error of another code";
        let mut rows = alone.map(|(word, status)| MappingRow::status(states, word, status)).to_vec();
        rows.extend([abandoned, MappingRow::status(states, failed, Status::ResubmissionRequired)]);
        rows.extend(reasons.map(|(code, reason)| MappingRow::reason(codes, code, reason)));
        rows
    };
    [of(Surface::CheckStatus, Surface::CheckReason), of(Surface::WebhookStatus, Surface::WebhookReason)]
        .concat()
}

/// A code or type of an error.
pub(crate) fn name(code: &str) -> &'static str {
    const NAMES: [&str; 7] = [
        "parameter_unknown",
        "idempotency_error",
        "invalid_request_error",
        "resource_missing",
        "idempotency_key_in_use",
        "api_error",
        "rate_limit",
    ];
    NAMES.into_iter().find(|name| *name == code).unwrap_or_default()
}
