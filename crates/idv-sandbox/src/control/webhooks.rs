//! Receivers of webhooks, deliveries to them, and webhook faults.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::named::{Id, Named};
use crate::json_routes::{Done, Input, Outcome, Refusals, Route, Sign, Webhook, done, webhook};
use crate::simulation::Simulation;
use crate::vendor::Vendor;
use crate::webhooks::{Mischief, WebhookDelivery, WebhookEndpoint};

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new()
        .routes(routes!(endpoints, add_endpoint))
        .routes(routes!(remove_endpoint))
        .routes(routes!(rotate_secret))
        .routes(routes!(deliveries))
        .routes(routes!(add_mischief, clear_mischief))
        .routes(routes!(sign))
}

/// The registered receivers.
#[derive(Debug, Serialize, ToSchema)]
struct Endpoints {
    endpoints: Vec<WebhookEndpoint>,
}

/// Lists the receivers of webhooks
#[utoipa::path(get, path = "/{vendor}/webhook-endpoints", tag = "webhooks", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Endpoints), Refusals))]
async fn endpoints(Named(vendor): Named) -> Outcome<Endpoints> {
    let endpoints = vendor.webhook_endpoints();
    Ok(Json(Endpoints { endpoints }))
}

/// A new receiver.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewEndpoint {
    /// A plain `http` URL on loopback.
    url: String,
}

/// The id of a created resource.
#[derive(Debug, Serialize, ToSchema)]
struct EndpointId {
    id: String,
}

/// Registers a receiver of webhooks
#[utoipa::path(post, path = "/{vendor}/webhook-endpoints", tag = "webhooks", params(("vendor" = Vendor, Path)),
    request_body = NewEndpoint, responses((status = 200, body = EndpointId), Refusals))]
async fn add_endpoint(Named(vendor): Named, Input(new): Input<NewEndpoint>) -> Outcome<EndpointId> {
    let id = vendor.add_webhook_endpoint(&new.url)?;
    Ok(Json(EndpointId { id }))
}

/// Removes a receiver of webhooks
#[utoipa::path(delete, path = "/{vendor}/webhook-endpoints/{id}", tag = "webhooks",
    params(("vendor" = Vendor, Path), ("id" = String, Path)), responses((status = 200, body = Done), Refusals))]
async fn remove_endpoint(Named(vendor): Named, Route(Id { id }): Route<Id>) -> Outcome<Done> {
    vendor.remove_webhook_endpoint(&id)?;
    done()
}

/// A fresh signing secret.
#[derive(Debug, Serialize, ToSchema)]
struct Secret {
    secret: String,
}

/// Replaces the vendor's first signing secret
#[utoipa::path(post, path = "/{vendor}/webhook-secret/rotate", tag = "webhooks", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Secret), Refusals))]
async fn rotate_secret(Named(vendor): Named) -> Outcome<Secret> {
    Ok(Json(Secret { secret: vendor.rotate_webhook_secret() }))
}

/// The webhooks of a vendor.
#[derive(Debug, Serialize, ToSchema)]
struct Deliveries {
    /// Oldest first, at most a thousand.
    webhooks: Vec<WebhookDelivery>,
}

/// Lists the webhooks sent or queued
#[utoipa::path(get, path = "/{vendor}/webhooks", tag = "webhooks", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Deliveries), Refusals))]
async fn deliveries(Named(vendor): Named) -> Outcome<Deliveries> {
    let webhooks = vendor.webhooks();
    Ok(Json(Deliveries { webhooks }))
}

/// Queues a fault for the next webhook
#[utoipa::path(post, path = "/{vendor}/mischief", tag = "webhooks", params(("vendor" = Vendor, Path)),
    request_body = Mischief, responses((status = 200, body = Done), Refusals))]
async fn add_mischief(Named(vendor): Named, Input(mischief): Input<Mischief>) -> Outcome<Done> {
    vendor.add_mischief(mischief)?;
    done()
}

/// Clears the queued webhook faults
#[utoipa::path(delete, path = "/{vendor}/mischief", tag = "webhooks", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Done), Refusals))]
async fn clear_mischief(Named(vendor): Named) -> Outcome<Done> {
    vendor.clear_mischief();
    done()
}

/// Signs any body as the vendor would
#[utoipa::path(post, path = "/{vendor}/sign", tag = "webhooks", params(("vendor" = Vendor, Path)),
    request_body = Sign, responses((status = 200, body = Webhook), Refusals))]
async fn sign(Named(vendor): Named, Input(wanted): Input<Sign>) -> Outcome<Webhook> {
    let signed = vendor.sign(wanted.body.as_bytes());
    webhook(signed, wanted.deliver_to).await
}
