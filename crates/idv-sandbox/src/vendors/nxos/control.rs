//! The control routes of nxos.

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
use crate::vendors::nxos::{LoaState, Nxos, NxosEventData, OrganizationType};

pub(super) static DOCUMENTED: Documented<Nxos> = LazyLock::new(|| documented().split_for_parts());

fn documented() -> OpenApiRouter<Nxos> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(look))
        .routes(routes!(set_status))
        .routes(routes!(set_loa))
        .routes(routes!(event))
        .routes(routes!(share_token))
        .routes(routes!(access_token))
        .routes(routes!(fail_authentication))
        .routes(routes!(rate_limit))
        .routes(routes!(event_data))
        .routes(routes!(hold))
        .routes(routes!(release))
}

/// A new organization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganization {
    r#type: OrganizationType,
    /// An id of the caller's choice; an organization that is there already starts anew.
    id: Option<String>,
}

/// The id of an organization.
#[derive(Debug, Serialize, ToSchema)]
struct OrganizationId {
    organization_id: String,
}

/// An organization.
#[derive(Debug, Serialize, ToSchema)]
struct Organization {
    organization_id: String,
    /// The verification status.
    status: String,
    /// The id of the applicant, once one exists.
    applicant: Option<String>,
}

/// A status.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Status {
    /// Any word, documented or not.
    status: String,
}

/// A letter of authorization.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Loa {
    loa: LoaState,
}

/// An event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OrganizationEvent {
    /// The amount of data in the event.
    #[serde(default)]
    data: NxosEventData,
    /// A plain `http` URL on loopback, to which it is posted once.
    deliver_to: Option<String>,
}

/// A share token.
#[derive(Debug, Serialize, ToSchema)]
struct ShareToken {
    share_token: String,
}

/// Whether an access token is still valid.
#[derive(Debug, Serialize, ToSchema)]
struct AccessToken {
    live: bool,
}

/// The number of requests.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Count {
    count: u32,
}

/// A limit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RateLimit {
    /// Null lifts the limit. An omitted field is refused, so that it cannot lift it by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    per_minute: Option<u32>,
}

/// Adds an organization whose letter of authorization is active
#[utoipa::path(post, path = "/nxos/organizations", tag = "nxos", request_body = NewOrganization, responses((status = 200, body = OrganizationId), Refusals))]
async fn add(State(nxos): State<Nxos>, Input(new): Input<NewOrganization>) -> Outcome<OrganizationId> {
    let organization_id = nxos.create_organization(new.id, new.r#type);
    Ok(Json(OrganizationId { organization_id }))
}

/// Returns an organization
#[utoipa::path(get, path = "/nxos/organizations/{id}", tag = "nxos", params(("id" = String, Path)), responses((status = 200, body = Organization), Refusals))]
async fn look(State(nxos): State<Nxos>, Route(id): Route<String>) -> Outcome<Organization> {
    let status = nxos.status(&id).ok_or_else(|| Refusal::unknown("organization", &id))?;
    let applicant = nxos.applicant(&id);
    Ok(Json(Organization { organization_id: id, status, applicant }))
}

/// Sets the verification status to any word
#[utoipa::path(post, path = "/nxos/organizations/{id}/status", tag = "nxos", params(("id" = String, Path)), request_body = Status, responses((status = 200, body = Done), Refusals))]
async fn set_status(
    State(nxos): State<Nxos>,
    Route(id): Route<String>,
    Input(new): Input<Status>,
) -> Outcome<Done> {
    nxos.set_status(&id, &new.status)?;
    done()
}

/// Sets the state of the letter of authorization
#[utoipa::path(post, path = "/nxos/organizations/{id}/loa", tag = "nxos", params(("id" = String, Path)), request_body = Loa, responses((status = 200, body = Done), Refusals))]
async fn set_loa(
    State(nxos): State<Nxos>,
    Route(id): Route<String>,
    Input(new): Input<Loa>,
) -> Outcome<Done> {
    nxos.set_loa(&id, new.loa)?;
    done()
}

/// Signs an event about the current state of an organization
#[utoipa::path(post, path = "/nxos/organizations/{id}/webhook", tag = "nxos", params(("id" = String, Path)), request_body = OrganizationEvent, responses((status = 200, body = Webhook), Refusals))]
async fn event(
    State(nxos): State<Nxos>,
    Route(id): Route<String>,
    Input(wanted): Input<OrganizationEvent>,
) -> Outcome<Webhook> {
    webhook(nxos.webhook(&id, wanted.data), wanted.deliver_to).await
}

/// Issues a share token that is valid for one import
#[utoipa::path(post, path = "/nxos/share-tokens", tag = "nxos", responses((status = 200, body = ShareToken), Refusals))]
async fn share_token(State(nxos): State<Nxos>) -> Outcome<ShareToken> {
    Ok(Json(ShareToken { share_token: nxos.issue_share_token() }))
}

/// Checks whether an access token is still valid
#[utoipa::path(get, path = "/nxos/access-tokens/{token}", tag = "nxos", params(("token" = String, Path)), responses((status = 200, body = AccessToken), Refusals))]
async fn access_token(State(nxos): State<Nxos>, Route(token): Route<String>) -> Outcome<AccessToken> {
    Ok(Json(AccessToken { live: nxos.access_token_is_live(&token) }))
}

/// Answers the next requests 401 `authentication_failed`
#[utoipa::path(post, path = "/nxos/fail-authentication", tag = "nxos", request_body = Count, responses((status = 200, body = Done), Refusals))]
async fn fail_authentication(State(nxos): State<Nxos>, Input(new): Input<Count>) -> Outcome<Done> {
    nxos.fail_authentication(new.count);
    done()
}

/// Sets the number of requests allowed in a minute
#[utoipa::path(post, path = "/nxos/rate-limit", tag = "nxos", request_body = RateLimit, responses((status = 200, body = Done), Refusals))]
async fn rate_limit(State(nxos): State<Nxos>, Input(new): Input<RateLimit>) -> Outcome<Done> {
    nxos.set_rate_limit(new.per_minute);
    done()
}

/// Holds requests that are not GET
#[utoipa::path(post, path = "/nxos/hold", tag = "nxos", responses((status = 200, body = Done), Refusals))]
async fn hold(State(nxos): State<Nxos>) -> Outcome<Done> {
    nxos.hold();
    done()
}

/// Releases the held requests
#[utoipa::path(post, path = "/nxos/release", tag = "nxos", responses((status = 200, body = Done), Refusals))]
async fn release(State(nxos): State<Nxos>) -> Outcome<Done> {
    nxos.release();
    done()
}

/// The amount of data in an event.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EventData {
    data: NxosEventData,
}

/// Sets the amount of data in the events that nxos sends by itself
#[utoipa::path(post, path = "/nxos/event-data", tag = "nxos", request_body = EventData,
    responses((status = 200, body = Done), Refusals))]
async fn event_data(State(nxos): State<Nxos>, Input(new): Input<EventData>) -> Outcome<Done> {
    nxos.set_event_data(new.data);
    done()
}
