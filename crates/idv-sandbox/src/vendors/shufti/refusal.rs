//! Errors in the shape of Shufti: an event with an error beside it, under several statuses (Shufti documentation, responses).

use serde_json::{Value, json};

use crate::fault::CannedAnswer;

/// An error.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    event: &'static str,
    reference: String,
    key: String,
    message: String,
}

impl Refusal {
    pub(super) fn new(status: u16, reference: &str, key: &str, message: &str) -> Self {
        Self {
            status,
            event: "request.invalid",
            reference: reference.to_owned(),
            key: key.to_owned(),
            message: message.to_owned(),
        }
    }

    /// A parameter that is missing: 402, which has nothing to do with payment.
    pub(super) fn missing(key: &str) -> Self {
        Self::new(402, "", key, &format!("The {key} field is required."))
    }

    pub(super) fn value(reference: &str, key: &str, message: &str) -> Self {
        Self::new(400, reference, key, message)
    }

    /// A request that switches nothing on, which is refused with status 200.
    pub(super) fn no_service(reference: &str) -> Self {
        Self::new(200, reference, "", "At least one service must be requested.")
    }

    pub(super) fn unauthorized() -> Self {
        Self {
            event: "request.unauthorized",
            ..Self::new(401, "", "", "Authorization keys are missing/invalid.")
        }
    }

    pub(super) fn body(&self) -> Value {
        body(self.event, &self.reference, &self.key, &self.message)
    }
}

fn body(event: &str, reference: &str, key: &str, message: &str) -> Value {
    json!({
        "reference": reference, "event": event, "verification_url": "",
        "error": { "service": "", "key": key, "message": message },
    })
}

impl CannedAnswer {
    /// An error in the shape of Shufti, without its signature.
    #[must_use]
    pub fn shufti_error(status: u16, event: &str, message: &str) -> Self {
        Self::json(status, body(event, "", "", message).to_string())
    }
}
