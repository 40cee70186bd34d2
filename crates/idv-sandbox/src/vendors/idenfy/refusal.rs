//! Errors in the shape of iDenfy: always 400, told apart by their identifier (iDenfy documentation, error messages).

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::fault::CannedAnswer;

/// An error.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    identifier: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(identifier: &'static str, message: impl Into<String>) -> Self {
        Self { identifier, message: message.into() }
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new("MISSING_VALUE", format!("Field '{name}' is required."))
    }

    pub(super) fn value(message: impl Into<String>) -> Self {
        Self::new("BAD_VALUE", message)
    }

    pub(super) fn answer(&self) -> Answer {
        Answer::json(400, &body(self.identifier, &self.message))
    }
}

fn body(identifier: &str, message: &str) -> Value {
    json!({
        "message": message, "identifier": identifier, "severity": "ERROR",
        "documentation": "https://documentation.idenfy.com/resources/error-messages",
    })
}

impl CannedAnswer {
    /// An error in the shape of iDenfy.
    #[must_use]
    pub fn idenfy_error(status: u16, identifier: &str, message: &str) -> Self {
        Self::json(status, body(identifier, message).to_string())
    }
}
