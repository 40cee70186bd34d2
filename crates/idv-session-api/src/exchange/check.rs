//! The check of a session.

use idv_core::{CheckRequest, Operation, RequestValidator, Result, Verification};
use idv_http::ReplaySafety;

use super::parts::{Parts, admit};
use super::state;

pub(crate) async fn check(parts: &Parts, request: &CheckRequest) -> Result<Verification> {
    admit(RequestValidator::check(&parts.profile, &parts.id, request), &request.session)?;
    let (session, context) = (&request.session, request.context());
    let safety = ReplaySafety::Idempotent;
    let call = parts.about(Operation::Check, safety, &parts.spec.check, session.key(), context)?;
    parts
        .send(safety, call, |answer| state::of_session(parts, session, answer))
        .await?
        .ensure_matches(&request.expected)
}
