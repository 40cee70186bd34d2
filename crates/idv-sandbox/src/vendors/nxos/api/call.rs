//! The processing of a call: authentication, organization in scope, rate limit and idempotency key.

use axum::http::header::AUTHORIZATION;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::call::{Call, NotJson};
use crate::vendors::nxos::Nxos;
use crate::vendors::nxos::idempotency::{self, Outcome};
use crate::vendors::nxos::refusal::Refusal;
use crate::vendors::nxos::state::State;

const ON_BEHALF_OF: &str = "nxos-on-behalf-of";

/// The context of an operation besides the state.
pub(super) struct Scope<'a> {
    pub(super) nxos: &'a Nxos,
    /// The organization that the request is about; it need not exist.
    pub(super) organization: String,
    pub(super) now: i64,
}

pub(super) type Operation = fn(&mut State, &Scope<'_>, &Call) -> Result<Value, Refusal>;

impl Nxos {
    /// Runs an operation that changes nothing.
    pub(super) fn read(&self, call: &Call, operation: Operation) -> Answer {
        let scope = self.scope(call);
        let mut state = self.lock();
        let outcome = authenticate(&mut state, self, call)
            .and_then(|()| state.rate.take(scope.now))
            .and_then(|()| operation(&mut state, &scope, call));
        answer(&mut state, outcome)
    }

    fn scope(&self, call: &Call) -> Scope<'_> {
        // Creating an organization ignores the header (nxos API reference, Create organization); letters and webhook
        // endpoints are looked at from the organization of the API key.
        let path = call.uri.path();
        let own = path == "/v1/organizations"
            || path.starts_with("/v1/webhooks")
            || path.starts_with("/v1/authorizations");
        let named = call.header(ON_BEHALF_OF).filter(|_| !own);
        let organization = named.unwrap_or(self.own_organization()).to_owned();
        Scope { nxos: self, organization, now: self.now() }
    }
}

fn answer(state: &mut State, outcome: Result<Value, Refusal>) -> Answer {
    match outcome {
        Ok(body) => Answer::json(200, &body),
        Err(refusal) => state.refuse(&refusal),
    }
}

/// Runs an operation in a task of its own, so that it is finished, and its answer kept for a replay, even when the
/// client disconnects.
pub(super) async fn write(nxos: Nxos, call: Call, operation: Operation) -> Answer {
    let ticket = match begin(&nxos, &call) {
        Ok(ticket) => ticket,
        Err(answer) => return *answer,
    };
    let worker = nxos.clone();
    let work = tokio::spawn(async move {
        let mut held = worker.shared.held.subscribe();
        // The sender lives as long as the worker, so the wait ends by a release only.
        let _ = held.wait_for(|held| !held).await;
        drop(held);
        finish(&worker, &call, ticket, operation)
    });
    let broken =
        |_| nxos.lock().refuse(&Refusal::new(500, "internal_error", "An unexpected server error occurred."));
    work.await.unwrap_or_else(broken)
}

/// The result of `begin` that `finish` needs.
struct Ticket {
    slot: Option<String>,
    within_limit: Result<(), Refusal>,
}

fn begin(nxos: &Nxos, call: &Call) -> Result<Ticket, Box<Answer>> {
    let scope = nxos.scope(call);
    let mut state = nxos.lock();
    if let Err(refusal) = authenticate(&mut state, nxos, call) {
        return Err(Box::new(state.refuse(&refusal)));
    }
    let within_limit = state.rate.take(scope.now);
    let slot =
        match (idempotency::look_up(&state.idempotency, &scope.organization, call, scope.now), &within_limit)
        {
            (Outcome::Fresh(slot), _) => slot,
            (_, Err(refusal)) => return Err(Box::new(state.refuse(refusal))),
            (Outcome::Replay(answer), Ok(())) => return Err(answer),
            (Outcome::Refused(refusal), Ok(())) => return Err(Box::new(state.refuse(&refusal))),
        };
    if let Some(slot) = &slot {
        idempotency::reserve(&mut state.idempotency, slot, call);
    }
    Ok(Ticket { slot, within_limit })
}

fn finish(nxos: &Nxos, call: &Call, ticket: Ticket, operation: Operation) -> Answer {
    let scope = nxos.scope(call);
    let mut state = nxos.lock();
    let outcome = ticket.within_limit.and_then(|()| operation(&mut state, &scope, call));
    let answer = answer(&mut state, outcome);
    if let Some(slot) = &ticket.slot {
        idempotency::settle(&mut state.idempotency, slot, &answer, scope.now);
    }
    answer
}

fn authenticate(state: &mut State, nxos: &Nxos, call: &Call) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(401, code, message));
    let Some(header) = call.headers.get(AUTHORIZATION) else {
        return refuse("missing_api_key", "No Authorization header provided.");
    };
    let Some(key) = header.to_str().ok().and_then(|value| value.strip_prefix("Bearer ")) else {
        return refuse("missing_api_key", "The Authorization header must start with `Bearer `.");
    };
    if state.failing_authentications > 0 {
        state.failing_authentications -= 1;
        return refuse("authentication_failed", "The API key could not be verified.");
    }
    if key != nxos.api_key() {
        return refuse("invalid_api_key", "The API key is unknown or revoked.");
    }
    Ok(())
}

pub(super) fn json_object(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why: NotJson| Refusal::new(400, "invalid_request", why.message()))
}

pub(super) fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str).filter(|value| !value.is_empty())
}
