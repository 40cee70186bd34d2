//! Keeps web pages away from the control API.

use axum::extract::Request;
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::control::common::Refusal;
use crate::signed::{is_local_origin, is_loopback};

/// A page whose host name was made to point at this machine would still send its own name. A page of elsewhere may send
/// a POST without a body anywhere, unasked, but it cannot hide its origin.
pub(super) async fn local_only(request: Request, next: Next) -> Response {
    let host = text_of(&request, &HOST).and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    if !host.is_some_and(|url| is_loopback(&url)) {
        return refuse("the Host header names another host");
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let origin = request.headers().get(ORIGIN);
    if !reads && origin.is_some_and(|origin| !is_local_origin(origin)) {
        return refuse("the Origin header names another host");
    }
    next.run(request).await
}

fn text_of<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn refuse(why: &str) -> Response {
    let text = format!("the control API answers to localhost and loopback addresses only: {why}");
    Refusal::new(403, text).into_response()
}
