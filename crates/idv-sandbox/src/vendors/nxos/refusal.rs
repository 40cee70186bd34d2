//! The error answers of the simulated nxos.

use serde_json::json;

use crate::answer::Answer;
use crate::fault::CannedAnswer;

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

impl CannedAnswer {
    /// An error in the shape of nxos, with any code, documented or not. The request id is `req_` and 32 zeros.
    #[must_use]
    pub fn nxos_error(status: u16, code: &str, message: &str) -> Self {
        let request_id = format!("req_{:032}", 0);
        let error = json!({ "code": code, "message": message, "requestId": request_id });
        Self::json(status, json!({ "error": error }).to_string())
    }
}
