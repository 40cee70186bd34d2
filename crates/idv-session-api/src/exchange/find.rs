//! The sessions of a reference: those of a list, or the one whose id the reference is.

use http::StatusCode;
use idv_core::{Error, FindRequest, Input, Operation, RequestValidator, Result, SessionRef, Verification};
use idv_http::json::Node;
use idv_http::{ReplaySafety, invalid_response};

use super::parts::Parts;
use super::{list, state};
use crate::description::spec::FindWay;
use crate::mapping;

/// All sessions of a reference, the newest first.
pub(crate) async fn find(parts: &Parts, request: &FindRequest) -> Result<Vec<Verification>> {
    let Some(way) = &parts.spec.find else {
        let message = "this vendor lists no sessions by the caller's reference: use `check`";
        return Err(Error::unsupported(&parts.id, Operation::Find, message));
    };
    let mut validator = RequestValidator::find(&parts.id, request);
    if matches!(way, FindWay::Check) && !mapping::is_session(&request.reference) {
        validator.invalid(Input::REFERENCE, mapping::NO_SESSION);
    }
    validator.finish()?;
    match way {
        FindWay::List(spec) => list::all(parts, spec, request).await,
        FindWay::Check => by_id(parts, request).await,
    }
}

/// Reads an answer that is to hold all sessions of a reference.
pub(crate) fn read_list(parts: &Parts, reference: &str, answer: &Node<'_>) -> Result<Vec<Verification>> {
    match &parts.spec.find {
        Some(FindWay::List(spec)) => list::read_whole(parts, spec, reference, answer),
        Some(FindWay::Check) => read_one(parts, &parts.reference(reference)?, answer),
        None => Err(invalid_response("no search of sessions is described")),
    }
}

/// The session whose id is the reference; none where the vendor itself says that it knows none.
async fn by_id(parts: &Parts, request: &FindRequest) -> Result<Vec<Verification>> {
    let safety = ReplaySafety::Idempotent;
    let session = parts.reference(&request.reference)?;
    let call = parts.about(Operation::Find, safety, &parts.spec.check, session.key(), request.context())?;
    let read = |text: &str| parts.read(text, safety, |answer| read_one(parts, &session, answer));
    let none = |status: StatusCode, body: &[u8]| {
        (status == StatusCode::NOT_FOUND && parts.is_error_of_vendor(body)).then(Vec::new)
    };
    Ok(parts.client.send_and_read_or(parts.complete(call), read, none).await?.body)
}

fn read_one(parts: &Parts, session: &SessionRef, answer: &Node<'_>) -> Result<Vec<Verification>> {
    let next = |status| parts.profile.next_action_when_found(status);
    state::of_session(parts, &parts.spec.vocabulary, session, answer, next).map(|one| vec![one])
}
