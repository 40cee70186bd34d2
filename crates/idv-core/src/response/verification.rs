//! The state of a verification at the vendor, in one vocabulary.

use serde::{Deserialize, Serialize};

use crate::model::stored::empty_if_null;
use crate::string_enum::string_enum;
use crate::{
    Correlation, Error, ErrorKind, NextAction, Operation, Result, SessionRef, Timestamp, VendorWord,
    VerificationReason, VerificationStatus, VerifiedIdentity,
};

string_enum! {
    /// The kind of subject of a verification.
    pub enum SubjectKind {
        /// A natural person.
        Person = "person",
        /// A company.
        Business = "business",
    }
}

/// A reason, beside the vendor's own code for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReportedReason {
    /// The reason in our words.
    pub reason: VerificationReason,
    /// The vendor's own code, where it gave one.
    #[serde(default)]
    pub provider_code: Option<VendorWord>,
}

impl ReportedReason {
    /// A reason, with the vendor's own code where it gave one.
    #[must_use]
    pub const fn new(reason: VerificationReason, provider_code: Option<VendorWord>) -> Self {
        Self { reason, provider_code }
    }
}

/// The state of a verification at the vendor at one moment.
///
/// It can be stored: its JSON is that of `idv check --json`, without the provider and the kind, which follow from the reference. Absent
/// facts are `null`, and may be left out when it is read; fields that this version does not know are ignored. The identity is never
/// stored with it, so one that is read again has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Verification {
    /// The verification.
    pub reference: SessionRef,
    /// The status.
    pub status: VerificationStatus,
    /// The vendor's own word, for known statuses too.
    pub provider_status: VendorWord,
    /// Why, where the vendor says so.
    #[serde(default, deserialize_with = "empty_if_null")]
    pub reasons: Vec<ReportedReason>,
    /// The next action of the application.
    #[serde(flatten)]
    pub next_action: NextAction,
    /// Whom it is about, where the vendor says so.
    #[serde(default)]
    pub subject_kind: Option<SubjectKind>,
    /// When the vendor last changed the status, where it says so.
    #[serde(default)]
    pub updated_at: Option<Timestamp>,
    /// The vendor's own ids.
    #[serde(default, deserialize_with = "empty_if_null")]
    pub correlation: Correlation,
    /// The identity, in a box because few checks ask for it.
    #[serde(skip)]
    identity: Option<Box<VerifiedIdentity>>,
}

impl Verification {
    /// A verification without reasons and other facts; an adapter fills in what the vendor told.
    #[must_use]
    pub fn new(
        reference: SessionRef,
        status: VerificationStatus,
        provider_status: VendorWord,
        next_action: NextAction,
    ) -> Self {
        Self {
            reference,
            status,
            provider_status,
            reasons: Vec::new(),
            next_action,
            subject_kind: None,
            updated_at: None,
            correlation: Correlation::new(),
            identity: None,
        }
    }

    /// The verified identity: only of an approved verification, only where the check
    /// [asked for it](crate::CheckRequest::with_identity), and only where the vendor gives one.
    #[must_use]
    pub fn identity(&self) -> Option<&VerifiedIdentity> {
        self.identity.as_deref()
    }

    /// Adds an identity, for adapters. It is dropped unless the verification is approved: before that, and after a rejection, the
    /// vendor has facts that it read or was told, and has verified none. One without any fact is dropped too.
    #[must_use]
    pub fn with_identity(mut self, identity: VerifiedIdentity) -> Self {
        let is_verified = self.status == VerificationStatus::Approved && !identity.is_empty();
        self.identity = is_verified.then(|| Box::new(identity));
        self
    }

    /// The verification without its identity, to store it, or to pass it on to a caller that did not ask for personal data.
    #[must_use]
    pub fn without_identity(mut self) -> Self {
        self.identity = None;
        self
    }

    /// Passes the verification on if it is about the subject with these ids, such as those of
    /// [`CheckInput::expected`](crate::CheckInput::expected).
    ///
    /// # Errors
    /// [`ErrorKind::Conflict`] when the vendor's answer is about another subject, or does not name one.
    pub fn ensure_matches(self, expected: &Correlation) -> Result<Self> {
        match self.correlation.first_mismatch(expected) {
            None => Ok(self),
            Some(name) => Err(Error::new(
                ErrorKind::Conflict,
                format!("the vendor answered about another subject: `{name}` is not the expected one"),
            )
            .with_provider(self.reference.provider().clone())
            .with_operation(Operation::Check)
            .with_delivery(crate::Delivery::Answered)),
        }
    }
}
