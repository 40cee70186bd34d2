//! The reason codes of Veriff, which Baanx passes on (Veriff documentation, granular reason codes).

use crate::reason::Reason;

/// The codes of the words that every vendor understands.
const CODES: [(&str, &str); 13] = [
    ("document_unreadable", "204"),
    ("document_expired", "511"),
    ("document_unsupported", "510"),
    ("document_tampered", "102"),
    ("document_missing", "201"),
    ("face_mismatch", "103"),
    ("liveness_failed", "526"),
    ("data_mismatch", "104"),
    ("fraud_suspected", "106"),
    ("duplicate", "108"),
    ("watchlist", "127"),
    ("underage", "532"),
    ("attempts_exhausted", "539"),
];

const TEXTS: [(&str, &str); 55] = [
    ("101", "Physical document not used"),
    ("102", "Suspected document tampering"),
    ("103", "Person showing the document does not appear to match document photo"),
    ("104", "Name does not match"),
    ("105", "Suspicious behaviour"),
    ("106", "Known fraud"),
    ("107", "Velocity or abuse"),
    ("108", "Duplicated end-user"),
    ("109", "Duplicated device"),
    ("110", "Duplicated ID"),
    ("111", "Session fraudulently accessed"),
    ("112", "Restricted IP location"),
    ("113", "Identity farming"),
    ("120", "Portrait does not match the reference"),
    ("121", "User id missing"),
    ("122", "No reference found"),
    ("123", "Registry checks failed"),
    ("124", "Face already in the collection"),
    ("126", "Potential PEP"),
    ("127", "Face on the blocklist"),
    ("128", "End-user id does not match"),
    ("129", "Invalid workflow"),
    ("201", "Video or photos missing"),
    ("202", "Face is not clearly visible"),
    ("203", "Full document is not visible"),
    ("204", "Poor image quality"),
    ("205", "Document damaged"),
    ("206", "Document type not supported"),
    ("207", "Document expired"),
    ("208", "Selfie missing"),
    ("209", "Document photo missing"),
    ("210", "Front of the document missing"),
    ("501", "High fraud probability"),
    ("502", "Multiple parties present"),
    ("503", "Attempted deceit"),
    ("504", "Document shown on a device screen"),
    ("505", "Printout of a document"),
    ("507", "Document tampered"),
    ("508", "Document tampered"),
    ("509", "Person and document do not match"),
    ("510", "Document type not supported"),
    ("511", "Document expired"),
    ("515", "Screen used to show the face"),
    ("526", "Photos streamed"),
    ("527", "Proof of address not accepted"),
    ("528", "Proof of address not accepted"),
    ("530", "Under the age of 13"),
    ("531", "Under the age of 14"),
    ("532", "Under the age of 16"),
    ("533", "Under the age of 18"),
    ("534", "Under the age of 20"),
    ("535", "Under the age of 21"),
    ("536", "Under the age of 25"),
    ("537", "Portrait cropped"),
    ("539", "Resubmission limit reached"),
];

/// The code of a reason; the word itself where it has none, since a number stands for itself.
pub(crate) fn code(reason: &Reason) -> &str {
    CODES.iter().find(|(word, _)| *word == reason.as_str()).map_or(reason.as_str(), |(_, code)| code)
}

/// The text of a code.
pub(crate) fn text(code: &str) -> &'static str {
    TEXTS.iter().find(|(known, _)| *known == code).map_or("Verification declined", |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_code_with_a_text() {
        for word in Reason::words() {
            let reason = Reason::new(word).unwrap();
            assert_ne!(code(&reason), word);
            assert_ne!(text(code(&reason)), "Verification declined", "{word}");
        }
        for word in ["204", "something_new"] {
            assert_eq!(code(&Reason::new(word).unwrap()), word);
        }
    }
}
