//! The control routes of nxos.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;

use crate::control::common::{Input, Outcome, Refusal, Sign, done, tap_routes, webhook};
use crate::nxos::{LoaState, Nxos, NxosEventData, OrganizationType};

pub(super) fn router(nxos: &Nxos) -> Router {
    Router::new()
        .route("/organizations", post(add))
        .route("/organizations/{id}", get(look))
        .route("/organizations/{id}/status", post(set_status))
        .route("/organizations/{id}/loa", post(set_loa))
        .route("/organizations/{id}/webhook", post(event))
        .route("/share-tokens", post(share_token))
        .route("/access-tokens/{token}", get(access_token))
        .route("/fail-authentication", post(fail_authentication))
        .route("/rate-limit", post(rate_limit))
        .route("/hold", post(hold))
        .route("/release", post(release))
        .route("/sign", post(sign))
        .with_state(nxos.clone())
        .merge(tap_routes(nxos.tap()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewOrganization {
    r#type: OrganizationType,
    id: Option<String>,
}

async fn add(State(nxos): State<Nxos>, Input(new): Input<NewOrganization>) -> Outcome {
    let id = nxos.create_organization(new.id, new.r#type);
    Ok(Json(json!({ "organization_id": id })))
}

async fn look(State(nxos): State<Nxos>, Path(id): Path<String>) -> Outcome {
    let status = nxos.status(&id).ok_or_else(|| Refusal::unknown("organization", &id))?;
    Ok(Json(json!({ "organization_id": id, "status": status, "applicant": nxos.applicant(&id) })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Status {
    status: String,
}

async fn set_status(State(nxos): State<Nxos>, Path(id): Path<String>, Input(new): Input<Status>) -> Outcome {
    nxos.set_status(&id, &new.status)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Loa {
    loa: LoaState,
}

async fn set_loa(State(nxos): State<Nxos>, Path(id): Path<String>, Input(new): Input<Loa>) -> Outcome {
    nxos.set_loa(&id, new.loa)?;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    #[serde(default)]
    data: NxosEventData,
    deliver_to: Option<String>,
}

async fn event(State(nxos): State<Nxos>, Path(id): Path<String>, Input(wanted): Input<Event>) -> Outcome {
    webhook(nxos.webhook(&id, wanted.data), wanted.deliver_to).await
}

async fn share_token(State(nxos): State<Nxos>) -> Outcome {
    Ok(Json(json!({ "share_token": nxos.issue_share_token() })))
}

async fn access_token(State(nxos): State<Nxos>, Path(token): Path<String>) -> Outcome {
    Ok(Json(json!({ "live": nxos.access_token_is_live(&token) })))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Count {
    count: u32,
}

async fn fail_authentication(State(nxos): State<Nxos>, Input(new): Input<Count>) -> Outcome {
    nxos.fail_authentication(new.count);
    done()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RateLimit {
    /// Forgetting the field must not lift the limit.
    #[serde(deserialize_with = "Option::deserialize")]
    per_minute: Option<u32>,
}

async fn rate_limit(State(nxos): State<Nxos>, Input(new): Input<RateLimit>) -> Outcome {
    nxos.set_rate_limit(new.per_minute);
    done()
}

async fn hold(State(nxos): State<Nxos>) -> Outcome {
    nxos.hold();
    done()
}

async fn release(State(nxos): State<Nxos>) -> Outcome {
    nxos.release();
    done()
}

async fn sign(State(nxos): State<Nxos>, Input(wanted): Input<Sign>) -> Outcome {
    webhook(nxos.sign(wanted.body.as_bytes()), wanted.deliver_to).await
}
