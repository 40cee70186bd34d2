//! The HTTP surface of the simulated nxos.

mod authorizations;
mod call;
mod webhook_endpoints;

use axum::Router;
use axum::extract::State as Extract;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use serde_json::{Map, Value, json};

use crate::act::{Act, Actor};
use crate::answer::Answer;
use crate::call::Call;
use crate::script::Directives;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::nxos::api::call::{Scope, json_object, text, write};
use crate::vendors::nxos::refusal::Refusal;
use crate::vendors::nxos::state::{LoaState, Organization, OrganizationType, ShareToken, State};
use crate::vendors::nxos::{Nxos, actions};

pub(crate) fn router(nxos: &Nxos) -> Router {
    Router::new()
        .route("/v1/organizations", post(create))
        .route("/v1/organizations/verification", get(read).post(start))
        .route("/v1/organizations/verification/import", post(import))
        .merge(authorizations::router())
        .merge(webhook_endpoints::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(nxos.clone())
}

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

/// The organization in scope, if the letter of authorization allows the call.
fn authorized<'a>(
    state: &'a mut State,
    scope: &Scope<'_>,
    signed: bool,
) -> Result<&'a mut Organization, Refusal> {
    let capacity = scope.nxos.front.capacity;
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
    step_on_read(state, &scope.nxos.front, &scope.organization);
    authorized(state, scope, false).map(|found| found.verification())
}

fn start_verification(state: &mut State, scope: &Scope<'_>, call: &Call) -> Result<Value, Refusal> {
    if !call.body.is_empty() || call.headers.contains_key(CONTENT_TYPE) {
        return Err(Refusal::new(400, "invalid_request", "This endpoint takes no request body."));
    }
    let front = &scope.nxos.front;
    let status = authorized(state, scope, false)?.status.clone();
    if matches!(status.as_str(), "NOT_STARTED" | "RESUBMISSION_REQUIRED") {
        actions::change(state, front, &scope.organization, "PENDING", Actor::Application, "started");
    } else {
        note(state, front, &scope.organization, Actor::Application, "started again");
    }
    begin_script(state, scope, call, status == "RESUBMISSION_REQUIRED");
    let (link, token) = state.open_session(&scope.organization, scope.now);
    let url = scope.nxos.front.page_url(&link);
    Ok(json!({ "object": "verification_session", "url": url, "accessToken": token }))
}

/// Begins the script of the organization id, or if that has none, of the idempotency key.
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
        scope.nxos.front.hub.wake();
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
    let front = &scope.nxos.front;
    if matches!(authorized(state, scope, true)?.status.as_str(), "APPROVED" | "ON_HOLD") {
        note(state, front, &scope.organization, Actor::Application, "imported, to no effect");
    } else {
        actions::change(state, front, &scope.organization, "PENDING", Actor::Application, "imported");
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
    state.make_room(scope.nxos.front.capacity);
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
