//! Authentication of calls, and refusals.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::sumsub::Sumsub;
use crate::vendors::sumsub::signing::request_signature;
use crate::vendors::sumsub::state::State;

/// The most seconds between the time of a request and the vendor's (Sumsub documentation, authentication).
const MAX_SKEW: u64 = 60;

/// A refusal: `{description, code, correlationId}`, and an error where the vendor has a number for it.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    description: String,
    error: Option<(u16, &'static str)>,
}

/// A status with a body, or a refusal.
pub(super) type Outcome = Result<(u16, Value), Refusal>;

pub(super) fn refusal(status: u16, description: impl Into<String>) -> Refusal {
    Refusal { status, description: description.into(), error: None }
}

impl Refusal {
    /// The refusal with the vendor's number and name of the error.
    pub(super) fn named(self, code: u16, name: &'static str) -> Self {
        Self { error: Some((code, name)), ..self }
    }
}

pub(super) fn answer(state: &State, outcome: Outcome) -> Answer {
    match outcome {
        Ok((status, body)) => Answer::json(status, &body),
        Err(Refusal { status, description, error }) => {
            let correlation_id = state.random.hex(32);
            let mut body =
                json!({ "description": description, "code": status, "correlationId": correlation_id });
            if let Some((code, name)) = error {
                (body["errorCode"], body["errorName"]) = (json!(code), json!(name));
            }
            Answer::json(status, &body)
        }
    }
}

impl Sumsub {
    /// Admits a call with a valid signature and within the limits.
    pub(super) fn admit(&self, state: &mut State, call: &Call) -> Result<(), Refusal> {
        if self.is_signed(call) != Some(true) {
            let refusal = refusal(401, "Request signature mismatch");
            return Err(refusal.named(4003, "app-token-signature mismatch"));
        }
        if !state.limits.take(&call.method, self.now()) {
            return Err(refusal(429, "Too many requests"));
        }
        Ok(())
    }

    /// Whether token, time and signature are right; `None` where one is missing or unreadable.
    fn is_signed(&self, call: &Call) -> Option<bool> {
        let token = call.header("x-app-token")?;
        let seconds = call.header("x-app-access-ts")?;
        let skew = self.now().div_euclid(1000).abs_diff(seconds.parse().ok()?);
        let target = call.uri.path_and_query()?.as_str();
        let expected = request_signature(self.secret(), seconds, call.method.as_str(), target, &call.body);
        let signature = call.header("x-app-access-sig")?;
        Some(token == self.app_token() && skew <= MAX_SKEW && signature == expected)
    }
}
