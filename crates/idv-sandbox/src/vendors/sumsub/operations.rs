//! The operations of Sumsub, and the magic references of its starts.

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::json;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::Magic;

pub(super) const OPERATIONS: Operations = Operations {
    names: &[
        "start",
        "start_link",
        "start_token",
        "start_applicant",
        "check",
        "find",
        "count",
        "deactivate",
        "activate",
        "reset",
        "test_completed",
        "other",
    ],
    of: operation,
};

pub(super) const MAGIC: Magic = Magic {
    reference,
    refusal: |status, text| {
        CannedAnswer::json(status, json!({ "description": text, "code": status }).to_string())
    },
};

fn operation(method: &Method, path: &str) -> &'static str {
    let Some(rest) = path.strip_prefix("/resources/") else { return "other" };
    match (method.as_str(), rest) {
        ("POST", "applicants") => "start_applicant",
        ("POST", "accessTokens/sdk" | "accessTokens") => "start_token",
        ("POST", rest) if rest.ends_with("/websdkLink") => "start_link",
        ("POST", rest) if rest.ends_with("/reset") => "reset",
        ("POST", rest) if rest.ends_with("/status/testCompleted") => "test_completed",
        ("PATCH", rest) if rest.ends_with("/presence/deactivated") => "deactivate",
        ("PATCH", rest) if rest.ends_with("/presence/activated") => "activate",
        ("GET", "applicants/-/count") => "count",
        ("GET", rest) if rest.starts_with("applicants/-") => "find",
        ("GET", rest) if rest.starts_with("applicants/") => "check",
        _ => "other",
    }
}

/// The application's own id: in the body, and in the older forms of the calls in the query.
fn reference(parts: &Parts, body: &[u8]) -> Option<String> {
    field(body, &["userId", "externalUserId"]).or_else(|| {
        let mut pairs = url::form_urlencoded::parse(parts.uri.query()?.as_bytes());
        pairs.find(|(name, _)| matches!(&**name, "userId" | "externalUserId")).map(|(_, id)| id.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_has_an_operation_that_a_fault_can_name() {
        for (method, path, name) in [
            (Method::POST, "/resources/sdkIntegrations/levels/-/websdkLink", "start_link"),
            (Method::POST, "/resources/accessTokens/sdk", "start_token"),
            (Method::POST, "/resources/applicants", "start_applicant"),
            (Method::GET, "/resources/applicants/-;externalUserId=a%2Fb/one", "find"),
            (Method::GET, "/resources/applicants/-/byExternalUserId/a", "find"),
            (Method::GET, "/resources/applicants/-/count", "count"),
            (Method::GET, "/resources/applicants/66f0a1b2c3d4e5f601234567/status", "check"),
            (
                Method::PATCH,
                "/resources/applicants/66f0a1b2c3d4e5f601234567/presence/deactivated",
                "deactivate",
            ),
            (Method::POST, "/resources/applicants/66f0a1b2c3d4e5f601234567/reset", "reset"),
            (Method::GET, "/", "other"),
        ] {
            assert_eq!(operation(&method, path), name, "{path}");
            assert!(OPERATIONS.check(name).is_ok(), "{name}");
        }
    }
}
