//! The control API: the operations of the Rust handles as JSON over HTTP on a port of its own, for tests in other
//! languages and for people at a terminal; and at `/` the operator's page.
//!
//! `GET /openapi.json` is its OpenAPI document, generated from the code ([`openapi`] is the same text). A POST takes a
//! JSON object with `Content-Type: application/json`, or nothing if every field is optional. Unknown fields are
//! refused. Success is 200 with a JSON object; a refusal is `{"error": "…"}` with 400, 403, 404 or 409. There is no
//! authentication: the port is open on loopback only, unless [`SandboxBuilder::host`](crate::SandboxBuilder::host)
//! opens it; requests with a host name that a foreign web page could have, or from a foreign web page, are refused; and
//! all data is fictitious.
//!
//! `{vendor}` is the name of a [`Vendor`](crate::Vendor), such as `nxos`. The usual calls:
//!
//! | route | does |
//! |---|---|
//! | `GET /vendors` | base URLs, keys and secrets |
//! | `POST /{vendor}/verifications/{id}/act` | approves, rejects, holds …: `{"act": "reject", "reason": "document_expired"}` |
//! | `POST /{vendor}/faults` | `{"fault": {"kind": "lost_answer"}, "operation": "start", "times": 1}` |
//! | `POST /{vendor}/webhook-endpoints` | `{"url": "http://127.0.0.1:8080/hook"}` |
//! | `POST /{vendor}/mischief` | `{"kind": "duplicate"}` |
//! | `POST /clock/advance` | `{"seconds": 1800}` |
//! | `GET /{vendor}/requests` | the recorded requests |

mod clock;
mod guard;
mod named;
mod operator;
mod traffic;
mod vendors;
mod verifications;
mod webhooks;

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::json_routes::{Refused, unknown_route};
use crate::simulation::Simulation;
use crate::vendors::ALL;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "idv sandbox control API",
        description = "Drives the simulated identity-verification vendors of one sandbox. Nobody is verified."
    ),
    components(schemas(Refused))
)]
struct Document;

fn documented() -> OpenApiRouter<Simulation> {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(vendors::router())
        .merge(clock::router())
        .merge(operator::router())
        .merge(verifications::router())
        .merge(traffic::router())
        .merge(webhooks::router())
}

/// Routes and OpenAPI document, created once for the process and shared by all sandboxes.
static DOCUMENTED: LazyLock<(Router<Simulation>, String)> = LazyLock::new(|| {
    let (router, mut document) = documented().split_for_parts();
    vendors::add_to(&mut document, ALL);
    (router, document.to_pretty_json().unwrap_or_default())
});

/// The OpenAPI document of the control API, as JSON.
#[must_use]
pub fn openapi() -> String {
    DOCUMENTED.1.clone()
}

/// `is_open`: whether other machines can reach it.
pub(crate) fn router(simulation: &Simulation, is_open: bool) -> Router {
    let shared = DOCUMENTED.0.clone().with_state(simulation.clone());
    let own = simulation.vendors.iter().map(|vendor| vendor.control());
    own.fold(shared, Router::merge)
        .route("/openapi.json", get(async || ([(CONTENT_TYPE, "application/json")], openapi())))
        .fallback(unknown_route)
        .method_not_allowed_fallback(unknown_route)
        .layer(from_fn_with_state(is_open, guard::keep_pages_away))
}
