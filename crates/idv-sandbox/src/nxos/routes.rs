//! The HTTP surface of the simulated nxos.

use axum::Router;
use axum::extract::State as Extract;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use crate::act::{Act, Actor};
use crate::answer::Answer;
use crate::call::{Call, NotJson};
use crate::history::note;
use crate::nxos::idempotency::{self, Outcome};
use crate::nxos::state::{LoaState, Organization, OrganizationType, Refusal, ShareToken, State};
use crate::nxos::{Nxos, acts, authorizations, webhook_endpoints};
use crate::pages::{hosted, websdk};
use crate::script::Directives;
use crate::tap::Tap;

const ON_BEHALF_OF: &str = "nxos-on-behalf-of";

pub(super) fn router(nxos: &Nxos) -> Router {
    Router::new()
        .route("/v1/organizations", post(create))
        .route("/v1/organizations/verification", get(read).post(start))
        .route("/v1/organizations/verification/import", post(import))
        .merge(authorizations::router())
        .merge(webhook_endpoints::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(nxos.shared.front.tap.clone(), Tap::watch))
        .merge(hosted::router())
        .merge(websdk::router())
        .with_state(nxos.clone())
}

/// What an operation needs to know besides the state.
pub(super) struct Scope<'a> {
    pub(super) nxos: &'a Nxos,
    /// The organization that the request is about; it need not exist.
    organization: String,
    pub(super) now: i64,
}

pub(super) type Operation = fn(&mut State, &Scope<'_>, &Call) -> Result<Value, Refusal>;

async fn start(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, start_verification).await
}

async fn import(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, import_verification).await
}

async fn create(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    write(nxos, call, create_organization).await
}

async fn read(Extract(nxos): Extract<Nxos>, call: Call) -> Answer {
    nxos.read(&call, get_verification)
}

async fn unknown(Extract(nxos): Extract<Nxos>) -> Answer {
    let mut state = nxos.lock();
    state.refuse(&Refusal::new(404, "not_found", "The requested resource was not found."))
}

impl Nxos {
    /// An operation that changes nothing.
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

/// A task of its own does the work, so that it is finished, and its answer kept for a replay, even when the client
/// has gone away.
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

/// What `begin` found out for `finish`.
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
    let slot = match (idempotency::look_up(&state, &scope.organization, call, scope.now), &within_limit) {
        (Outcome::Fresh(slot), _) => slot,
        (_, Err(refusal)) => return Err(Box::new(state.refuse(refusal))),
        (Outcome::Replay(answer), Ok(())) => return Err(answer),
        (Outcome::Refused(refusal), Ok(())) => return Err(Box::new(state.refuse(&refusal))),
    };
    if let Some(slot) = &slot {
        idempotency::reserve(&mut state, slot, call);
    }
    Ok(Ticket { slot, within_limit })
}

fn finish(nxos: &Nxos, call: &Call, ticket: Ticket, operation: Operation) -> Answer {
    let scope = nxos.scope(call);
    let mut state = nxos.lock();
    let outcome = ticket.within_limit.and_then(|()| operation(&mut state, &scope, call));
    let answer = answer(&mut state, outcome);
    if let Some(slot) = &ticket.slot {
        idempotency::settle(&mut state, slot, &answer, scope.now);
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

/// The organization in scope, if the letter of authorization allows the call.
fn authorized<'a>(
    state: &'a mut State,
    scope: &Scope<'_>,
    signed: bool,
) -> Result<&'a mut Organization, Refusal> {
    let capacity = scope.nxos.shared.front.capacity;
    state.conjure(&scope.organization, capacity, scope.now);
    if state.evicted.contains(&scope.organization) {
        let message = format!("Evicted: the simulation keeps only the newest {capacity} organizations.");
        return Err(Refusal::new(404, "organization_not_found", message));
    }
    let missing = || Refusal::new(404, "organization_not_found", "The organization does not exist.");
    let found = state.organizations.get_mut(&scope.organization).ok_or_else(missing)?;
    match found.loa {
        None | Some(LoaState::Active) => Ok(found),
        Some(LoaState::Pending) if !signed => Ok(found),
        _ => Err(Refusal::new(
            403,
            "authorization_required",
            "No currently effective Letter of Authorization.",
        )),
    }
}

fn get_verification(state: &mut State, scope: &Scope<'_>, _: &Call) -> Result<Value, Refusal> {
    authorized(state, scope, false)?;
    if let Some(step) = state.scripts.step(&scope.organization, scope.now) {
        acts::step(state, &scope.nxos.shared.front, &scope.organization, step);
    }
    authorized(state, scope, false).map(|found| found.verification())
}

