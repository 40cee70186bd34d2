//! The operations of Stripe Identity, and the magic references of its start.

use axum::http::Method;
use axum::http::request::Parts;

use crate::fault::{CannedAnswer, Operations};
use crate::profile::Magic;
use crate::vendors::stripe::form::Form;

pub(super) const OPERATIONS: Operations =
    Operations { names: &["start", "check", "find", "update", "cancel", "redact", "other"], of: operation };

pub(super) const MAGIC: Magic =
    Magic { reference, refusal: |status, text| CannedAnswer::stripe_error(status, "api_error", None, text) };

fn operation(method: &Method, path: &str) -> &'static str {
    let Some(rest) = path.strip_prefix("/v1/identity/verification_sessions") else { return "other" };
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    match (method.as_str(), parts.as_slice()) {
        ("POST", []) => "start",
        ("GET", []) => "find",
        ("GET", [_]) => "check",
        ("POST", [_]) => "update",
        ("POST", [_, "cancel"]) => "cancel",
        ("POST", [_, "redact"]) => "redact",
        _ => "other",
    }
}

/// `client_reference_id`.
fn reference(_: &Parts, body: &[u8]) -> Option<String> {
    Form::parse(body).text(&["client_reference_id"]).map(str::to_owned)
}
