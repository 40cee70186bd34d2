//! The operations of Onfido, and the magic references of its start.

use axum::http::Method;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::Magic;

pub(super) const OPERATIONS: Operations = Operations {
    names: &[
        "start",
        "start_run",
        "start_applicant",
        "check",
        "find",
        "applicant",
        "applicants",
        "update_applicant",
        "delete_applicant",
        "restore_applicant",
        "other",
    ],
    of: operation,
};

pub(super) const MAGIC: Magic = Magic {
    reference: |_, body| field(body, &["customer_user_id"]),
    refusal: |status, text| CannedAnswer::onfido_error(status, "internal_server_error", text),
};

fn operation(method: &Method, path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (method.as_str(), parts.as_slice()) {
        ("POST", ["v3.6", "workflow_runs"]) => "start_run",
        ("GET", ["v3.6", "workflow_runs"]) => "find",
        ("GET", ["v3.6", "workflow_runs", _]) => "check",
        ("POST", ["v3.6", "applicants"]) => "start_applicant",
        ("GET", ["v3.6", "applicants"]) => "applicants",
        ("GET", ["v3.6", "applicants", _]) => "applicant",
        ("PUT", ["v3.6", "applicants", _]) => "update_applicant",
        ("DELETE", ["v3.6", "applicants", _]) => "delete_applicant",
        ("POST", ["v3.6", "applicants", _, "restore"]) => "restore_applicant",
        _ => "other",
    }
}
