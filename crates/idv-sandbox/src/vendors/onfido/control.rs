//! The control routes of Onfido.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{Documented, Done, Input, Outcome, Refusals, Route, Webhook, done, webhook};
use crate::vendors::onfido::Onfido;

pub(super) static DOCUMENTED: Documented<Onfido> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Onfido> {
    OpenApiRouter::new().routes(routes!(runs)).routes(routes!(event)).routes(routes!(settings))
}

/// A workflow run at Onfido.
#[derive(Debug, Serialize, ToSchema)]
struct OnfidoRun {
    id: String,
    applicant_id: String,
    status: String,
}

/// All workflow runs at Onfido.
#[derive(Debug, Serialize, ToSchema)]
struct OnfidoRuns {
    /// Oldest first.
    runs: Vec<OnfidoRun>,
}

/// The receiver of an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OnfidoReceiver {
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// The settings of Onfido.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OnfidoSettings {
    /// Whether ends without a verdict are told as well.
    tell_every_end: Option<bool>,
    /// Whether events have a resource beside the object.
    send_resources: Option<bool>,
}

/// Lists the workflow runs
#[utoipa::path(get, path = "/onfido/runs", tag = "onfido", responses((status = 200, body = OnfidoRuns), Refusals))]
async fn runs(State(onfido): State<Onfido>) -> Outcome<OnfidoRuns> {
    let describe = |id: String| {
        let (applicant_id, status) = (onfido.applicant_of(&id)?, onfido.status(&id)?);
        Some(OnfidoRun { id, applicant_id, status })
    };
    Ok(Json(OnfidoRuns { runs: onfido.runs().into_iter().filter_map(describe).collect() }))
}

/// Creates an event about the current state of a workflow run
#[utoipa::path(post, path = "/onfido/runs/{id}/event", tag = "onfido", params(("id" = String, Path)), request_body = OnfidoReceiver, responses((status = 200, body = Webhook), Refusals))]
async fn event(
    State(onfido): State<Onfido>,
    Route(id): Route<String>,
    Input(wanted): Input<OnfidoReceiver>,
) -> Outcome<Webhook> {
    webhook(onfido.event(&id)?, wanted.deliver_to).await
}

/// Sets which ends are told, and the form of events
#[utoipa::path(post, path = "/onfido/settings", tag = "onfido", request_body = OnfidoSettings, responses((status = 200, body = Done), Refusals))]
async fn settings(State(onfido): State<Onfido>, Input(new): Input<OnfidoSettings>) -> Outcome<Done> {
    if let Some(every) = new.tell_every_end {
        onfido.tell_every_end(every);
    }
    if let Some(send) = new.send_resources {
        onfido.send_resources(send);
    }
    done()
}