fn start_verification(state: &mut State, scope: &Scope<'_>, call: &Call) -> Result<Value, Refusal> {
    if !call.body.is_empty() || call.headers.contains_key(CONTENT_TYPE) {
        return Err(Refusal::new(400, "invalid_request", "This endpoint takes no request body."));
    }
    let front = &scope.nxos.shared.front;
    let status = authorized(state, scope, false)?.status.clone();
    if matches!(status.as_str(), "NOT_STARTED" | "RESUBMISSION_REQUIRED") {
        acts::change(state, front, &scope.organization, "PENDING", Actor::Application, "started");
    } else {
        note(state, front, &scope.organization, Actor::Application, "started again");
    }
    begin_script(state, scope, call, status == "RESUBMISSION_REQUIRED");
    let (link, token) = state.open_session(&scope.organization, scope.now);
    let url = format!("{}/l/{link}", scope.nxos.base_url());
    Ok(json!({ "object": "verification_session", "url": url, "accessToken": token }))
}

/// Where the organization id asks for none, the idempotency key may.
fn begin_script(state: &mut State, scope: &Scope<'_>, call: &Call, again: bool) {
    let Some(found) = state.organizations.get_mut(&scope.organization) else { return };
    let asked = call.header("idempotency-key").map(Directives::parse).unwrap_or_default();
    if !asked.is_empty() && Directives::parse(&scope.organization).is_empty() {
        found.directives = asked;
    }
    if let Some(plot) = &found.directives.plot
        && matches!(found.status.as_str(), "PENDING")
    {
        let steps = plot.steps(again);
        state.scripts.begin(&scope.organization, steps, scope.now);
        scope.nxos.shared.front.hub.wake();
    }
}

fn import_verification(state: &mut State, scope: &Scope<'_>, call: &Call) -> Result<Value, Refusal> {
    let kind = authorized(state, scope, true)?.kind;
    let body = json_object(call)?;
    let Some(token) = text(&body, "shareToken") else {
        return Err(Refusal::new(400, "validation_error", "shareToken is required."));
    };
    if kind == OrganizationType::Business {
        let message = "Reusable KYC covers natural persons only.";
        return Err(Refusal::new(400, "verification_import_unsupported", message));
    }
    match state.share_tokens.get_mut(token) {
        Some(known @ ShareToken::Unused) => *known = ShareToken::Consumed,
        _ => return Err(Refusal::new(400, "share_token_invalid", "The share token was rejected.")),
    }
    state.ensure_applicant(&scope.organization);
    let front = &scope.nxos.shared.front;
    if matches!(authorized(state, scope, true)?.status.as_str(), "APPROVED" | "ON_HOLD") {
        note(state, front, &scope.organization, Actor::Application, "imported, to no effect");
    } else {
        acts::change(state, front, &scope.organization, "PENDING", Actor::Application, "imported");
        // "Usually a few seconds later, once Sumsub fires applicantReviewed on our side" (nxos guide, Verification).
        state.scripts.begin_by_clock(&scope.organization, Act::Approve, scope.now);
        front.hub.wake();
    }
    authorized(state, scope, true).map(|found| found.verification())
}

fn create_organization(state: &mut State, scope: &Scope<'_>, call: &Call) -> Result<Value, Refusal> {
    let body = json_object(call)?;
    let invalid = |message: &str| Refusal::new(400, "validation_error", message);
    let name = text(&body, "name").ok_or_else(|| invalid("name is required."))?;
    let kind = match text(&body, "type") {
        Some("BUSINESS") => OrganizationType::Business,
        Some("INDIVIDUAL") => OrganizationType::Individual,
        _ => return Err(invalid("type must be BUSINESS or INDIVIDUAL.")),
    };
    let metadata =
        metadata(&body).ok_or_else(|| invalid("metadata must be an object of up to 50 keys and 4 KB."))?;
    state.make_room(scope.nxos.shared.front.capacity);
    let id = state.add(kind, Some(LoaState::Pending), scope.now);
    state.created.push_back(id.clone());
    let own = scope.nxos.own_organization();
    let created = state.organizations.get_mut(&id).map(|made| {
        name.clone_into(&mut made.name);
        made.metadata = metadata;
        made.describe(&id, own)
    });
    created.ok_or_else(|| Refusal::new(500, "internal_error", "An unexpected server error occurred."))
}

pub(super) fn json_object(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why: NotJson| Refusal::new(400, "invalid_request", why.message()))
}

pub(super) fn text<'a>(body: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    body.get(field).and_then(Value::as_str).filter(|value| !value.is_empty())
}

/// Up to 4 KB serialized and 50 keys (nxos API reference, Create organization).
fn metadata(body: &Map<String, Value>) -> Option<Map<String, Value>> {
    match body.get("metadata") {
        None | Some(Value::Null) => Some(Map::new()),
        Some(value @ Value::Object(fields)) if fields.len() <= 50 && value.to_string().len() <= 4096 => {
            Some(fields.clone())
        }
        Some(_) => None,
    }
}
