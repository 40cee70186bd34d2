//! The vendors' addresses, keys and secrets.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::{OpenApi, Ref, RefOr, Schema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::json_routes::{Outcome, Refusals};
use crate::profile::Profile;
use crate::simulated_vendor::{Registration, SimulatedVendor};
use crate::simulation::Simulation;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new().routes(routes!(health)).routes(routes!(describe))
}

/// The health of the sandbox.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Says that the sandbox is running
#[utoipa::path(get, path = "/health", tag = "sandbox", responses((status = 200, body = Health), Refusals))]
async fn health() -> Outcome<Health> {
    Ok(Json(Health { status: "ok" }))
}

/// All vendors.
#[derive(ToSchema)]
#[allow(dead_code, reason = "the document is made of the type; its fields come from the registrations")]
struct Vendors {}

/// Lists the vendors' base URLs, keys and secrets
#[utoipa::path(get, path = "/vendors", tag = "sandbox", responses((status = 200, body = Vendors), Refusals))]
async fn describe(State(simulation): State<Simulation>) -> impl IntoResponse {
    let entry = |vendor: &Arc<dyn SimulatedVendor>| {
        format!("\"{}\":{}", field(vendor.runtime().front.profile), vendor.credentials())
    };
    let entries: Vec<String> = simulation.vendors.iter().map(entry).collect();
    ([(CONTENT_TYPE, "application/json")], format!("{{{}}}", entries.join(",")))
}

/// The name of a vendor among the fields of the answer.
fn field(profile: &Profile) -> String {
    profile.vendor.as_str().replace('-', "_")
}

/// Adds the vendors to the document: their names, their credentials and their own routes.
pub(super) fn add_to(document: &mut OpenApi, registrations: &[Registration]) {
    for registration in registrations {
        document.merge((registration.document)());
    }
    let Some(components) = &mut document.components else { return };
    if let Some(RefOr::T(Schema::Object(vendor))) = components.schemas.get_mut("Vendor") {
        let name = |registration: &Registration| registration.profile.vendor.as_str().into();
        vendor.enum_values = Some(registrations.iter().map(name).collect());
    }
    if let Some(RefOr::T(Schema::Object(vendors))) = components.schemas.get_mut("Vendors") {
        for registration in registrations {
            let field = field(registration.profile);
            let credentials = Ref::from_schema_name(registration.credentials);
            vendors.properties.insert(field.clone(), credentials.into());
            vendors.required.push(field);
        }
    }
}
