//! The operations of Veriff, and the magic references of its start.

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::Value;

use crate::fault::{CannedAnswer, Operations};
use crate::profile::Magic;

pub(super) const OPERATIONS: Operations = Operations {
    names: &["start", "check", "check_decision", "check_attempts", "update", "delete", "other"],
    of: operation,
};

pub(super) const MAGIC: Magic = Magic {
    reference,
    refusal: |status, text| CannedAnswer::veriff_error(status, &status.to_string(), text),
};

fn operation(method: &Method, path: &str) -> &'static str {
    let rest = path.strip_prefix("/v1/sessions");
    match (method.as_str(), rest.map(|rest| rest.rsplit('/').next().unwrap_or_default())) {
        ("POST", Some("")) => "start",
        ("GET", Some("decision")) => "check_decision",
        ("GET", Some("attempts")) => "check_attempts",
        ("PATCH", Some(_)) => "update",
        ("DELETE", Some(_)) => "delete",
        _ => "other",
    }
}

/// `verification.vendorData`.
fn reference(_: &Parts, body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body.get("verification")?.get("vendorData")?.as_str().map(str::to_owned)
}
