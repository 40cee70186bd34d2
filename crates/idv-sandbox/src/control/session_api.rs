//! The control routes of the session API.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::control::common::{Input, Outcome, Refusal, Sign, done, tap_routes, webhook};
use crate::session_api::{AnswerSpelling, IdField, RateLimits, SessionApi};

pub(super) fn router(api: &SessionApi) -> Router {
    Router::new()
        .route("/sessions", get(sessions))
        .route("/sessions/{id}", get(look))
        .route("/sessions/{id}/status", post(set_status))
        .route("/sessions/{id}/progress", post(set_progress))
        .route("/sessions/{id}/redirect-url", post(redirect_url))
        .route("/sessions/{id}/webhook", post(event))
        .route("/foreign-sessions", post(foreign_session))
        .route("/workflows", post(add_workflow))
        .route("/balance", get(balance).post(set_balance))
        .route("/rate-limits", post(rate_limits))
        .route("/settings", post(settings))
        .route("/sign", post(sign))
        .with_state(api.clone())
        .merge(tap_routes(api.tap()))
}

fn describe(api: &SessionApi, id: &str) -> Option<Value> {
    Some(json!({ "id": id, "status": api.status(id)?, "invites": api.invites(id)? }))
}

async fn sessions(State(api): State<SessionApi>) -> Outcome {
    let sessions: Vec<Value> = api.sessions().iter().filter_map(|id| describe(&api, id)).collect();
    Ok(Json(json!({ "sessions": sessions })))
}

async fn look(State(api): State<SessionApi>, Path(id): Path<String>) -> Outcome {
    describe(&api, &id).map(Json).ok_or_else(|| Refusal::unknown("session", &id))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    status: String,
}

async fn set_status(
    State(api): State<SessionApi>,
    Path(id): Path<String>,
    Input(new): Input<Status>,
) -> Outcome {
    api.set_status(&id, &new.status)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    progress: String,
}

async fn set_progress(
    State(api): State<SessionApi>,
    Path(id): Path<String>,
    Input(new): Input<Progress>,
) -> Outcome {
    api.set_progress(&id, &new.progress)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Return {
    status: String,
    reason: Option<String>,
}

async fn redirect_url(
    State(api): State<SessionApi>,
    Path(id): Path<String>,
    Input(wanted): Input<Return>,
) -> Outcome {
    let url = api.redirect_url(&id, &wanted.status, wanted.reason.as_deref())?;
    Ok(Json(json!({ "redirect_url": url })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    event_type: String,
    deliver_to: Option<String>,
}

async fn event(
    State(api): State<SessionApi>,
    Path(id): Path<String>,
    Input(wanted): Input<Event>,
) -> Outcome {
    webhook(api.webhook(&id, &wanted.event_type), wanted.deliver_to).await
}

async fn foreign_session(State(api): State<SessionApi>) -> Outcome {
    api.make_room();
    Ok(Json(json!({ "id": api.add_foreign_session() })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWorkflow {
    id: Option<String>,
}

async fn add_workflow(State(api): State<SessionApi>, Input(new): Input<NewWorkflow>) -> Outcome {
    if api.is_full() {
        return Err(Refusal::full());
    }
    let id = match new.id {
        Some(id) => {
            api.add_workflow_with_id(&id);
            id
        }
        None => api.add_workflow(),
    };
    Ok(Json(json!({ "workflow_id": id })))
}

async fn balance(State(api): State<SessionApi>) -> Outcome {
    Ok(Json(json!({ "tokens": api.balance() })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    tokens: u64,
}

async fn set_balance(State(api): State<SessionApi>, Input(new): Input<Balance>) -> Outcome {
    api.set_balance(new.tokens);
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// Forgetting the field must not lift the limits.
    #[serde(deserialize_with = "Option::deserialize")]
    limits: Option<RateLimits>,
}

async fn rate_limits(State(api): State<SessionApi>, Input(new): Input<Limits>) -> Outcome {
    api.set_rate_limits(new.limits);
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    spelling: Option<AnswerSpelling>,
    id_field: Option<IdField>,
    loopback_redirects: Option<bool>,
}

async fn settings(State(api): State<SessionApi>, Input(new): Input<Settings>) -> Outcome {
    if let Some(spelling) = new.spelling {
        api.spelling(spelling);
    }
    if let Some(field) = new.id_field {
        api.id_field(field);
    }
    if let Some(allow) = new.loopback_redirects {
        api.allow_loopback_redirects(allow);
    }
    done()
}

async fn sign(State(api): State<SessionApi>, Input(wanted): Input<Sign>) -> Outcome {
    webhook(api.sign(wanted.body.as_bytes()), wanted.deliver_to).await
}
