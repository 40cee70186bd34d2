//! The facts about Didit that the shared machinery needs.

use axum::http::Method;
use serde_json::json;

use crate::fault::{CannedAnswer, Operations};
use crate::omen::field;
use crate::profile::{Credentials, Magic, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::didit::signing::{SCHEDULE, SCHEME};

impl Vendor {
    /// Didit.
    pub const DIDIT: Self = Self::new("didit");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::DIDIT,
    credentials: Credentials {
        schema: "DiditVendor",
        description: "Didit.",
        names: &["base_url", "api_key", "workflow_id", "webhook_secret"],
    },
    stream: 12,
    operations: Operations { names: &["start", "check", "find", "update", "delete", "other"], of: operation },
    // The parts of a decision have words of their own.
    state_fields: &[".status", "decision.status", "results.status"],
    magic: Magic {
        reference: |_, body| field(body, &["vendor_data"]),
        refusal: |status, text| CannedAnswer::json(status, json!({ "detail": text }).to_string()),
    },
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Didit",
        name: "Didit",
        leaving: |_| LEAVING_ENDS,
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("face_mismatch", "The face is not that of the document"),
            ("liveness_failed", "The face may not be a living one"),
        ],
        embedded: false,
    },
};

/// The hint for an applicant who leaves.
const LEAVING_ENDS: &str = "Leaving ends the session, unless the application sends you back to it.";

fn operation(method: &Method, path: &str) -> &'static str {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method.as_str(), parts.as_slice()) {
        ("POST", ["v3", "session"]) => "start",
        ("GET", ["v3", "sessions"]) => "find",
        ("GET", ["v3", "session", _, "decision"]) => "check",
        ("PATCH", ["v3", "session", _, "update-status"]) => "update",
        ("DELETE", ["v3", "session", _, "delete"]) => "delete",
        _ => "other",
    }
}
