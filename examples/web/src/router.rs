//! The router: pages behind the protection of browsers, and the vendors' webhooks, which have their own.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::app::App;
use crate::failure::Failure;
use crate::{embedded, handoff, live, operator, returning, security, sign_in, status, verify};

/// How long a client may take to send its request.
const PATIENCE: Duration = Duration::from_secs(20);

/// The largest form, and the largest webhook, in bytes.
const FORM: usize = 16 * 1024;
const WEBHOOK: usize = 1024 * 1024;

/// The whole application.
pub(crate) fn router(app: App) -> Router {
    let pages = Router::new()
        .merge(status::routes())
        .merge(verify::routes())
        .merge(handoff::routes())
        .merge(embedded::routes())
        .merge(returning::routes())
        .merge(live::routes())
        .merge(operator::routes())
        .merge(sign_in::routes())
        .layer(DefaultBodyLimit::max(FORM))
        .layer(security::csrf())
        .layer(security::sessions(&app.addresses));
    // A vendor is no browser: it has no session, and its signature stands for it. The tracker verifies the raw body before it looks
    // anything up, and answers as soon as the event is stored.
    let webhooks = Router::new()
        .route("/webhooks/{provider}", post(idv_tracker::axum::webhook))
        .layer(DefaultBodyLimit::max(WEBHOOK));
    let mut site = pages.merge(webhooks).merge(assets()).fallback(async || Failure::NotFound);
    for header in security::headers(&app.addresses) {
        site = site.layer(header);
    }
    site.layer(RequestBodyTimeoutLayer::new(PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(app)
}

/// The log has routes, and not addresses: those of returning applicants hold a nonce.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    tracing::info_span!("request", method = %request.method(), route)
}

fn assets() -> Router<App> {
    let style = || asset("text/css; charset=utf-8", include_str!("../assets/style.css"));
    let live = || asset("text/javascript; charset=utf-8", include_str!("../assets/live.js"));
    let embedded = || asset("text/javascript; charset=utf-8", include_str!("../assets/embedded.js"));
    Router::new()
        .route("/assets/style.css", get(async move || style()))
        .route("/assets/live.js", get(async move || live()))
        .route("/assets/embedded.js", get(async move || embedded()))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, kind)], text)
}
