//! The content of an answer, in the words of the observation.

use idv_core::{Answer, VendorWord, Verification, VerificationStatus};

use super::Pseudonym;
use super::record::{AuditResult, AuditedEvent, AuditedState, AuditedVerification};
use crate::util::keyed_hash::KeyedHash;

/// A status, and the vendor's own word where it came from the vendor.
pub(super) type StatusAndWord<'a> = (VerificationStatus, Option<&'a VendorWord>);

/// The vendor's statuses of verifications. None from a return URL: anybody can write one.
pub(super) fn statuses(answer: Answer<'_>) -> impl Iterator<Item = StatusAndWord<'_>> {
    let one: Option<StatusAndWord<'_>> = match answer {
        Answer::Session(session) => Some((session.status, None)),
        Answer::Webhook(outcome) => {
            outcome.event().and_then(|event| Some((event.status()?, event.provider_status())))
        }
        _ => None,
    };
    let verifications: &[Verification] = match answer {
        Answer::Verification(verification) => std::slice::from_ref(verification),
        Answer::Verifications(found) => found,
        _ => &[],
    };
    one.into_iter().chain(verifications.iter().map(state))
}

fn state(verification: &Verification) -> StatusAndWord<'_> {
    (verification.status, Some(&verification.provider_status))
}

/// The same for the audit.
pub(super) fn audited(answer: Answer<'_>, hash: &KeyedHash) -> AuditResult {
    match answer {
        Answer::Session(session) => AuditResult::Session { status: session.status },
        Answer::Verification(verification) => AuditResult::Verification(AuditedState::from(verification)),
        Answer::Verifications(found) => {
            let audited = |found: &Verification| AuditedVerification {
                session: Pseudonym::of_session(hash, &found.reference),
                state: AuditedState::from(found),
            };
            AuditResult::Found { verifications: found.iter().map(audited).collect() }
        }
        Answer::Erasure(erasure) => AuditResult::Erasure { state: erasure.state },
        Answer::Redirect(outcome) => AuditResult::from(outcome),
        Answer::Webhook(outcome) => match outcome.event() {
            Some(event) => AuditResult::Event(Box::new(AuditedEvent::from(event))),
            None => AuditResult::Ignored { provider_event_type: outcome.provider_event_type().clone() },
        },
        _ => AuditResult::Other,
    }
}
