//! The operations of the session API, and the magic references of its start.

use axum::http::Method;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::Magic;

pub(super) const OPERATIONS: Operations =
    Operations { names: &["start", "check", "find", "update_status", "workflows", "other"], of: operation };

pub(super) const MAGIC: Magic = Magic {
    reference: |_, body| field(body, &["externalId", "external_id"]),
    refusal: CannedAnswer::session_api_error,
};

fn operation(method: &Method, path: &str) -> &'static str {
    match (method.as_str(), path) {
        ("POST", "/v1/sessions") => "start",
        ("GET", "/v1/sessions") => "find",
        ("GET", path) if path.starts_with("/v1/sessions/") => "check",
        ("PATCH", path) if path.starts_with("/v1/sessions/") => "update_status",
        (_, path) if path.starts_with("/v1/workflows") => "workflows",
        _ => "other",
    }
}
