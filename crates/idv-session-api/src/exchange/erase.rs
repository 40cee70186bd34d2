//! The deletion of an applicant's data.

use http::StatusCode;
use idv_core::{EraseRequest, Erasure, ErasureState, Error, Operation, RequestValidator, Result, SessionRef};
use idv_http::{ReplaySafety, invalid_response};

use super::parts::{Parts, admit};
use super::state;
use crate::description::spec::Erase;

/// Data that is deleted twice is deleted once.
const SAFETY: ReplaySafety = ReplaySafety::Idempotent;

pub(crate) async fn erase(parts: &Parts, request: &EraseRequest) -> Result<Erasure> {
    let Some(spec) = &parts.spec.erase else {
        let message = "no call that deletes data is described for this vendor: ask its support";
        return Err(Error::unsupported(&parts.id, Operation::Erase, message));
    };
    let session = &request.session;
    admit(RequestValidator::erase(&parts.profile, &parts.id, request), session)?;
    let call = parts.about(Operation::Erase, SAFETY, &spec.call, session.key(), request.context())?;
    let read = |text: &str| succeeded(parts, spec, session, text);
    let gone = |status: StatusCode, body: &[u8]| {
        // A gateway, or a wrong address, answers 404 as well.
        let is_gone = spec.already_gone.contains(&status.as_u16()) && parts.is_error_of_vendor(body);
        is_gone.then_some(ErasureState::AlreadyGone)
    };
    let state = parts.client.send_and_read_or(parts.complete(call), read, gone).await?.body;
    Ok(Erasure::new(session.clone(), state))
}

/// Reads a success. A page of a gateway with status 200 deletes nothing.
fn succeeded(parts: &Parts, spec: &Erase, session: &SessionRef, text: &str) -> Result<ErasureState> {
    if spec.id.is_nowhere() {
        return match text.trim_ascii().is_empty() {
            true => Ok(spec.outcome),
            false => Err(invalid_response(
                "the vendor answered a deletion with something, where it documents nothing",
            )),
        };
    }
    parts.read(text, SAFETY, |answer| {
        let id = spec.id.required(spec.id.id(answer))?;
        if id == session.key() {
            return Ok(spec.outcome);
        }
        // A number in place of a text is no other session, but an answer that cannot be read.
        spec.id.required(spec.id.text(answer))?;
        Err(state::another_session())
    })
}
