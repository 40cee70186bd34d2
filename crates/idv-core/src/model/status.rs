//! The one status enum and the one reason enum that every surface of every vendor maps onto.

use crate::string_enum::string_enum;

string_enum! {
    /// The status of a verification, whichever vendor runs it.
    ///
    /// There is no variant called "pending": vendors mean four different things by that word. Deserializing a word
    /// that this version does not know gives [`Unrecognized`](Self::Unrecognized), never an error and never a decision.
    pub enum VerificationStatus {
        /// The applicant has done nothing yet. The application acts next, or the applicant where a link is open.
        NotStarted = "not_started",
        /// A session is open; the applicant has not finished, or the vendor does not say whether they have.
        InProgress = "in_progress",
        /// Submitted; the vendor is deciding.
        InReview = "in_review",
        /// Held for a manual compliance review at the vendor.
        OnHold = "on_hold",
        /// Something fixable: the same verification goes on after the applicant gets a fresh link.
        ResubmissionRequired = "resubmission_required",
        /// Verified. Settled but not eternal: an approval can lapse.
        Approved = "approved",
        /// Declined. Whether a new try is allowed is the business of [`NextAction`](crate::NextAction).
        Rejected = "rejected",
        /// The applicant left before finishing.
        Abandoned = "abandoned",
        /// The session timed out.
        Expired = "expired",
        /// Withdrawn or voided by the business.
        Cancelled = "cancelled",
        /// The flow broke before any decision.
        Failed = "failed",
        /// The vendor used a word that we do not model. Keep polling, and tell an operator.
        Unrecognized = "unrecognized",
    }
    else Unrecognized
}

impl VerificationStatus {
    /// Whether the vendor decided about the applicant: approved or rejected.
    #[must_use]
    pub const fn is_decision(self) -> bool {
        matches!(self, Self::Approved | Self::Rejected)
    }

    /// Whether a watcher stops here, because polling alone will not change the status any more.
    #[must_use]
    pub const fn stops_watching(self) -> bool {
        matches!(
            self,
            Self::Approved
                | Self::Rejected
                | Self::ResubmissionRequired
                | Self::Abandoned
                | Self::Expired
                | Self::Cancelled
                | Self::Failed
        )
    }
}

string_enum! {
    /// The reason for a status, whichever vendor says so.
    pub enum VerificationReason {
        /// The document could not be read: blurred, dark, cut off.
        DocumentUnreadable = "document_unreadable",
        /// The document is past its date.
        DocumentExpired = "document_expired",
        /// The document type or issuer is not accepted.
        DocumentUnsupported = "document_unsupported",
        /// The document was altered, or is a copy, a print or a picture of a screen.
        DocumentTampered = "document_tampered",
        /// A document, or a side of it, or the selfie, is missing.
        DocumentMissing = "document_missing",
        /// The face is not the one on the document.
        FaceMismatch = "face_mismatch",
        /// The face was not shown to be that of a live person.
        LivenessFailed = "liveness_failed",
        /// Data given by the applicant or the application differ from the document or from a registry.
        DataMismatch = "data_mismatch",
        /// The applicant is too young.
        Underage = "underage",
        /// The same person, document or device is known already.
        Duplicate = "duplicate",
        /// The applicant is on a watchlist, block list or list of exposed persons.
        Watchlist = "watchlist",
        /// The vendor suspects fraud or abuse.
        FraudSuspected = "fraud_suspected",
        /// The number of tries is used up.
        AttemptsExhausted = "attempts_exhausted",
        /// The session timed out.
        SessionExpired = "session_expired",
        /// The applicant chose to leave.
        ApplicantCancelled = "applicant_cancelled",
        /// Something broke at the vendor.
        ProviderError = "provider_error",
        /// The vendor itself says "unknown".
        Unspecified = "unspecified",
        /// The vendor gave a word or a code that we do not model; it is kept beside this one.
        Other = "other",
    }
    else Other
}
