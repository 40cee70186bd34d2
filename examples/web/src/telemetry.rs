//! Logs, metrics and health.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use idv_tracker::Health;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

use crate::app::App;

/// Logs go to stderr, at the level of `RUST_LOG`.
pub(crate) fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// The recorder of all metrics: those of the calls to vendors, and those of the tracker.
pub(crate) fn metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new().install_recorder()?;
    idv::observe::describe_metrics();
    idv_tracker::describe_metrics();
    Ok(handle)
}

/// Routes on a port of their own, which the public does not reach.
pub(crate) fn router(app: App, metrics: PrometheusHandle) -> Router {
    let scrape = async move || {
        metrics.run_upkeep();
        metrics.render()
    };
    Router::new()
        .route("/live", get(async || StatusCode::NO_CONTENT))
        .route("/health", get(health))
        .route("/metrics", get(scrape))
        .with_state(app)
}

/// Whether it works: 503 without its database. Backlogs are told and are no failure, since a restart would not help.
async fn health(State(app): State<App>) -> Result<Json<Health>, StatusCode> {
    let asking = tokio::time::timeout(Duration::from_secs(5), app.tracker.health());
    match asking.await {
        Ok(Ok(health)) => Ok(Json(health)),
        Ok(Err(_)) | Err(_) => Err(StatusCode::SERVICE_UNAVAILABLE),
    }
}
