//! The check of a session.

use idv_core::{CheckRequest, Operation, RequestValidator, Result, Verification};
use idv_http::ReplaySafety;
use idv_http::json::Node;

use super::parts::{Parts, admit};
use super::state;

pub(crate) async fn check(parts: &Parts, request: &CheckRequest) -> Result<Verification> {
    admit(RequestValidator::check(&parts.profile, &parts.id, request), &request.session)?;
    let (session, context) = (&request.session, request.context());
    let safety = ReplaySafety::Idempotent;
    let call = parts.about(Operation::Check, safety, &parts.spec.check, session.key(), context)?;
    let read = |answer: &Node<'_>| state::of_checked(parts, &parts.spec.vocabulary, session, answer);
    parts.send(safety, call, read).await?.ensure_matches(&request.expected)
}
