//! The start of a session.

use idv_core::{
    Error, ErrorKind, Input, Operation, RequestValidator, Result, SessionLink, SessionUrl, StartRequest,
    Timestamp, VendorWord, VerificationSession, VerificationStatus,
};
use idv_http::Call;
use idv_http::json::Node;

use super::body::{Body, StartValues};
use super::link;
use super::parts::Parts;
use super::state;
use crate::description::spec::FindWay;
use crate::{mapping, places};

pub(crate) async fn start(parts: &Parts, request: &StartRequest) -> Result<VerificationSession> {
    let spec = &parts.spec.start;
    let rule = parts.client.base().url_rule();
    let mut validator = RequestValidator::start(&parts.profile, &parts.id, request, rule);
    let uninvited = spec.lacks(request.invites);
    if uninvited && request.musts.contains(&Input::INVITES) {
        validator.invalid(Input::INVITES, "must be of a kind that this vendor sends");
    }
    review(parts, request, &mut validator);
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
    let read = |answer: &Node<'_>| {
        let session = read(parts, answer, asked_at)?;
        match spec.reference_is_id && session.reference.key() != request.reference {
            true => Err(state::another_session()),
            false => Ok(session),
        }
    };
    let mut session = parts.send(spec.safety, call, read).await?;
    session.unused_inputs = unused;
    Ok(session)
}

/// Looks at inputs that decide whether the session can be found again.
fn review(parts: &Parts, request: &StartRequest, validator: &mut RequestValidator) {
    let reference = &request.reference;
    if parts.spec.start.reference_is_id && !reference.is_empty() && !mapping::is_session(reference) {
        validator.invalid(Input::REFERENCE, mapping::NO_SESSION);
    }
    let needs_workflow = parts.spec.find.as_ref().is_some_and(FindWay::needs_workflow);
    let other = request.text(&Input::WORKFLOW).filter(|own| Some(*own) != parts.workflow.as_deref());
    if needs_workflow && other.is_some() {
        let message = "must be the workflow of the instance, because the vendor lists the sessions of one workflow: configure an \
                       instance for each";
        validator.invalid(Input::WORKFLOW, message);
    }
}

/// Refuses a session that has ended: the vendor has recognised the reference of an earlier start.
fn refuse_ended(parts: &Parts, answer: &Node<'_>) -> Result<()> {
    let record = parts.spec.record.read(answer)?;
    match parts.spec.vocabulary.read(&record).given() {
        Some((status, ..)) if has_ended(status) => Err(Error::new(
            ErrorKind::Conflict,
            "the vendor gave the session of an earlier start with this reference, and it has ended: check it, or start with another \
             reference",
        )),
        _ => Ok(()),
    }
}

fn has_ended(status: VerificationStatus) -> bool {
    status.stops_watching() && status != VerificationStatus::ResubmissionRequired
}

/// Reads the answer to a start that was sent at a moment.
pub(crate) fn read(parts: &Parts, answer: &Node<'_>, asked_at: Timestamp) -> Result<VerificationSession> {
    let spec = &parts.spec.start;
    let client = &parts.client;
    if spec.repeatable {
        refuse_ended(parts, answer)?;
    }
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
