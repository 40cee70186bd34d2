//! HTML answers with a restrictive content security policy.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use crate::answer::Answer;

/// The policy of pages without scripts. No `form-action`: browsers apply it to the redirect after a form, which leads
/// to the application. No frames: a foreign page must not embed this one (clickjacking).
const STILL: &str =
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'";

/// The policy of pages that depend on their script, forms included.
const SCRIPTED: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                        base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A page that needs no script.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response<Body> {
    answer(status, STILL, template)
}

/// A page with a script.
pub(crate) fn scripted_page(template: &impl Template) -> Response<Body> {
    answer(StatusCode::OK, SCRIPTED, template)
}

fn answer(status: StatusCode, policy: &'static str, template: &impl Template) -> Response<Body> {
    let Ok(text) = template.render() else {
        return Answer::text(500, "The page cannot be shown").into_response();
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A page with a message only.
#[derive(Debug, Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    heading: &'static str,
    text: &'static str,
}

impl Message {
    pub(crate) fn new(heading: &'static str, text: &'static str) -> Self {
        Self { heading, text }
    }

    pub(crate) fn answer(&self, status: StatusCode) -> Response<Body> {
        page(status, self)
    }
}
