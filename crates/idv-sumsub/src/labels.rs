//! Reject labels: why Sumsub declined, or asks for another try.

use idv_core::{ReportedReason, VendorWord, VerificationReason as Reason};

/// `rejectLabels` (docs.sumsub.com, "Clarify rejection reason" and "Temporary rejection"). The label alone does not say whether another
/// try is allowed. A label that is not here, such as those of companies, is [`Reason::Other`].
pub(crate) const LABELS: &[(&str, Reason)] = &[
    ("LOW_QUALITY", Reason::DocumentUnreadable),
    ("UNSATISFACTORY_PHOTOS", Reason::DocumentUnreadable),
    ("DOCUMENT_DAMAGED", Reason::DocumentUnreadable),
    ("BLACK_AND_WHITE", Reason::DocumentUnreadable),
    ("INCOMPLETE_DOCUMENT", Reason::DocumentUnreadable),
    ("UNFILLED_ID", Reason::DocumentUnreadable),
    ("NOT_DOCUMENT", Reason::DocumentUnsupported),
    ("UNSUITABLE_DOCUMENT", Reason::DocumentUnsupported),
    ("INCOMPATIBLE_LANGUAGE", Reason::DocumentUnsupported),
    ("OUTDATED_DOCUMENT_VERSION", Reason::DocumentUnsupported),
    ("BAD_PROOF_OF_IDENTITY", Reason::DocumentUnsupported),
    ("BAD_PROOF_OF_ADDRESS", Reason::DocumentUnsupported),
    ("BAD_PROOF_OF_PAYMENT", Reason::DocumentUnsupported),
    ("EXPIRATION_DATE", Reason::DocumentExpired),
    ("ID_INVALID", Reason::DocumentTampered),
    ("DOCUMENT_TEMPLATE", Reason::DocumentTampered),
    ("DIGITAL_DOCUMENT", Reason::DocumentTampered),
    ("GRAPHIC_EDITOR", Reason::DocumentTampered),
    ("SCREENSHOTS", Reason::DocumentTampered),
    ("FORGERY", Reason::DocumentTampered),
    ("DOCUMENT_PAGE_MISSING", Reason::DocumentMissing),
    ("DOCUMENT_MISSING", Reason::DocumentMissing),
    ("FRONT_SIDE_MISSING", Reason::DocumentMissing),
    ("BACK_SIDE_MISSING", Reason::DocumentMissing),
    ("ADDITIONAL_DOCUMENT_REQUIRED", Reason::DocumentMissing),
    ("MORE_DOCUMENTS_REQUIRED", Reason::DocumentMissing),
    ("SELFIE_MISMATCH", Reason::FaceMismatch),
    ("BAD_FACE_MATCHING", Reason::FaceMismatch),
    ("BAD_AVATAR", Reason::FaceMismatch),
    ("BAD_SELFIE", Reason::LivenessFailed),
    ("BAD_VIDEO_SELFIE", Reason::LivenessFailed),
    ("SELFIE_WITH_PAPER", Reason::LivenessFailed),
    ("FRAUDULENT_LIVENESS", Reason::LivenessFailed),
    ("PROBLEMATIC_APPLICANT_DATA", Reason::DataMismatch),
    ("REQUESTED_DATA_MISMATCH", Reason::DataMismatch),
    ("WRONG_ADDRESS", Reason::DataMismatch),
    ("INCORRECT_SOCIAL_NUMBER", Reason::DataMismatch),
    ("DB_DATA_NOT_FOUND", Reason::DataMismatch),
    ("DB_DATA_MISMATCH", Reason::DataMismatch),
    ("INCONSISTENT_PROFILE", Reason::DataMismatch),
    ("AGE_REQUIREMENT_MISMATCH", Reason::Underage),
    ("DUPLICATE", Reason::Duplicate),
    ("BLACKLIST", Reason::Watchlist),
    ("BLOCKLIST", Reason::Watchlist),
    ("COMPROMISED_PERSONS", Reason::Watchlist),
    ("PEP", Reason::Watchlist),
    ("ADVERSE_MEDIA", Reason::Watchlist),
    ("SANCTIONS", Reason::Watchlist),
    ("CRIMINAL", Reason::Watchlist),
    ("FRAUDULENT_PATTERNS", Reason::FraudSuspected),
    ("STOLEN_DOCS", Reason::FraudSuspected),
    ("THIRD_PARTY_INVOLVED", Reason::FraudSuspected),
    ("CHECK_UNAVAILABLE", Reason::ProviderError),
    ("DB_NO_DATA_SOURCE", Reason::ProviderError),
    ("OTHER", Reason::Unspecified),
];

/// Reads a label.
pub(crate) fn reason(label: &str) -> ReportedReason {
    let (reason, label) = VendorWord::lookup_ignore_case(LABELS, label);
    ReportedReason::new(reason.unwrap_or(Reason::Other), Some(label))
}
