//! HTML answers that may do no more than they need.

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;

use crate::answer::Answer;

/// No `form-action`: browsers apply it to the redirect after a form, which leads to the application.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'";

/// A page.
pub(crate) fn page(status: StatusCode, template: &impl Template) -> Response<Body> {
    let Ok(text) = template.render() else {
        return Answer::text(500, "The page cannot be shown").into_response();
    };
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A page that only says something.
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
