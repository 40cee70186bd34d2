//! Security of browsers: headers, cookies, and requests that come from other sites.

use axum::http::{HeaderName, HeaderValue, header};
use tower_http::csrf::CsrfLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, MemoryStore, SessionManagerLayer};
use url::Url;

use crate::addresses::Addresses;

/// Nothing but our own style sheet, script and requests; no frame may hold a page, and no form leads elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of the page with the vendor's component, which gets the vendor's script, requests, frames and pictures on top.
pub(crate) fn policy_with(vendor: &Url) -> String {
    let vendor = vendor.origin().ascii_serialization();
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self' {vendor}; connect-src 'self' {vendor}; frame-src {vendor}; \
         img-src 'self' data: {vendor}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// Lets the vendor's component, and nothing else, ask for the camera.
pub(crate) fn camera_for(vendor: &Url) -> String {
    let vendor = vendor.origin().ascii_serialization();
    format!("camera=(self \"{vendor}\"), microphone=(self \"{vendor}\"), geolocation=()")
}

/// The layer that sets a header unless the handler did.
pub(crate) type Header = SetResponseHeaderLayer<HeaderValue>;

/// The headers of every page.
pub(crate) fn headers(addresses: &Addresses) -> Vec<Header> {
    let mut all = vec![
        (header::CONTENT_SECURITY_POLICY, POLICY),
        // A link may be in the address of a page: it is told to no other site.
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Pages show personal data and links: no cache keeps them, and the back button asks anew.
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    if addresses.is_https() {
        all.push((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"));
    }
    let layer = |(name, value)| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    all.into_iter().map(layer).collect()
}

/// Refuses requests that change something and come from another site, by the headers that every browser sends with them.
pub(crate) fn csrf() -> CsrfLayer {
    CsrfLayer::new()
}

/// Browser sessions, in the memory of this process. With several processes, take a store of tower-sessions for your database.
pub(crate) fn sessions(addresses: &Addresses) -> SessionManagerLayer<MemoryStore> {
    // `__Host-` binds a cookie to this host and to TLS, which there is none of on loopback.
    let name = if addresses.is_https() { "__Host-session" } else { "session" };
    SessionManagerLayer::new(MemoryStore::default())
        .with_name(name)
        .with_secure(addresses.is_https())
        .with_http_only(true)
        // Not `Strict`: an applicant who comes back from the vendor has to be known.
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::hours(8)))
}
