//! The codes of failed checks (Stripe documentation, the VerificationSession object: `last_error.code`).

use crate::reason::Reason;

/// The code of an applicant who left.
pub(crate) const ABANDONED: &str = "abandoned";

/// The code of a check that failed for no reason in particular.
pub(crate) const UNVERIFIED: &str = "document_unverified_other";

/// The codes of the reasons that have one of their own.
const CODES: &[(&str, &str)] = &[
    ("document_expired", "document_expired"),
    ("document_unsupported", "document_type_not_supported"),
    ("document_missing", "selfie_document_missing_photo"),
    ("face_mismatch", "selfie_face_mismatch"),
    ("liveness_failed", "selfie_manipulated"),
    ("data_mismatch", "id_number_mismatch"),
    ("underage", "under_supported_age"),
];

/// The code of a reason. Any other word is passed on, unless every vendor understands it.
pub(crate) fn code(reason: &Reason) -> String {
    let word = reason.as_str();
    match CODES.iter().find(|(known, _)| *known == word) {
        Some((_, code)) => (*code).to_owned(),
        None if Reason::words().any(|known| known == word) => UNVERIFIED.to_owned(),
        None => word.to_owned(),
    }
}

/// The sentence beside a code, of this simulation.
pub(crate) fn sentence(code: &str) -> String {
    match code {
        ABANDONED => "The user left before submitting.".to_owned(),
        _ => format!("The verification failed: {}.", code.replace('_', " ")),
    }
}
