//! The check of a session.

use idv_core::{
    CheckRequest, Operation, RequestValidator, Result, SessionRef, Verification, VerificationStatus,
    VerifiedIdentity,
};
use idv_http::ReplaySafety;
use idv_http::json::Node;

use super::parts::{Parts, admit};
use super::state;
use crate::description::spec::{Identity, IdentityCall};
use crate::identity;

const SAFETY: ReplaySafety = ReplaySafety::Idempotent;

pub(crate) async fn check(parts: &Parts, request: &CheckRequest) -> Result<Verification> {
    admit(RequestValidator::check(&parts.profile, &parts.id, request), &request.session)?;
    let (session, context) = (&request.session, request.context());
    let asked = parts.spec.identity.as_ref().filter(|_| request.identity);
    let call = parts.about(Operation::Check, SAFETY, &parts.spec.check, session.key(), context)?;
    let read = |answer: &Node<'_>| {
        let found = state::of_checked(parts, &parts.spec.vocabulary, session, answer)?;
        Ok(match asked {
            Some(spec) if spec.call.is_none() => found.with_identity(identity::read(spec, answer)),
            _ => found,
        })
    };
    let found = parts.send(SAFETY, call, read).await?.ensure_matches(&request.expected)?;
    match asked.and_then(|spec| Some((spec, spec.call.as_ref()?))) {
        Some((spec, call)) if found.status == VerificationStatus::Approved => {
            Ok(found.with_identity(fetch(parts, spec, call, request).await?))
        }
        _ => Ok(found),
    }
}

/// Fetches the identity of an approved session.
async fn fetch(
    parts: &Parts,
    spec: &Identity,
    IdentityCall { call, query }: &IdentityCall,
    request: &CheckRequest,
) -> Result<VerifiedIdentity> {
    let call = parts.about(Operation::Check, SAFETY, call, request.session.key(), request.context())?;
    let read = |answer: &Node<'_>| read_identity(parts, spec, &request.session, answer);
    parts.send_with(SAFETY, call, query, read).await
}

/// Reads an identity from an answer that names its session. One that names another session is another person's.
pub(crate) fn read_identity(
    parts: &Parts,
    spec: &Identity,
    session: &SessionRef,
    answer: &Node<'_>,
) -> Result<VerifiedIdentity> {
    let places = &parts.spec.record;
    let record = places.read(answer)?;
    match places.id.required(record.id)? == session.key() {
        true => Ok(identity::read(spec, answer)),
        false => Err(state::another_session()),
    }
}
