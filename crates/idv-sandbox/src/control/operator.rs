//! The operator's page, and its live updates.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::extract::State;
use axum::http::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::control::clock::{Now, now};
use crate::control::traffic::Recorded;
use crate::control::verifications::SHOWN;
use crate::json_routes::{Outcome, Refusals};
use crate::pages::assets;
use crate::pages::html::scripted_page;
use crate::runtime::Runtime;
use crate::simulation::Simulation;
use crate::vendor::Vendor;
use crate::verification::SimulatedVerification;
use crate::webhooks::{WebhookDelivery, WebhookEndpoint};

/// The shortest time between two updates of the page.
const PACE: Duration = Duration::from_millis(200);
const SHOWN_WEBHOOKS: usize = 50;
const SHOWN_REQUESTS: usize = 30;

pub(super) fn router() -> OpenApiRouter<Simulation> {
    let pages = Router::new()
        .route("/", get(show))
        .route("/assets/operator.js", get(async || assets::script(include_str!("../../assets/operator.js"))))
        .route("/events", get(events))
        .merge(assets::router());
    OpenApiRouter::from(pages).routes(routes!(overview))
}

#[derive(Template)]
#[template(path = "operator.html")]
struct Operator {
    /// Names and titles.
    vendors: Vec<(Vendor, &'static str)>,
}

async fn show(State(simulation): State<Simulation>) -> Response<Body> {
    let option = |runtime: &Arc<Runtime>| (runtime.vendor(), runtime.front.profile.pages.title);
    scripted_page(&Operator { vendors: simulation.runtimes().map(option).collect() })
}

/// Server-sent events: one for each group of changes, without their content.
async fn events(State(simulation): State<Simulation>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = simulation.hub.subscribe();
    let stream = stream::unfold((changes, true), |(mut changes, first)| async move {
        if !first {
            changes.changed().await.ok()?;
            tokio::time::sleep(PACE).await;
        }
        let count = *changes.borrow_and_update();
        Some((Ok(Event::default().event("change").data(count.to_string())), (changes, false)))
    });
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// The content of the operator's page.
#[derive(Debug, Serialize, ToSchema)]
struct Overview {
    clock: Now,
    vendors: Vec<VendorOverview>,
}

/// One vendor.
#[derive(Debug, Serialize, ToSchema)]
struct VendorOverview {
    vendor: Vendor,
    base_url: String,
    /// The latest change first, at most 200.
    verifications: Vec<SimulatedVerification>,
    endpoints: Vec<WebhookEndpoint>,
    /// The newest first, at most 50.
    webhooks: Vec<WebhookDelivery>,
    /// The newest first, at most 30.
    requests: Vec<Recorded>,
    /// The number of queued faults.
    pending_faults: usize,
}

/// Returns the content of the operator's page
#[utoipa::path(get, path = "/overview", tag = "sandbox", responses((status = 200, body = Overview), Refusals))]
async fn overview(State(simulation): State<Simulation>) -> Outcome<Overview> {
    let vendors = simulation.runtimes().map(|runtime| VendorOverview::new(runtime)).collect();
    Ok(Json(Overview { clock: now(&simulation), vendors }))
}

impl VendorOverview {
    fn new(runtime: &Runtime) -> Self {
        Self {
            vendor: runtime.vendor(),
            base_url: runtime.base_url().to_owned(),
            verifications: runtime.verifications(SHOWN),
            endpoints: runtime.webhook_endpoints(),
            webhooks: runtime.webhooks().into_iter().rev().take(SHOWN_WEBHOOKS).collect(),
            requests: runtime.requests().iter().rev().take(SHOWN_REQUESTS).map(Recorded::from).collect(),
            pending_faults: runtime.pending_faults().len(),
        }
    }
}
