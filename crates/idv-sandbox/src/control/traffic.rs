//! The recorded requests of a vendor, and its queued faults.

use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::named::Named;
use crate::fault::{CannedAnswer, Fault, FaultKind, FaultMix};
use crate::json_routes::{Done, Input, Outcome, Refusals, done};
use crate::recorded::RecordedRequest;
use crate::simulation::Simulation;
use crate::vendor::Vendor;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    OpenApiRouter::new()
        .routes(routes!(requests, clear_requests))
        .routes(routes!(answer_next))
        .routes(routes!(faults, add_fault, clear_faults))
        .routes(routes!(mix_faults))
}

/// The requests that a vendor received.
#[derive(Debug, Serialize, ToSchema)]
struct Requests {
    /// Oldest first; the oldest of very many are evicted.
    requests: Vec<Recorded>,
}

/// One request.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Recorded {
    method: String,
    /// Percent-encoded as sent.
    path: String,
    /// Without its question mark, percent-encoded as sent.
    query: Option<String>,
    /// Names and values, in the order received.
    #[schema(value_type = Vec<[String; 2]>)]
    headers: Vec<(String, String)>,
    /// As text; bytes that are not UTF-8 are replaced.
    body: String,
    body_base64: String,
    /// The status answered; null where none was.
    status: Option<u16>,
    /// The kind of the fault that hit it.
    fault: Option<String>,
}

impl From<&RecordedRequest> for Recorded {
    fn from(request: &RecordedRequest) -> Self {
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            headers: request.headers.clone(),
            body: request.text(),
            body_base64: STANDARD.encode(&request.body),
            status: request.status,
            fault: request.fault.map(str::to_owned),
        }
    }
}

/// Lists the requests received
#[utoipa::path(get, path = "/{vendor}/requests", tag = "traffic", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Requests), Refusals))]
async fn requests(Named(vendor): Named) -> Outcome<Requests> {
    let requests = vendor.requests();
    Ok(Json(Requests { requests: requests.iter().map(Recorded::from).collect() }))
}

/// Clears the recorded requests
#[utoipa::path(delete, path = "/{vendor}/requests", tag = "traffic", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Done), Refusals))]
async fn clear_requests(Named(vendor): Named) -> Outcome<Done> {
    vendor.clear_requests();
    done()
}

/// Replaces the vendor's next answer
#[utoipa::path(post, path = "/{vendor}/answers", tag = "traffic", params(("vendor" = Vendor, Path)),
    request_body = CannedAnswer, responses((status = 200, body = Done), Refusals))]
async fn answer_next(Named(vendor): Named, Input(answer): Input<CannedAnswer>) -> Outcome<Done> {
    vendor.add_fault(Fault::new(FaultKind::Answer { answer }))?;
    done()
}

/// The queued faults.
#[derive(Debug, Serialize, ToSchema)]
struct Faults {
    faults: Vec<Fault>,
}

/// Lists the queued faults
#[utoipa::path(get, path = "/{vendor}/faults", tag = "traffic", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Faults), Refusals))]
async fn faults(Named(vendor): Named) -> Outcome<Faults> {
    let faults = vendor.pending_faults();
    Ok(Json(Faults { faults }))
}

/// Queues a fault for the next requests
#[utoipa::path(post, path = "/{vendor}/faults", tag = "traffic", params(("vendor" = Vendor, Path)),
    request_body = Fault, responses((status = 200, body = Done), Refusals))]
async fn add_fault(Named(vendor): Named, Input(fault): Input<Fault>) -> Outcome<Done> {
    vendor.add_fault(fault)?;
    done()
}

/// Clears the queued faults, and ends the mix
#[utoipa::path(delete, path = "/{vendor}/faults", tag = "traffic", params(("vendor" = Vendor, Path)),
    responses((status = 200, body = Done), Refusals))]
async fn clear_faults(Named(vendor): Named) -> Outcome<Done> {
    vendor.clear_faults();
    done()
}

/// A mix of faults, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Mix {
    /// Null ends the mix. An omitted field is refused, so that it cannot end it by mistake.
    #[serde(deserialize_with = "Option::deserialize")]
    mix: Option<FaultMix>,
}

/// Sets a mix of random faults
#[utoipa::path(post, path = "/{vendor}/fault-mix", tag = "traffic", params(("vendor" = Vendor, Path)),
    request_body = Mix, responses((status = 200, body = Done), Refusals))]
async fn mix_faults(Named(vendor): Named, Input(mix): Input<Mix>) -> Outcome<Done> {
    vendor.mix_faults(mix.mix)?;
    done()
}
