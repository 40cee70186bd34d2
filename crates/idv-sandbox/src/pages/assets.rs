//! Style sheets and scripts, compiled in.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

fn asset(content_type: &'static str, text: &'static str) -> impl IntoResponse {
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")], text)
}

/// The assets of every page.
pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/style.css", get(async || asset(CSS, include_str!("../../assets/style.css"))))
}

/// A script.
pub(crate) fn script(text: &'static str) -> impl IntoResponse {
    asset(JAVASCRIPT, text)
}
