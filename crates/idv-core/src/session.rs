//! An open session: where the applicant goes.

use crate::{
    AccessToken, Certainty, Input, SessionRef, SessionUrl, Timestamp, VendorWord, VerificationStatus,
};

/// An open session. The URL, the links and the token are bearer secrets: hand them to the applicant and forget them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VerificationSession {
    /// By which the verification is found again. Store this.
    pub reference: SessionRef,
    /// `in_progress`: a link is open.
    pub status: VerificationStatus,
    /// Where the applicant goes.
    pub url: SessionUrl,
    /// For the vendor's embedded page.
    pub access_token: Option<AccessToken>,
    /// Further links.
    pub links: Vec<SessionLink>,
    /// When the link or token dies; `None` where that is not known, or where the vendor replayed an old answer.
    pub expires_at: Option<Expiry>,
    /// Whether the link can be opened once only.
    pub single_use: bool,
    /// What was given and the vendor has no place for.
    pub unused_inputs: Vec<Input>,
}

impl VerificationSession {
    /// A reusable link without expiry; an adapter fills in what is known.
    #[must_use]
    pub fn new(reference: SessionRef, url: SessionUrl) -> Self {
        Self {
            reference,
            status: VerificationStatus::InProgress,
            url,
            access_token: None,
            links: Vec::new(),
            expires_at: None,
            single_use: false,
            unused_inputs: Vec::new(),
        }
    }
}

/// When a link or token dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// The moment.
    pub at: Timestamp,
    /// Whether the vendor said so or we assume it.
    pub certainty: Certainty,
}

/// A further link of a session.
#[derive(Debug, Clone)]
pub struct SessionLink {
    /// Where it leads.
    pub url: SessionUrl,
    /// What the vendor calls it.
    pub kind: Option<VendorWord>,
}
