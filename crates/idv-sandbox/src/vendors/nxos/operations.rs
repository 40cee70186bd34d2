//! The operations of nxos, and the magic references of its start.

use axum::http::Method;
use axum::http::request::Parts;

use crate::fault::{CannedAnswer, Operations};
use crate::profile::Magic;
use crate::script::Directives;

pub(super) const OPERATIONS: Operations = Operations {
    names: &["start", "check", "import", "create_organization", "authorizations", "webhooks", "other"],
    of: operation,
};

pub(super) const MAGIC: Magic = Magic { reference, refusal };

fn operation(method: &Method, path: &str) -> &'static str {
    match (method.as_str(), path) {
        ("POST", "/v1/organizations/verification") => "start",
        ("GET", "/v1/organizations/verification") => "check",
        ("POST", "/v1/organizations/verification/import") => "import",
        ("POST", "/v1/organizations") => "create_organization",
        (_, path) if path.starts_with("/v1/authorizations") => "authorizations",
        (_, path) if path.starts_with("/v1/webhooks") => "webhooks",
        _ => "other",
    }
}

fn reference(parts: &Parts, _: &[u8]) -> Option<String> {
    let header = |name: &str| parts.headers.get(name)?.to_str().ok();
    let named = header("nxos-on-behalf-of").filter(|id| !Directives::parse(id).is_empty());
    named.or_else(|| header("idempotency-key")).map(str::to_owned)
}

fn refusal(status: u16, text: &str) -> CannedAnswer {
    let code = if status == 429 { "rate_limited" } else { "internal_error" };
    CannedAnswer::nxos_error(status, code, text)
}
