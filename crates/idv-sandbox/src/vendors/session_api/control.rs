//! The control routes of the session API.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{
    Documented, Done, Input, Outcome, Refusal, Refusals, Route, Webhook, done, webhook,
};
use crate::vendors::session_api::{AnswerSpelling, IdField, Invites, RateLimits, SessionApi};

pub(super) static DOCUMENTED: Documented<SessionApi> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<SessionApi> {
    OpenApiRouter::new()
        .routes(routes!(sessions))
        .routes(routes!(look))
        .routes(routes!(set_status))
        .routes(routes!(set_progress))
        .routes(routes!(redirect_url))
        .routes(routes!(event))
        .routes(routes!(foreign_session))
        .routes(routes!(add_workflow))
        .routes(routes!(balance, set_balance))
        .routes(routes!(rate_limits))
        .routes(routes!(settings))
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
struct Session {
    id: String,
    status: String,
    /// The invitations that the create call asked for.
    invites: Invites,
}

/// All sessions.
#[derive(Debug, Serialize, ToSchema)]
struct Sessions {
    /// Oldest first.
    sessions: Vec<Session>,
}

/// The id of a session.
#[derive(Debug, Serialize, ToSchema)]
struct SessionId {
    id: String,
}

/// A status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Status {
    /// Any word, documented or not.
    status: String,
}

/// A progress.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Progress {
    /// Any word, documented or not.
    progress: String,
}

/// The return of the applicant's browser.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Return {
    /// Any word; `success`, `failed` and `abandoned` are documented.
    status: String,
    /// Any word.
    reason: Option<String>,
}

/// The URL that the browser is sent to.
#[derive(Debug, Serialize, ToSchema)]
struct SessionReturnUrl {
    redirect_url: String,
}

/// An event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SessionEvent {
    /// Any word, such as `session.status.verified`.
    event_type: String,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// A new workflow.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewWorkflow {
    /// An id of the caller's choice.
    id: Option<String>,
}

/// The id of a workflow.
#[derive(Debug, Serialize, ToSchema)]
struct WorkflowId {
    workflow_id: String,
}

/// The token balance.
#[derive(Debug, Serialize, ToSchema)]
struct Balance {
    tokens: u64,
}

/// The token balance.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewBalance {
    tokens: u64,
}

/// Limits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Limits {
    /// Null lifts the limits. An omitted field is refused, so that it cannot lift them by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    limits: Option<RateLimits>,
}

/// The settings of the vendor's answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    spelling: Option<AnswerSpelling>,
    id_field: Option<IdField>,
    /// Whether redirect URLs may be plain `http` on loopback.
    loopback_redirects: Option<bool>,
}

/// Lists the sessions
#[utoipa::path(get, path = "/session-api/sessions", tag = "session-api", responses((status = 200, body = Sessions), Refusals))]
async fn sessions(State(api): State<SessionApi>) -> Outcome<Sessions> {
    let sessions = api.sessions().into_iter().filter_map(|id| describe(&api, id)).collect();
    Ok(Json(Sessions { sessions }))
}

/// Returns a session
#[utoipa::path(get, path = "/session-api/sessions/{id}", tag = "session-api", params(("id" = String, Path)), responses((status = 200, body = Session), Refusals))]
async fn look(State(api): State<SessionApi>, Route(id): Route<String>) -> Outcome<Session> {
    describe(&api, id.clone()).map(Json).ok_or_else(|| Refusal::unknown("session", &id))
}

/// Sets the status to any word
#[utoipa::path(post, path = "/session-api/sessions/{id}/status", tag = "session-api", params(("id" = String, Path)), request_body = Status, responses((status = 200, body = Done), Refusals))]
async fn set_status(
    State(api): State<SessionApi>,
    Route(id): Route<String>,
    Input(new): Input<Status>,
) -> Outcome<Done> {
    api.set_status(&id, &new.status)?;
    done()
}

