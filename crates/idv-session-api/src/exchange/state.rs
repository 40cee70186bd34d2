//! The state of a session in an answer.

use idv_core::{
    Correlation, Error, ErrorKind, NextAction, Result, SessionRef, Verification, VerificationStatus,
};
use idv_http::json::{Found, Node};

use super::parts::Parts;
use crate::mapping::Vocabulary;
use crate::record::Record;

/// The verification that a record tells, in these words.
pub(super) fn verification(
    parts: &Parts,
    vocabulary: &Vocabulary,
    reference: SessionRef,
    record: &Record<'_>,
    next: impl FnOnce(VerificationStatus) -> NextAction,
) -> Result<Verification> {
    let (status, word, reasons) = parts.spec.record.status.required(vocabulary.read(record))?;
    let external = if let Found::Given(reference) = &record.reference { Some(&**reference) } else { None };
    let correlation = Correlation::new()
        .with(Correlation::SESSION_ID, Some(reference.key()))
        .with(Correlation::EXTERNAL_ID, external);
    let mut verification = Verification::new(reference, status, word, next(status));
    verification.reasons = reasons;
    verification.updated_at = record.updated_at;
    verification.correlation = correlation;
    Ok(verification)
}

/// Reads an answer about a session that an application asked for.
pub(crate) fn of_checked(
    parts: &Parts,
    vocabulary: &Vocabulary,
    session: &SessionRef,
    answer: &Node<'_>,
) -> Result<Verification> {
    of_session(parts, vocabulary, session, answer, |status| parts.profile.next_action(status))
}

/// Reads an answer about a session. A session without its id is no session: error envelopes have statuses, too.
pub(super) fn of_session(
    parts: &Parts,
    vocabulary: &Vocabulary,
    session: &SessionRef,
    answer: &Node<'_>,
    next: impl FnOnce(VerificationStatus) -> NextAction,
) -> Result<Verification> {
    let places = &parts.spec.record;
    let record = places.read(answer)?;
    let read = verification(parts, vocabulary, session.clone(), &record, next)?;
    if places.id.required(record.id)? != session.key() {
        return Err(another_session());
    }
    Ok(read)
}

pub(super) fn another_session() -> Error {
    Error::new(ErrorKind::Conflict, "the vendor answered for another session")
}
