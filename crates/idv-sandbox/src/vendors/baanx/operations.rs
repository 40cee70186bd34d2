//! The operations of Baanx, and the magic references of its starts.

use axum::http::Method;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::Magic;

pub(super) const OPERATIONS: Operations = Operations {
    names: &[
        "start",
        "start_user",
        "start_registration",
        "check",
        "check_user",
        "check_registration",
        "registration",
        "webhooks",
        "other",
    ],
    of: operation,
};

pub(super) const MAGIC: Magic = Magic { reference, refusal: CannedAnswer::baanx_error };

fn operation(method: &Method, path: &str) -> &'static str {
    match (method.as_str(), path) {
        ("GET", "/v1/user/verification") => "start_user",
        ("GET", "/v1/user") => "check_user",
        ("POST", "/v1/auth/register/verification") => "start_registration",
        ("GET", "/v1/auth/register") => "check_registration",
        (_, path) if path.starts_with("/v1/auth") => "registration",
        (_, path) if path.starts_with("/v1/webhooks") => "webhooks",
        _ => "other",
    }
}

/// The access token of a user, or the id of an onboarding.
fn reference(parts: &Parts, body: &[u8]) -> Option<String> {
    if body.is_empty() {
        let token = parts.headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
        return token.map(str::to_owned);
    }
    field(body, &["onboardingId"])
}
