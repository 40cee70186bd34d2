//! Errors in the shape of Plaid (Plaid documentation, errors).

use serde_json::{Value, json};

use crate::fault::CannedAnswer;

/// An error: mostly 400, told apart by its type and code.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    kind: &'static str,
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(
        status: u16,
        kind: &'static str,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self { status, kind, code, message: message.into() }
    }

    pub(super) fn request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_REQUEST", code, message)
    }

    pub(super) fn input(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_INPUT", code, message)
    }

    pub(super) fn body(&self, request_id: &str) -> Value {
        body(self.kind, self.code, &self.message, request_id)
    }
}

fn body(kind: &str, code: &str, message: &str, request_id: &str) -> Value {
    json!({
        "error_type": kind, "error_code": code, "error_message": message, "display_message": null,
        "request_id": request_id,
    })
}

impl CannedAnswer {
    /// An error in the shape of Plaid.
    #[must_use]
    pub fn plaid_error(status: u16, kind: &str, code: &str, message: &str) -> Self {
        Self::json(status, body(kind, code, message, "canned").to_string())
    }
}
