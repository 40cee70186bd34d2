//! The vendors' addresses, keys and secrets.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::common::{Outcome, Refusals};
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
#[derive(Debug, Serialize, ToSchema)]
struct Vendors {
    nxos: NxosVendor,
    baanx: BaanxVendor,
    session_api: SessionApiVendor,
}

/// nxos.
#[derive(Debug, Serialize, ToSchema)]
struct NxosVendor {
    base_url: String,
    api_key: String,
    own_organization: String,
    webhook_secret: String,
}

/// Baanx.
#[derive(Debug, Serialize, ToSchema)]
struct BaanxVendor {
    base_url: String,
    client_key: String,
    webhook_key: String,
}

/// The session API.
#[derive(Debug, Serialize, ToSchema)]
struct SessionApiVendor {
    base_url: String,
    api_key: String,
    sandbox_key: String,
    webhook_secret: String,
}

/// Lists the vendors' base URLs, keys and secrets
#[utoipa::path(get, path = "/vendors", tag = "sandbox", responses((status = 200, body = Vendors), Refusals))]
async fn describe(State(simulation): State<Simulation>) -> Outcome<Vendors> {
    let Simulation { nxos, baanx, session_api, .. } = &simulation;
    Ok(Json(Vendors {
        nxos: NxosVendor {
            base_url: nxos.base_url().to_owned(),
            api_key: nxos.api_key().to_owned(),
            own_organization: nxos.own_organization().to_owned(),
            webhook_secret: nxos.webhook_secret(),
        },
        baanx: BaanxVendor {
            base_url: baanx.base_url().to_owned(),
            client_key: baanx.client_key().to_owned(),
            webhook_key: baanx.webhook_key(),
        },
        session_api: SessionApiVendor {
            base_url: session_api.base_url().to_owned(),
            api_key: session_api.api_key().to_owned(),
            sandbox_key: session_api.sandbox_key().to_owned(),
            webhook_secret: session_api.webhook_secret(),
        },
    }))
}
