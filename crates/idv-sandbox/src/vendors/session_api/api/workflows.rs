//! Workflows, as far as a client that creates sessions needs them (deepidv documentation, workflows).

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::get;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::session_api::SessionApi;
use crate::vendors::session_api::api::access::{answer, refuse};

pub(super) fn router() -> Router<SessionApi> {
    Router::new().route("/v1/workflows", get(list)).route("/v1/workflows/{id}", get(look))
}

async fn list(Extract(api): Extract<SessionApi>, call: Call) -> Answer {
    let mut state = api.lock();
    let outcome = api.admit(&mut state, &call).map(|_| {
        let mut ids: Vec<&String> = state.workflows.iter().collect();
        ids.sort_unstable();
        let workflows: Vec<Value> = ids.into_iter().map(|id| describe(id)).collect();
        json!({ "workflows": workflows })
    });
    answer(&state, outcome)
}

async fn look(Extract(api): Extract<SessionApi>, Path(id): Path<String>, call: Call) -> Answer {
    let mut state = api.lock();
    let outcome = api.admit(&mut state, &call).and_then(|_| match state.workflows.get(&id) {
        Some(id) => Ok(json!({ "workflow": describe(id) })),
        None => refuse(404, "Workflow not found."),
    });
    answer(&state, outcome)
}

/// Steps are spelled in kebab case here, and in upper snake case in sessions.
fn describe(id: &str) -> Value {
    json!({ "id": id, "name": "Simulated workflow", "steps": [{ "id": "id-verification" }] })
}
