//! The error answers of the simulated nxos.

use serde_json::json;

use crate::answer::Answer;

/// An error answer before it has a request id.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn answer(&self, request_id: &str) -> Answer {
        let error = json!({ "code": self.code, "message": self.message, "requestId": request_id });
        Answer::json(self.status, &json!({ "error": error }))
    }
}
