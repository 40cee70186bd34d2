//! Errors in the shape of Persona: a list of titles and details, without codes (Persona documentation, errors).

use serde_json::{Value, json};

use crate::fault::CannedAnswer;

/// An error.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    title: &'static str,
    details: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, title: &'static str) -> Self {
        Self { status, title, details: None }
    }

    /// A request that cannot be read.
    pub(super) fn bad(details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..Self::new(400, "Bad Request") }
    }

    pub(super) fn conflict(details: impl Into<String>) -> Self {
        Self { details: Some(details.into()), ..Self::new(409, "Conflict") }
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "Record not found")
    }

    pub(super) fn body(&self) -> Value {
        body(self.title, self.details.as_deref())
    }
}

fn body(title: &str, details: Option<&str>) -> Value {
    let mut error = json!({ "title": title });
    if let Some(details) = details {
        error["details"] = json!(details);
    }
    json!({ "errors": [error] })
}

impl CannedAnswer {
    /// An error in the shape of Persona.
    #[must_use]
    pub fn persona_error(status: u16, title: &str, details: &str) -> Self {
        Self::json(status, body(title, Some(details)).to_string())
    }
}
