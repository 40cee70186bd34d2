//! Results of operations. [`Response`] is the trait of them all, [`Answer`] one of them by reference, for layers.

mod erasure;
mod identity;
mod redirect;
mod return_state;
mod session;
mod verification;
mod webhook;

pub use erasure::{Erasure, ErasureState};
pub use identity::{DocumentKind, VerifiedDocument, VerifiedIdentity};
pub use redirect::{Redirect, RedirectClaim, RedirectNames, RedirectOutcome, RedirectParameters};
pub use return_state::{ReturnState, ReturnStateError};
pub use session::{Expiry, Handoff, SessionLink, VerificationSession};
pub use verification::{ReportedReason, SubjectKind, Verification};
pub use webhook::{WebhookEvent, WebhookOutcome, WebhookRequest};

use crate::SessionRef;

/// The result of an operation.
pub trait Response: Send + 'static {
    /// The result, by reference.
    fn answer(&self) -> Answer<'_>;

    /// The session that can be handed over, where it is one.
    fn into_session(self) -> Option<VerificationSession>
    where
        Self: Sized,
    {
        None
    }
}

/// The answer of any operation.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Answer<'a> {
    /// Of a start or a refresh.
    Session(&'a VerificationSession),
    /// Of a check, an import or a cancellation.
    Verification(&'a Verification),
    /// Of a find.
    Verifications(&'a [Verification]),
    /// Of an erasure.
    Erasure(&'a Erasure),
    /// Of reading a return URL.
    Redirect(&'a RedirectOutcome),
    /// Of verifying a webhook.
    Webhook(&'a WebhookOutcome),
}

impl<'a> Answer<'a> {
    /// The session that it is about, where it is about one.
    #[must_use]
    pub fn session(self) -> Option<&'a SessionRef> {
        match self {
            Self::Session(session) => Some(&session.reference),
            Self::Verification(verification) => Some(&verification.reference),
            Self::Verifications(_) => None,
            Self::Erasure(erasure) => Some(&erasure.reference),
            Self::Redirect(outcome) => Some(&outcome.reference),
            Self::Webhook(outcome) => outcome.event()?.reference.as_ref(),
        }
    }
}

impl Response for VerificationSession {
    fn answer(&self) -> Answer<'_> {
        Answer::Session(self)
    }

    fn into_session(self) -> Option<VerificationSession> {
        Some(self)
    }
}

impl Response for Verification {
    fn answer(&self) -> Answer<'_> {
        Answer::Verification(self)
    }
}

impl Response for Vec<Verification> {
    fn answer(&self) -> Answer<'_> {
        Answer::Verifications(self)
    }
}

impl Response for Erasure {
    fn answer(&self) -> Answer<'_> {
        Answer::Erasure(self)
    }
}

impl Response for RedirectOutcome {
    fn answer(&self) -> Answer<'_> {
        Answer::Redirect(self)
    }
}

impl Response for WebhookOutcome {
    fn answer(&self) -> Answer<'_> {
        Answer::Webhook(self)
    }
}
