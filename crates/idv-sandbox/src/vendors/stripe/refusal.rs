//! Errors in the shape of Stripe (Stripe documentation, errors).

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::fault::CannedAnswer;

/// An error.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    param: Option<String>,
    message: String,
}

impl Refusal {
    /// An error about a request.
    pub(crate) fn new(status: u16, code: Option<&'static str>, message: impl Into<String>) -> Self {
        Self { status, kind: "invalid_request_error", code, param: None, message: message.into() }
    }

    /// A field that cannot be taken. It leaves no trace under an idempotency key.
    pub(crate) fn field(code: &'static str, param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..Self::new(400, Some(code), message) }
    }

    pub(crate) fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(crate) fn is_about_a_field(&self) -> bool {
        self.param.is_some()
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &body(self.kind, self.code, self.param.as_deref(), &self.message))
    }
}

fn body(kind: &str, code: Option<&str>, param: Option<&str>, message: &str) -> Value {
    let mut error = json!({ "type": kind, "message": message });
    if let Some(code) = code {
        error["code"] = json!(code);
        error["doc_url"] = json!(format!("https://stripe.com/docs/error-codes/{}", code.replace('_', "-")));
    }
    if let Some(param) = param {
        error["param"] = json!(param);
    }
    json!({ "error": error })
}

impl CannedAnswer {
    /// An error in the shape of Stripe.
    #[must_use]
    pub fn stripe_error(status: u16, kind: &str, code: Option<&str>, message: &str) -> Self {
        Self::json(status, body(kind, code, None, message).to_string()).header("request-id", "req_canned")
    }
}
