//! The codes of refusals, with their texts (Shufti documentation, declined reasons).

use crate::reason::Reason;

const CODES: &[(&str, &str, &str)] = &[
    ("document_tampered", "SPDR48", "Document proof is altered/edited."),
    ("document_unsupported", "SPDR13", "Document doesn't match the provided options."),
    ("face_mismatch", "SPDR15", "Face on the document doesn't match with the camera image."),
    ("liveness_failed", "SPDR37", "Face liveness detection failed."),
    ("data_mismatch", "SPDR75", "Name on the document does not match with the provided one."),
    ("duplicate", "SPDR287", "Duplicate account is detected."),
    ("fraud_suspected", "SPDR109", "Uploaded image is found on the internet."),
];

/// The code and the text of a refusal. A reason without a code of its own is told by its text.
pub(super) fn of(reason: Option<&Reason>) -> (String, String) {
    let Some(reason) = reason else { return known("SPDR01", "Face could not be verified.") };
    match CODES.iter().find(|(word, _, _)| *word == reason.as_str()) {
        Some((_, code, text)) => known(code, text),
        None => (reason.as_str().to_ascii_uppercase(), format!("Simulated: {reason}.")),
    }
}

fn known(code: &str, text: &str) -> (String, String) {
    (code.to_owned(), text.to_owned())
}
