//! The control API: what the Rust handles can do, as JSON over HTTP on a port of its own, for tests in other languages
//! and for people at a terminal.
//!
//! A POST takes a JSON object with `Content-Type: application/json`, or nothing where every field is optional. Unknown
//! fields are refused. Success is 200 with a JSON object; a refusal is `{"error": "…"}` with 400 (the request makes no
//! sense), 404 (there is no such thing), 409 (not in this state, or the sandbox is full) or 502 (a webhook could not
//! be delivered). There is no authentication: the port is open on loopback only, and everything behind it is invented.
//!
//! | route | fields | answer |
//! |---|---|---|
//! | `GET /health` | | `status` |
//! | `GET /vendors` | | for each vendor its base URL, keys and secrets |
//!
//! For each `{vendor}` of `nxos`, `baanx` and `session-api`:
//!
//! | route | fields | answer |
//! |---|---|---|
//! | `GET /{vendor}/requests` | | `requests`: method, path, query, headers, body as text and as base64, status |
//! | `DELETE /{vendor}/requests` | | |
//! | `POST /{vendor}/answers` | `status`, `content_type`?, `headers`?, `body`? | |
//! | `POST /{vendor}/sign` | `body`, `deliver_to`? | a webhook |
//!
//! A *webhook* in an answer is `{"headers": [[name, value]…], "body": "…", "delivered": status or null}`. With
//! `deliver_to`, a plain `http` URL on loopback, it is posted there once.
//!
//! | route | fields | answer |
//! |---|---|---|
//! | `POST /nxos/organizations` | `type` (`BUSINESS`, `INDIVIDUAL`), `id`? | `organization_id` |
//! | `GET /nxos/organizations/{id}` | | `organization_id`, `status`, `applicant` |
//! | `POST /nxos/organizations/{id}/status` | `status`: any word | |
//! | `POST /nxos/organizations/{id}/loa` | `loa` (`PENDING`, `ACTIVE`, `REVOKED`) | |
//! | `POST /nxos/organizations/{id}/webhook` | `data`? (`empty`, `minimal`, `full`), `deliver_to`? | a webhook |
//! | `POST /nxos/share-tokens` | | `share_token` |
//! | `GET /nxos/access-tokens/{token}` | | `live` |
//! | `POST /nxos/fail-authentication` | `count` | |
//! | `POST /nxos/rate-limit` | `per_minute`: a number or null | |
//! | `POST /nxos/hold`, `POST /nxos/release` | | |
//!
//! In the routes of Baanx, `{id}` is a user id or an onboarding id, unless `token` or `suspend` follows.
//!
//! | route | fields | answer |
//! |---|---|---|
//! | `POST /baanx/users` | `first_name`, `last_name`, `region`? (`international`, `us`) | the user |
//! | `GET /baanx/users/{id}` | | `state` |
//! | `POST /baanx/users/{id}/state` | `state`: any word | |
//! | `POST /baanx/users/{id}/submit` | | `state` |
//! | `POST /baanx/users/{id}/abandon` | | |
//! | `POST /baanx/users/{id}/external-id` | `external_id` | |
//! | `POST /baanx/users/{id}/token` | | `token` |
//! | `POST /baanx/users/{id}/suspend` | | |
//! | `POST /baanx/users/{id}/webhook` | `status`, `failure_code`?, `deliver_to`? | a webhook, as in the guide |
//! | `POST /baanx/users/{id}/legacy-webhook` | `state`, `deliver_to`? | a webhook, as on the older page |
//! | `POST /baanx/onboardings` | `region`?, `id`? | `onboarding_id`, `user_id` |
//! | `POST /baanx/onboardings/{id}/complete` | `first_name`, `last_name` | the user |
//! | `POST /baanx/client-keys` | | `client_key` |
//! | `POST /baanx/webhook-key/rotate` | | `webhook_key` |
//!
//! | route | fields | answer |
//! |---|---|---|
//! | `GET /session-api/sessions` | | `sessions`: `id`, `status`, `invites` |
//! | `GET /session-api/sessions/{id}` | | `id`, `status`, `invites` |
//! | `POST /session-api/sessions/{id}/status` | `status`: any word | |
//! | `POST /session-api/sessions/{id}/progress` | `progress`: any word | |
//! | `POST /session-api/sessions/{id}/redirect-url` | `status`, `reason`? | `redirect_url` |
//! | `POST /session-api/sessions/{id}/webhook` | `event_type`, `deliver_to`? | a webhook |
//! | `POST /session-api/foreign-sessions` | | `id` |
//! | `POST /session-api/workflows` | `id`? | `workflow_id` |
//! | `GET /session-api/balance` | | `tokens` |
//! | `POST /session-api/balance` | `tokens` | |
//! | `POST /session-api/rate-limits` | `limits`: null, or `per_second`, `burst`, `per_day` | |
//! | `POST /session-api/settings` | `spelling`? (`snake`, `camel`), `id_field`? (`id`, `idv_id`), `loopback_redirects`? | |

mod baanx;
mod common;
mod nxos;
mod session_api;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::simulation::Simulation;

pub(crate) fn router(simulation: &Simulation) -> Router {
    let Simulation { nxos, baanx, session_api, .. } = simulation;
    Router::new()
        .route("/health", get(health))
        .route("/vendors", get(describe))
        .with_state(simulation.clone())
        .nest("/nxos", nxos::router(nxos))
        .nest("/baanx", baanx::router(baanx))
        .nest("/session-api", session_api::router(session_api))
        .fallback(common::unknown_route)
        .method_not_allowed_fallback(common::unknown_route)
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn describe(State(simulation): State<Simulation>) -> Json<Value> {
    let Simulation { nxos, baanx, session_api, .. } = &simulation;
    Json(json!({
        "nxos": {
            "base_url": nxos.base_url(),
            "api_key": nxos.api_key(),
            "own_organization": nxos.own_organization(),
            "webhook_secret": nxos.webhook_secret(),
        },
        "baanx": {
            "base_url": baanx.base_url(),
            "client_key": baanx.client_key(),
            "webhook_key": baanx.webhook_key(),
        },
        "session_api": {
            "base_url": session_api.base_url(),
            "api_key": session_api.api_key(),
            "sandbox_key": session_api.sandbox_key(),
            "webhook_secret": session_api.webhook_secret(),
        },
    }))
}
