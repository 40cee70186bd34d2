//! The start of a session.

use idv_core::{
    Input, Operation, RequestValidator, Result, SessionLink, SessionUrl, StartRequest, Timestamp, VendorWord,
    VerificationSession,
};
use idv_http::Call;
use idv_http::json::Node;

use super::body::{Body, StartValues};
use super::link;
use super::parts::Parts;
use crate::places;

pub(crate) async fn start(parts: &Parts, request: &StartRequest) -> Result<VerificationSession> {
    let spec = &parts.spec.start;
    let rule = parts.client.base().url_rule();
    let mut validator = RequestValidator::start(&parts.profile, &parts.id, request, rule);
    let uninvited = spec.lacks(request.invites);
    if uninvited && request.musts.contains(&Input::INVITES) {
        validator.invalid(Input::INVITES, "must be of a kind that this vendor sends");
    }
    if let Some(back) = &parts.spec.redirect {
        validator.reserve(&back.names);
    }
    let redirect_url = validator.redirect_url().cloned();
    let mut unused = validator.finish()?;
    unused.extend(uninvited.then_some(Input::INVITES));
    let workflow = parts.workflow.as_deref();
    let values = StartValues { request, workflow, redirect_url: redirect_url.as_ref() };
    let call = Call::post(Operation::Start, spec.safety, spec.path.segments()).context(request.context());
    let call = parts.with_key(call, request.context())?.json(&Body(&spec.body, &values))?;
    let asked_at = parts.context.clock.now();
    let mut session = parts.send(spec.safety, call, |answer| read(parts, answer, asked_at)).await?;
    session.unused_inputs = unused;
    Ok(session)
}

/// Reads the answer to a start that was sent at a moment.
pub(crate) fn read(parts: &Parts, answer: &Node<'_>, asked_at: Timestamp) -> Result<VerificationSession> {
    let spec = &parts.spec.start;
    let client = &parts.client;
    let reference = parts.reference(&spec.id.required(spec.id.id(answer))?)?;
    let handoff = link::handoff(&spec.link, client, reference.key(), answer)?;
    let mut session = VerificationSession::new(reference, handoff);
    session.expires_at = link::expiry(&spec.link, answer, asked_at);
    session.single_use = spec.link.opens_once;
    let links = spec.links.list(answer).given().unwrap_or_default();
    session.links = links
        .into_iter()
        .filter_map(places::link)
        .filter_map(|(url, kind)| {
            let url = SessionUrl::parse(&url, client.base().url_rule()).ok()?;
            Some(SessionLink::new(url, kind.as_deref().map(VendorWord::new)))
        })
        .collect();
    Ok(session)
}