/// Sets the progress to any word
#[utoipa::path(post, path = "/session-api/sessions/{id}/progress", tag = "session-api", params(("id" = String, Path)), request_body = Progress, responses((status = 200, body = Done), Refusals))]
async fn set_progress(
    State(api): State<SessionApi>,
    Route(id): Route<String>,
    Input(new): Input<Progress>,
) -> Outcome<Done> {
    api.set_progress(&id, &new.progress)?;
    done()
}

/// Returns the redirect URL with the vendor's parameters
#[utoipa::path(post, path = "/session-api/sessions/{id}/redirect-url", tag = "session-api", params(("id" = String, Path)), request_body = Return, responses((status = 200, body = SessionReturnUrl), Refusals))]
async fn redirect_url(
    State(api): State<SessionApi>,
    Route(id): Route<String>,
    Input(wanted): Input<Return>,
) -> Outcome<SessionReturnUrl> {
    let redirect_url = api.redirect_url(&id, &wanted.status, wanted.reason.as_deref())?;
    Ok(Json(SessionReturnUrl { redirect_url }))
}

/// Creates an event about the current state of a session
#[utoipa::path(post, path = "/session-api/sessions/{id}/webhook", tag = "session-api", params(("id" = String, Path)), request_body = SessionEvent, responses((status = 200, body = Webhook), Refusals))]
async fn event(
    State(api): State<SessionApi>,
    Route(id): Route<String>,
    Input(wanted): Input<SessionEvent>,
) -> Outcome<Webhook> {
    webhook(api.webhook(&id, &wanted.event_type), wanted.deliver_to).await
}

/// Adds a session of another organization
#[utoipa::path(post, path = "/session-api/foreign-sessions", tag = "session-api", responses((status = 200, body = SessionId), Refusals))]
async fn foreign_session(State(api): State<SessionApi>) -> Outcome<SessionId> {
    api.make_room();
    Ok(Json(SessionId { id: api.add_foreign_session() }))
}

/// Adds a workflow
#[utoipa::path(post, path = "/session-api/workflows", tag = "session-api", request_body = NewWorkflow, responses((status = 200, body = WorkflowId), Refusals))]
async fn add_workflow(State(api): State<SessionApi>, Input(new): Input<NewWorkflow>) -> Outcome<WorkflowId> {
    if api.is_full() {
        return Err(Refusal::full());
    }
    let workflow_id = match new.id {
        Some(id) => {
            api.add_workflow_with_id(&id);
            id
        }
        None => api.add_workflow(),
    };
    Ok(Json(WorkflowId { workflow_id }))
}

/// Returns the token balance
#[utoipa::path(get, path = "/session-api/balance", tag = "session-api", responses((status = 200, body = Balance), Refusals))]
async fn balance(State(api): State<SessionApi>) -> Outcome<Balance> {
    Ok(Json(Balance { tokens: api.balance() }))
}

/// Sets the token balance
#[utoipa::path(post, path = "/session-api/balance", tag = "session-api", request_body = NewBalance, responses((status = 200, body = Done), Refusals))]
async fn set_balance(State(api): State<SessionApi>, Input(new): Input<NewBalance>) -> Outcome<Done> {
    api.set_balance(new.tokens);
    done()
}

/// Sets the limits, and resets their counters
#[utoipa::path(post, path = "/session-api/rate-limits", tag = "session-api", request_body = Limits, responses((status = 200, body = Done), Refusals))]
async fn rate_limits(State(api): State<SessionApi>, Input(new): Input<Limits>) -> Outcome<Done> {
    api.set_rate_limits(new.limits);
    done()
}

/// Sets the spelling of answers, and whether redirects may go to loopback
#[utoipa::path(post, path = "/session-api/settings", tag = "session-api", request_body = Settings, responses((status = 200, body = Done), Refusals))]
async fn settings(State(api): State<SessionApi>, Input(new): Input<Settings>) -> Outcome<Done> {
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

fn describe(api: &SessionApi, id: String) -> Option<Session> {
    let (status, invites) = (api.status(&id)?, api.invites(&id)?);
    Some(Session { id, status, invites })
}
