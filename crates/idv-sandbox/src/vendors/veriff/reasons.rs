//! The granular reason codes (Veriff documentation, granular reason codes).

use crate::reason::Reason;

/// The code of a declined session without a reason.
pub(crate) const SUSPICIOUS: &str = "105";

/// The code of a resubmission without a reason.
pub(crate) const MISSING_PHOTOS: &str = "201";

/// The code of a session whose attempts are used up.
pub(crate) const TOO_MANY_ATTEMPTS: &str = "539";

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

/// A reason as decisions have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Granular {
    pub(crate) code: String,
    pub(crate) text: &'static str,
}

impl Granular {
    pub(crate) fn new(code: &str) -> Self {
        let known = TEXTS.iter().find(|(known, _)| *known == code);
        Self { code: code.to_owned(), text: known.map_or("Verification declined", |(_, text)| text) }
    }

    /// The reason of an act, or else that of the code.
    pub(crate) fn of(reason: Option<&Reason>, or_else: &str) -> Self {
        Self::new(reason.map_or(or_else, Reason::veriff_code))
    }

    /// Whether the applicant is asked to try again: 2xx, and 6xx of the finer codes.
    pub(crate) fn allows_another_try(&self) -> bool {
        self.code.len() == 3 && (self.code.starts_with('2') || self.code.starts_with('6'))
    }
}
