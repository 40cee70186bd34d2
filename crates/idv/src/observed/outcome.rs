//! What an answer says, in the words of the observation.

use idv_core::{
    RedirectOutcome, SessionRef, VendorWord, Verification, VerificationSession, VerificationStatus,
    WebhookOutcome,
};

use super::Pseudonym;
use super::record::{AuditResult, AuditedEvent, AuditedState, AuditedVerification};
use crate::keyed_hash::KeyedHash;

/// A status, and the vendor's own word where it was the vendor who said it.
pub(super) type Said<'a> = (VerificationStatus, Option<&'a VendorWord>);

/// An answer of a provider.
pub(super) trait Outcome {
    /// The session that it is about, where it is about one.
    fn session(&self) -> Option<&SessionRef>;

    /// What the vendor says of verifications.
    fn said(&self) -> impl Iterator<Item = Said<'_>>;

    /// The same for the audit.
    fn audited(&self, hash: &KeyedHash) -> AuditResult;
}

impl Outcome for VerificationSession {
    fn session(&self) -> Option<&SessionRef> {
        Some(&self.reference)
    }

    fn said(&self) -> impl Iterator<Item = Said<'_>> {
        std::iter::once((self.status, None))
    }

    fn audited(&self, _: &KeyedHash) -> AuditResult {
        AuditResult::Session { status: self.status }
    }
}

impl Outcome for Verification {
    fn session(&self) -> Option<&SessionRef> {
        Some(&self.reference)
    }

    fn said(&self) -> impl Iterator<Item = Said<'_>> {
        std::iter::once((self.status, Some(&self.provider_status)))
    }

    fn audited(&self, _: &KeyedHash) -> AuditResult {
        AuditResult::Verification(AuditedState::from(self))
    }
}

impl Outcome for Vec<Verification> {
    fn session(&self) -> Option<&SessionRef> {
        None
    }

    fn said(&self) -> impl Iterator<Item = Said<'_>> {
        self.iter().flat_map(Outcome::said)
    }

    fn audited(&self, hash: &KeyedHash) -> AuditResult {
        let audited = |found: &Verification| AuditedVerification {
            session: Pseudonym::of_session(hash, &found.reference),
            state: AuditedState::from(found),
        };
        AuditResult::Found { verifications: self.iter().map(audited).collect() }
    }
}

impl Outcome for RedirectOutcome {
    fn session(&self) -> Option<&SessionRef> {
        Some(&self.reference)
    }

    /// Nothing: anybody can write a return URL.
    fn said(&self) -> impl Iterator<Item = Said<'_>> {
        std::iter::empty()
    }

    fn audited(&self, _: &KeyedHash) -> AuditResult {
        AuditResult::from(self)
    }
}

impl Outcome for WebhookOutcome {
    fn session(&self) -> Option<&SessionRef> {
        self.event()?.reference.as_ref()
    }

    fn said(&self) -> impl Iterator<Item = Said<'_>> {
        self.event().into_iter().filter_map(|event| Some((event.status()?, event.provider_status())))
    }

    fn audited(&self, _: &KeyedHash) -> AuditResult {
        match self.event() {
            Some(event) => AuditResult::Event(Box::new(AuditedEvent::from(event))),
            None => AuditResult::Ignored { provider_event_type: self.provider_event_type().clone() },
        }
    }
}
