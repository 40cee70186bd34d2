//! The control routes of Sumsub.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{
    Documented, Done, Input, Outcome, Refusal, Refusals, Route, Webhook, done, webhook,
};
use crate::vendors::sumsub::{Sumsub, SumsubDigest, SumsubRateLimits};

pub(super) static DOCUMENTED: Documented<Sumsub> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Sumsub> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(look))
        .routes(routes!(complete))
        .routes(routes!(reset))
        .routes(routes!(event))
        .routes(routes!(send_event))
        .routes(routes!(add_level))
        .routes(routes!(rate_limits))
        .routes(routes!(digest))
}

/// A new applicant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubNewApplicant {
    external_id: String,
    level: String,
}

/// The id of an applicant.
#[derive(Debug, Serialize, ToSchema)]
struct SumsubApplicantId {
    id: String,
}

/// An applicant.
#[derive(Debug, Serialize, ToSchema)]
struct SumsubApplicant {
    /// The review status.
    status: String,
    level: String,
    deactivated: bool,
}

/// A new level.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubNewLevel {
    name: String,
    /// Whether it is for companies and not for individuals.
    #[serde(default)]
    for_companies: bool,
}

/// An event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubEvent {
    /// Any word, such as `applicantTagsChanged`.
    event_type: String,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// An event to send.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubEventType {
    /// Any word, such as `applicantWorkflowCompleted`.
    event_type: String,
}

/// Limits.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubLimits {
    /// Null lifts the limits. An omitted field is refused, so that it cannot lift them by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    limits: Option<SumsubRateLimits>,
}

/// The algorithm of webhook signatures.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SumsubWebhookDigest {
    digest: SumsubDigest,
}

/// Adds an applicant, or finds the one with the external id
#[utoipa::path(post, path = "/sumsub/applicants", tag = "sumsub", request_body = SumsubNewApplicant, responses((status = 200, body = SumsubApplicantId), Refusals))]
async fn add(
    State(sumsub): State<Sumsub>,
    Input(new): Input<SumsubNewApplicant>,
) -> Outcome<SumsubApplicantId> {
    if sumsub.is_full() {
        return Err(Refusal::full());
    }
    Ok(Json(SumsubApplicantId { id: sumsub.add_applicant(&new.external_id, &new.level) }))
}

/// Returns an applicant
#[utoipa::path(get, path = "/sumsub/applicants/{id}", tag = "sumsub", params(("id" = String, Path)), responses((status = 200, body = SumsubApplicant), Refusals))]
async fn look(State(sumsub): State<Sumsub>, Route(id): Route<String>) -> Outcome<SumsubApplicant> {
    let (Some(status), Some(level)) = (sumsub.status(&id), sumsub.level(&id)) else {
        return Err(Refusal::unknown("applicant", &id));
    };
    Ok(Json(SumsubApplicant { status, level, deactivated: sumsub.is_deactivated(&id) }))
}

/// Ends the review with any result
#[utoipa::path(post, path = "/sumsub/applicants/{id}/review", tag = "sumsub", params(("id" = String, Path)), request_body = Object, responses((status = 200, body = Done), Refusals))]
async fn complete(
    State(sumsub): State<Sumsub>,
    Route(id): Route<String>,
    Input(result): Input<Map<String, Value>>,
) -> Outcome<Done> {
    sumsub.complete(&id, Value::Object(result))?;
    done()
}

/// Starts the review anew
#[utoipa::path(post, path = "/sumsub/applicants/{id}/reset", tag = "sumsub", params(("id" = String, Path)), responses((status = 200, body = Done), Refusals))]
async fn reset(State(sumsub): State<Sumsub>, Route(id): Route<String>) -> Outcome<Done> {
    sumsub.reset(&id)?;
    done()
}

/// Creates an event about the current state of an applicant
#[utoipa::path(post, path = "/sumsub/applicants/{id}/webhook", tag = "sumsub", params(("id" = String, Path)), request_body = SumsubEvent, responses((status = 200, body = Webhook), Refusals))]
async fn event(
    State(sumsub): State<Sumsub>,
    Route(id): Route<String>,
    Input(wanted): Input<SumsubEvent>,
) -> Outcome<Webhook> {
    webhook(sumsub.webhook(&id, &wanted.event_type), wanted.deliver_to).await
}

/// Sends an event about the current state of an applicant to the receivers of webhooks
#[utoipa::path(post, path = "/sumsub/applicants/{id}/events", tag = "sumsub", params(("id" = String, Path)), request_body = SumsubEventType, responses((status = 200, body = Done), Refusals))]
async fn send_event(
    State(sumsub): State<Sumsub>,
    Route(id): Route<String>,
    Input(wanted): Input<SumsubEventType>,
) -> Outcome<Done> {
    sumsub.send_event(&id, &wanted.event_type)?;
    done()
}

/// Adds a level
#[utoipa::path(post, path = "/sumsub/levels", tag = "sumsub", request_body = SumsubNewLevel, responses((status = 200, body = Done), Refusals))]
async fn add_level(State(sumsub): State<Sumsub>, Input(new): Input<SumsubNewLevel>) -> Outcome<Done> {
    if sumsub.is_full() {
        return Err(Refusal::full());
    }
    sumsub.add_level(&new.name, new.for_companies);
    done()
}

/// Sets the limits, and resets their counters
#[utoipa::path(post, path = "/sumsub/rate-limits", tag = "sumsub", request_body = SumsubLimits, responses((status = 200, body = Done), Refusals))]
async fn rate_limits(State(sumsub): State<Sumsub>, Input(new): Input<SumsubLimits>) -> Outcome<Done> {
    sumsub.set_rate_limits(new.limits);
    done()
}

/// Sets the algorithm that signs webhooks
#[utoipa::path(post, path = "/sumsub/webhook-digest", tag = "sumsub", request_body = SumsubWebhookDigest, responses((status = 200, body = Done), Refusals))]
async fn digest(State(sumsub): State<Sumsub>, Input(new): Input<SumsubWebhookDigest>) -> Outcome<Done> {
    sumsub.set_digest(new.digest);
    done()
}
