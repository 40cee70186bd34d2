//! Veriff's reason codes, for all vendors that pass them on.

use crate::VerificationReason as Reason;

/// Veriff's reason codes, with Veriff's text beside each (devdocs.veriff.com, "Verification session decision codes"; Baanx passes
/// them on: docs.baanx.com, guide "Webhooks: KYC events"). A code that is not here is [`Reason::Other`].
pub const VERIFF_REASONS: &[(&str, Reason)] = &[
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
