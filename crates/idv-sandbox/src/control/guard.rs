//! Keeps web pages away from the control API.

use axum::extract::Request;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::control::common::Refusal;
use crate::signed::is_loopback;

/// A page whose host name was made to point at this machine would still send its own name.
pub(super) async fn local_hosts_only(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let url = host.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    if url.is_some_and(|url| is_loopback(&url)) {
        return next.run(request).await;
    }
    let text = "the control API answers to localhost and loopback addresses only: the Host header names another host";
    Refusal::new(403, text).into_response()
}
