//! The control routes of Veriff.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{Documented, Done, Input, Outcome, Refusals, Route, Webhook, done, webhook};
use crate::vendors::veriff::{Veriff, VeriffCodes};

pub(super) static DOCUMENTED: Documented<Veriff> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Veriff> {
    OpenApiRouter::new().routes(routes!(sessions)).routes(routes!(decision)).routes(routes!(settings))
}

/// A session at Veriff.
#[derive(Debug, Serialize, ToSchema)]
struct VeriffSession {
    id: String,
    status: String,
    /// The number of attempts so far.
    attempts: usize,
}

/// All sessions at Veriff.
#[derive(Debug, Serialize, ToSchema)]
struct VeriffSessions {
    /// Oldest first.
    sessions: Vec<VeriffSession>,
}

/// The receiver of a webhook.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VeriffReceiver {
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// The settings of Veriff.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VeriffSettings {
    codes: Option<VeriffCodes>,
    /// Whether reason codes are text in place of numbers.
    text_reason_codes: Option<bool>,
    /// Whether callbacks may be plain `http` on loopback.
    loopback_callbacks: Option<bool>,
    /// Whether sessions can be deleted.
    deletion: Option<bool>,
}

/// Lists the sessions
#[utoipa::path(get, path = "/veriff/sessions", tag = "veriff", responses((status = 200, body = VeriffSessions), Refusals))]
async fn sessions(State(veriff): State<Veriff>) -> Outcome<VeriffSessions> {
    let sessions = veriff.sessions().into_iter().filter_map(|id| describe(&veriff, id)).collect();
    Ok(Json(VeriffSessions { sessions }))
}

/// Creates a decision webhook about the current state of a session
#[utoipa::path(post, path = "/veriff/sessions/{id}/webhook", tag = "veriff", params(("id" = String, Path)), request_body = VeriffReceiver, responses((status = 200, body = Webhook), Refusals))]
async fn decision(
    State(veriff): State<Veriff>,
    Route(id): Route<String>,
    Input(wanted): Input<VeriffReceiver>,
) -> Outcome<Webhook> {
    webhook(veriff.decision_webhook(&id)?, wanted.deliver_to).await
}

/// Sets the codes, the type of reason codes, and permissions
#[utoipa::path(post, path = "/veriff/settings", tag = "veriff", request_body = VeriffSettings, responses((status = 200, body = Done), Refusals))]
async fn settings(State(veriff): State<Veriff>, Input(new): Input<VeriffSettings>) -> Outcome<Done> {
    if let Some(codes) = new.codes {
        veriff.codes(codes);
    }
    if let Some(text) = new.text_reason_codes {
        veriff.reason_codes_as_text(text);
    }
    if let Some(allow) = new.loopback_callbacks {
        veriff.allow_loopback_callbacks(allow);
    }
    if let Some(allow) = new.deletion {
        veriff.allow_deletion(allow);
    }
    done()
}

fn describe(veriff: &Veriff, id: String) -> Option<VeriffSession> {
    let (status, attempts) = (veriff.status(&id)?, veriff.attempts(&id)?);
    Some(VeriffSession { id, status, attempts })
}
