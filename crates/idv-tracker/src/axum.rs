//! Webhooks in a router of the crate `axum`.

use ::axum::body::Bytes;
use ::axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use idv::ProviderId;

use crate::Tracker;

/// The handler of the endpoint of vendors' webhooks, whose route ends with the id of the provider: [`Tracker::webhook_response`], and
/// 404 for a provider that is not configured.
///
/// The state of the router is a [`Tracker`], or has one by `FromRef`.
///
/// ```
/// # fn router(tracker: idv_tracker::Tracker) -> axum::Router {
/// use axum::{Router, routing::post};
///
/// Router::new().route("/webhooks/{provider}", post(idv_tracker::axum::webhook)).with_state(tracker)
/// # }
/// ```
pub async fn webhook(
    State(tracker): State<Tracker>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let Ok(provider) = provider.parse::<ProviderId>() else { return StatusCode::NOT_FOUND };
    if tracker.registry().provider(&provider).is_err() {
        return StatusCode::NOT_FOUND;
    }
    tracker.webhook_response(&provider, &headers, &body).await
}
