//! A guard that keeps web pages away from the control API.

use axum::extract::{Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderName, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

use crate::json_routes::Refusal;
use crate::signed::{is_local_origin, is_loopback};

/// Top-level names below which no domain can be registered (RFC 6761, RFC 6762, and `.internal` by decision of ICANN).
const PRIVATE: [&str; 3] = ["internal", "local", "localhost"];

/// Refuses requests by `Host` and `Origin`. A page whose host name was made to resolve to this machine (DNS rebinding)
/// still sends its own name. A foreign page may send a POST without a body anywhere, but it cannot hide its origin.
pub(super) async fn keep_pages_away(State(is_open): State<bool>, request: Request, next: Next) -> Response {
    let host = text_of(&request, &HOST).and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    let Some(host) = host.filter(|host| is_loopback(host) || (is_open && is_no_strangers(host))) else {
        return refuse(is_open, "the Host header names another host");
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let is_ours = |origin| is_local_origin(origin) || (is_open && is_of(origin, &host));
    if !reads && request.headers().get(ORIGIN).is_some_and(|origin| !is_ours(origin)) {
        return refuse(is_open, "the Origin header names another host");
    }
    next.run(request).await
}

/// Whether no foreign page can have this host: an address, which cannot be made to resolve elsewhere, or a name that
/// cannot be registered.
fn is_no_strangers(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name
            .rsplit_once('.')
            .is_none_or(|(_, top)| PRIVATE.iter().any(|name| top.eq_ignore_ascii_case(name))),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    }
}

/// Whether an `Origin` is that of the operator's page.
fn is_of(origin: &axum::http::HeaderValue, host: &Url) -> bool {
    let origin = origin.to_str().ok().and_then(|text| Url::parse(text).ok());
    origin.is_some_and(|origin| origin.origin() == host.origin())
}

fn text_of<'a>(request: &'a Request, name: &HeaderName) -> Option<&'a str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn refuse(is_open: bool, why: &str) -> Response {
    let answers = match is_open {
        true => "addresses, to names without a dot, and to names below .internal, .local and .localhost",
        false => "localhost and loopback addresses",
    };
    Refusal::new(403, format!("the control API answers to {answers} only: {why}")).into_response()
}
