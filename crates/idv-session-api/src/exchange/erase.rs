//! The deletion of an applicant's data.

use idv_core::{EraseRequest, Erasure, ErasureState, Error, ErrorKind, Operation, RequestValidator, Result};
use idv_http::ReplaySafety;

use super::parts::{Parts, admit};
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
    let state = match parts.send_only(call).await {
        Ok(()) => spec.outcome,
        Err(error) if is_gone(spec, &error) => ErasureState::AlreadyGone,
        Err(error) => return Err(error),
    };
    Ok(Erasure::new(session.clone(), state))
}

/// Whether the vendor says that the data is gone already. A gateway, or a wrong address, answers 404 as well, and not in the
/// vendor's words.
fn is_gone(spec: &Erase, error: &Error) -> bool {
    let kinds = [ErrorKind::NotFound, ErrorKind::Conflict, ErrorKind::InvalidRequest];
    let is_vendors = error.code().is_some() || error.vendor_text().is_some();
    is_vendors
        && kinds.contains(&error.kind())
        && error.http_status().is_some_and(|status| spec.already_gone.contains(&status))
}
