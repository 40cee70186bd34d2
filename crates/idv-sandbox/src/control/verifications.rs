//! The verifications of all vendors, and the acts on them.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::act::{Act, Acted};
use crate::control::named::{Id, Named};
use crate::json_routes::{Input, Outcome, Refusal, Refusals, Route};
use crate::simulation::Simulation;
use crate::vendor::Vendor;
use crate::verification::SimulatedVerification;

/// The most verifications that are listed at once.
pub(super) const SHOWN: usize = 200;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(look)).routes(routes!(act))
}

/// The newest verifications of a vendor.
#[derive(Debug, Serialize, ToSchema)]
struct Verifications {
    /// The latest change first, at most 200.
    verifications: Vec<SimulatedVerification>,
}

/// Lists the verifications that changed last
#[utoipa::path(get, path = "/{vendor}/verifications", tag = "verifications", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Verifications), Refusals))]
async fn list(Named(vendor): Named) -> Outcome<Verifications> {
    let verifications = vendor.verifications(SHOWN);
    Ok(Json(Verifications { verifications }))
}

/// Returns one verification
#[utoipa::path(get, path = "/{vendor}/verifications/{id}", tag = "verifications",
    params(("vendor" = Vendor, Path), ("id" = String, Path, description = "Organization, user, onboarding or session")),
    responses((status = 200, body = SimulatedVerification), Refusals))]
async fn look(Named(vendor): Named, Route(Id { id }): Route<Id>) -> Outcome<SimulatedVerification> {
    let found = vendor.verification(&id);
    found.map(Json).ok_or_else(|| Refusal::unknown("verification", &id))
}

/// Performs an act on a verification
#[utoipa::path(post, path = "/{vendor}/verifications/{id}/act", tag = "verifications",
    params(("vendor" = Vendor, Path), ("id" = String, Path, description = "Organization, user, onboarding or session")),
    request_body = Act, responses((status = 200, body = Acted), Refusals))]
async fn act(Named(vendor): Named, Route(Id { id }): Route<Id>, Input(act): Input<Act>) -> Outcome<Acted> {
    Ok(Json(vendor.act(&id, &act)?))
}
