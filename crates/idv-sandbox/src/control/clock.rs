//! The simulated clock.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::clock::iso;
use crate::json_routes::{Input, Outcome, Refusal, Refusals};
use crate::simulation::Simulation;

/// Ten years.
const MAX_SECONDS: u64 = 315_360_000;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new().routes(routes!(read)).routes(routes!(advance))
}

/// The simulated time.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Now {
    /// RFC 3339 with milliseconds.
    now: String,
}

pub(super) fn now(simulation: &Simulation) -> Now {
    Now { now: iso(simulation.clock.now()) }
}

/// Returns the simulated time
#[utoipa::path(get, path = "/clock", tag = "clock", responses((status = 200, body = Now), Refusals))]
async fn read(State(simulation): State<Simulation>) -> Outcome<Now> {
    Ok(Json(now(&simulation)))
}

/// The distance by which the clock is moved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Forward, at most ten years at once.
    #[schema(maximum = 315_360_000)]
    seconds: u64,
}

/// Moves the simulated time forward, for all vendors
#[utoipa::path(post, path = "/clock/advance", tag = "clock", request_body = Step,
    responses((status = 200, body = Now), Refusals))]
async fn advance(State(simulation): State<Simulation>, Input(step): Input<Step>) -> Outcome<Now> {
    if step.seconds > MAX_SECONDS {
        return Err(Refusal::new(400, format!("seconds must be at most {MAX_SECONDS}")));
    }
    simulation.advance(Duration::from_secs(step.seconds));
    Ok(Json(now(&simulation)))
}
