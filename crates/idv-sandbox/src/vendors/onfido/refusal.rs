//! Errors in the shape of Onfido (OpenAPI specification of Onfido, `default_error`). The types are those that clients of Onfido know.

use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::NotJson;
use crate::fault::CannedAnswer;

/// An error.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: u16,
    kind: &'static str,
    message: String,
    fields: Map<String, Value>,
}

impl Refusal {
    pub(crate) fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), fields: Map::new() }
    }

    /// Fields that cannot be taken, each with its complaints.
    pub(crate) fn fields(fields: Map<String, Value>) -> Self {
        let message = "There was a validation error on this request";
        Self { fields, ..Self::new(422, "validation_error", message) }
    }

    /// Something that the account does not have.
    pub(crate) fn not_found() -> Self {
        Self::new(404, "resource_not_found", "Could not find the requested resource")
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &body(self.kind, &self.message, &self.fields))
    }
}

impl From<NotJson> for Refusal {
    fn from(error: NotJson) -> Self {
        Self::new(400, "bad_request", error.message())
    }
}

fn body(kind: &str, message: &str, fields: &Map<String, Value>) -> Value {
    json!({ "error": { "type": kind, "message": message, "fields": fields } })
}

impl CannedAnswer {
    /// An error in the shape of Onfido.
    #[must_use]
    pub fn onfido_error(status: u16, kind: &str, message: &str) -> Self {
        Self::json(status, body(kind, message, &Map::new()).to_string())
    }
}
