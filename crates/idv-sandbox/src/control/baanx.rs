//! The control routes of Baanx.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::baanx::{Baanx, BaanxUser, Region};
use crate::control::common::{Input, Outcome, Refusal, Sign, done, tap_routes, webhook};

pub(super) fn router(baanx: &Baanx) -> Router {
    Router::new()
        .route("/users", post(add_user))
        .route("/users/{id}", get(look))
        .route("/users/{id}/state", post(set_state))
        .route("/users/{id}/submit", post(submit))
        .route("/users/{id}/abandon", post(abandon))
        .route("/users/{id}/external-id", post(external_id))
        .route("/users/{id}/token", post(token))
        .route("/users/{id}/suspend", post(suspend))
        .route("/users/{id}/webhook", post(guide_event))
        .route("/users/{id}/legacy-webhook", post(legacy_event))
        .route("/onboardings", post(add_onboarding))
        .route("/onboardings/{id}/complete", post(complete))
        .route("/client-keys", post(client_key))
        .route("/webhook-key/rotate", post(rotate))
        .route("/sign", post(sign))
        .with_state(baanx.clone())
        .merge(tap_routes(baanx.tap()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUser {
    first_name: String,
    last_name: String,
    #[serde(default)]
    region: Region,
}

fn user(user: BaanxUser) -> Outcome {
    Ok(Json(serde_json::to_value(user).unwrap_or(Value::Null)))
}

async fn add_user(State(baanx): State<Baanx>, Input(new): Input<NewUser>) -> Outcome {
    let mut added = None;
    baanx.among_created(|baanx| {
        let user = baanx.add_user_in(new.region, &new.first_name, &new.last_name);
        added.insert(user).user_id.clone()
    });
    added.map_or_else(done, user)
}

async fn look(State(baanx): State<Baanx>, Path(id): Path<String>) -> Outcome {
    let state = baanx.state(&id).ok_or_else(|| Refusal::unknown("user or onboarding", &id))?;
    Ok(Json(json!({ "state": state })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewState {
    state: String,
}

async fn set_state(
    State(baanx): State<Baanx>,
    Path(id): Path<String>,
    Input(new): Input<NewState>,
) -> Outcome {
    baanx.set_state(&id, &new.state)?;
    done()
}

async fn submit(State(baanx): State<Baanx>, Path(id): Path<String>) -> Outcome {
    Ok(Json(json!({ "state": baanx.submit(&id)? })))
}

async fn abandon(State(baanx): State<Baanx>, Path(id): Path<String>) -> Outcome {
    baanx.abandon(&id)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExternalId {
    external_id: String,
}

async fn external_id(
    State(baanx): State<Baanx>,
    Path(id): Path<String>,
    Input(new): Input<ExternalId>,
) -> Outcome {
    baanx.set_external_id(&id, &new.external_id)?;
    done()
}

async fn token(State(baanx): State<Baanx>, Path(id): Path<String>) -> Outcome {
    Ok(Json(json!({ "token": baanx.issue_token(&id)? })))
}

async fn suspend(State(baanx): State<Baanx>, Path(id): Path<String>) -> Outcome {
    baanx.suspend(&id)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuideEvent {
    status: String,
    failure_code: Option<String>,
    deliver_to: Option<String>,
}

async fn guide_event(
    State(baanx): State<Baanx>,
    Path(id): Path<String>,
    Input(wanted): Input<GuideEvent>,
) -> Outcome {
    let event = baanx.webhook_guide(&id, &wanted.status, wanted.failure_code.as_deref());
    webhook(event, wanted.deliver_to).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LegacyEvent {
    state: String,
    deliver_to: Option<String>,
}

async fn legacy_event(
    State(baanx): State<Baanx>,
    Path(id): Path<String>,
    Input(wanted): Input<LegacyEvent>,
) -> Outcome {
    webhook(baanx.webhook_legacy(&id, &wanted.state), wanted.deliver_to).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOnboarding {
    #[serde(default)]
    region: Region,
    id: Option<String>,
}

async fn add_onboarding(State(baanx): State<Baanx>, Input(new): Input<NewOnboarding>) -> Outcome {
    let id = baanx.among_created(|baanx| match new.id {
        Some(id) => {
            baanx.add_onboarding_with_id(new.region, &id);
            id
        }
        None => baanx.add_onboarding_in(new.region),
    });
    Ok(Json(json!({ "onboarding_id": id, "user_id": baanx.onboarding_user(&id) })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    first_name: String,
    last_name: String,
}

async fn complete(State(baanx): State<Baanx>, Path(id): Path<String>, Input(new): Input<Names>) -> Outcome {
    user(baanx.complete_registration(&id, &new.first_name, &new.last_name)?)
}

async fn client_key(State(baanx): State<Baanx>) -> Outcome {
    if baanx.is_full() {
        return Err(Refusal::full());
    }
    Ok(Json(json!({ "client_key": baanx.add_client_key() })))
}

async fn rotate(State(baanx): State<Baanx>) -> Outcome {
    Ok(Json(json!({ "webhook_key": baanx.rotate_webhook_key() })))
}

async fn sign(State(baanx): State<Baanx>, Input(wanted): Input<Sign>) -> Outcome {
    webhook(baanx.sign(wanted.body.as_bytes()), wanted.deliver_to).await
}
