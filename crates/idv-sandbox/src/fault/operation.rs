//! The names of the vendors' operations.

use axum::http::Method;

use crate::error::{Error, Result};
use crate::vendor::Vendor;

const NXOS: &[&str] =
    &["start", "check", "import", "create_organization", "authorizations", "webhooks", "other"];
const BAANX: &[&str] = &[
    "start",
    "start_user",
    "start_registration",
    "check",
    "check_user",
    "check_registration",
    "registration",
    "webhooks",
    "other",
];
const SESSION_API: &[&str] = &["start", "check", "find", "update_status", "workflows", "other"];

/// The operation that a request asks for.
pub(crate) fn operation(vendor: Vendor, method: &Method, path: &str) -> &'static str {
    match vendor {
        Vendor::Nxos => nxos(method, path),
        Vendor::Baanx => baanx(method, path),
        Vendor::SessionApi => session_api(method, path),
    }
}

fn nxos(method: &Method, path: &str) -> &'static str {
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

fn baanx(method: &Method, path: &str) -> &'static str {
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

fn session_api(method: &Method, path: &str) -> &'static str {
    match (method.as_str(), path) {
        ("POST", "/v1/sessions") => "start",
        ("GET", "/v1/sessions") => "find",
        ("GET", path) if path.starts_with("/v1/sessions/") => "check",
        ("PATCH", path) if path.starts_with("/v1/sessions/") => "update_status",
        (_, path) if path.starts_with("/v1/workflows") => "workflows",
        _ => "other",
    }
}

/// Refuses an operation name that the vendor does not have.
pub(crate) fn known(vendor: Vendor, name: &str) -> Result<()> {
    let known = match vendor {
        Vendor::Nxos => NXOS,
        Vendor::Baanx => BAANX,
        Vendor::SessionApi => SESSION_API,
    };
    if known.contains(&name) {
        return Ok(());
    }
    Err(Error::UnknownOperation { operation: name.to_owned(), known: known.join(", ") })
}

/// Whether a fault for `wanted` hits `operation`.
pub(crate) fn is_meant(wanted: &str, operation: &str) -> bool {
    let flow = operation.strip_prefix(wanted);
    flow.is_some_and(|flow| flow.is_empty() || flow.starts_with('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_flow_means_both_flows() {
        assert!(
            is_meant("start", "start_user")
                && is_meant("start", "start")
                && is_meant("start_user", "start_user")
        );
        assert!(!is_meant("start_user", "start_registration") && !is_meant("start_user", "start"));
        assert!(!is_meant("check", "start_user") && !is_meant("star", "start"));
    }

    #[test]
    fn every_operation_of_a_request_can_be_named() {
        for (vendor, method, path) in [
            (Vendor::Nxos, Method::POST, "/v1/organizations/verification"),
            (Vendor::Nxos, Method::GET, "/v1/authorizations"),
            (Vendor::Baanx, Method::GET, "/v1/user"),
            (Vendor::Baanx, Method::POST, "/v1/auth/register/email/send"),
            (Vendor::SessionApi, Method::PATCH, "/v1/sessions/1/update-status"),
            (Vendor::SessionApi, Method::GET, "/"),
        ] {
            assert!(known(vendor, operation(vendor, &method, path)).is_ok(), "{path}");
        }
        assert!(known(Vendor::Nxos, "find").is_err());
    }
}
