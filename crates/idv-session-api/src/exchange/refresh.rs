//! A fresh link for a session.

use idv_core::{
    CallContext, Error, Operation, RefreshRequest, RequestValidator, Result, SessionRef, Timestamp,
    VerificationSession, VerificationStatus,
};
use idv_http::json::Node;
use idv_http::{Call, ReplaySafety, Sequence, now};

use super::link;
use super::parts::{Parts, admit};
use super::state;
use crate::description::Path;
use crate::description::spec::{Refresh, RefreshWay, Revive};

pub(crate) async fn refresh(parts: &Parts, request: &RefreshRequest) -> Result<VerificationSession> {
    let Some(spec) = &parts.spec.refresh else {
        let message = "a session keeps its one link: reopen that, or start anew, which makes another session";
        return Err(Error::unsupported(&parts.id, Operation::Refresh, message));
    };
    let session = &request.session;
    admit(RequestValidator::refresh(&parts.profile, &parts.id, request), session)?;
    let mut context = request.context().clone();
    context.begin(now());
    let mut calls = Sequence::new();
    let (safety, call) = match &spec.way {
        RefreshWay::Reread => {
            let safety = ReplaySafety::Idempotent;
            (safety, parts.about(Operation::Refresh, safety, &parts.spec.check, session.key(), &context)?)
        }
        RefreshWay::Post { path, safety, revive: how } => {
            if let Some(how) = how {
                revive(parts, how, session, &context, &mut calls).await?;
            }
            let call = post(path, *safety, session, &context).endpoint("fresh link");
            (*safety, parts.with_key(call, &context)?)
        }
    };
    let asked_at = parts.context.clock.now();
    let answer = parts.send(safety, call, |answer| read(parts, spec, session, answer, asked_at)).await;
    calls.step(safety, answer)
}

fn post<'a>(
    path: &'a Path,
    safety: ReplaySafety,
    session: &'a SessionRef,
    context: &CallContext,
) -> Call<'a> {
    Call::post(Operation::Refresh, safety, path.of(session.key())).context(context)
}

/// Brings a session back to life, where it is in a state that needs it.
async fn revive(
    parts: &Parts,
    how: &Revive,
    session: &SessionRef,
    context: &CallContext,
    calls: &mut Sequence,
) -> Result<()> {
    let safety = ReplaySafety::Idempotent;
    let call = parts.about(Operation::Refresh, safety, &parts.spec.check, session.key(), context)?;
    let status =
        |answer: &Node<'_>| Ok(state::of_checked(parts, &parts.spec.vocabulary, session, answer)?.status);
    let status: VerificationStatus =
        calls.step(safety, parts.send(safety, call.endpoint("state of the session"), status).await)?;
    if how.when.contains(&status) {
        let call = post(&how.path, safety, session, context).endpoint("revival of the session");
        calls.step(safety, parts.send_only(call).await)?;
    }
    Ok(())
}

/// Reads the answer with the link.
pub(crate) fn read(
    parts: &Parts,
    spec: &Refresh,
    session: &SessionRef,
    answer: &Node<'_>,
    asked_at: Timestamp,
) -> Result<VerificationSession> {
    let id = spec.id.required(spec.id.id(answer))?;
    let handoff = link::handoff(&spec.link, &parts.client, session.key(), answer)?;
    if id != session.key() {
        return Err(state::another_session());
    }
    let mut refreshed = VerificationSession::new(session.clone(), handoff);
    refreshed.expires_at = link::expiry(&spec.link, answer, asked_at);
    refreshed.single_use = spec.link.opens_once;
    Ok(refreshed)
}
