//! The facts about Persona that the shared machinery needs.

use axum::http::Method;
use axum::http::request::Parts;
use serde_json::Value;

use crate::fault::{CannedAnswer, Operations};
use crate::profile::{Credentials, Magic, PageTexts, Profile};
use crate::vendor::Vendor;
use crate::vendors::persona::signing::{SCHEDULE, SCHEME};
use crate::vendors::persona::spelling::kebab;

impl Vendor {
    /// Persona.
    pub const PERSONA: Self = Self::new("persona");
}

pub(super) static PROFILE: Profile = Profile {
    vendor: Vendor::PERSONA,
    credentials: Credentials {
        schema: "PersonaVendor",
        description: "Persona.",
        names: &["base_url", "api_key", "template_id", "webhook_secret"],
    },
    stream: 11,
    operations: Operations {
        names: &["start", "check", "find", "link", "resume", "expire", "redact", "other"],
        of: operation,
    },
    state_fields: &["status"],
    magic: Magic { reference, refusal: |status, text| CannedAnswer::persona_error(status, "Refused", text) },
    scheme: SCHEME,
    schedule: SCHEDULE,
    pages: PageTexts {
        title: "Persona",
        name: "Persona",
        leaving: |_| "This page ends when you leave. The application can give you a fresh link.",
        reasons: &[
            ("document_unreadable", "The document cannot be read"),
            ("document_expired", "The document has expired"),
            ("face_mismatch", "The face is not that of the document"),
            ("attempts_exhausted", "Too many tries"),
        ],
        embedded: false,
    },
};

fn operation(method: &Method, path: &str) -> &'static str {
    let Some(rest) = path.strip_prefix("/api/v1/inquiries") else { return "other" };
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    match (method.as_str(), parts.as_slice()) {
        ("POST", []) => "start",
        ("GET", []) => "find",
        ("GET", [_]) => "check",
        ("DELETE", [_]) => "redact",
        ("POST", [_, "generate-one-time-link"]) => "link",
        ("POST", [_, "resume"]) => "resume",
        ("POST", [_, "expire"]) => "expire",
        _ => "other",
    }
}

/// `reference-id`, in any spelling.
fn reference(_: &Parts, body: &[u8]) -> Option<String> {
    let body: Value = kebab(serde_json::from_slice(body).ok()?);
    let text = |pointer: &str| body.pointer(pointer)?.as_str().map(str::to_owned);
    text("/data/attributes/reference-id").or_else(|| text("/meta/auto-create-account-reference-id"))
}
