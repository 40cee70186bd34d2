//! The withdrawal of a session.

use idv_core::{CancelRequest, Error, Operation, RequestValidator, Result, Verification};
use idv_http::ReplaySafety;

use super::parts::{Parts, admit};
use super::state;

/// A session that is withdrawn twice is withdrawn once.
const SAFETY: ReplaySafety = ReplaySafety::Idempotent;

pub(crate) async fn cancel(parts: &Parts, request: &CancelRequest) -> Result<Verification> {
    let Some(spec) = &parts.spec.cancel else {
        let message = "no call that withdraws a session is described for this vendor: let it expire";
        return Err(Error::unsupported(&parts.id, Operation::Cancel, message));
    };
    let session = &request.session;
    admit(RequestValidator::cancel(&parts.profile, &parts.id, request), session)?;
    let call = parts.about(Operation::Cancel, SAFETY, &spec.call, session.key(), request.context())?;
    parts.send(SAFETY, call, |answer| state::of_checked(parts, &spec.vocabulary, session, answer)).await
}
