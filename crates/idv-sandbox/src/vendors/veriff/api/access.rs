//! Authentication of calls, and refusals.

use axum::http::Method;
use serde_json::json;

use crate::answer::Answer;
use crate::call::Call;
use crate::fault::CannedAnswer;
use crate::vendors::veriff::Veriff;
use crate::vendors::veriff::signing::{CLIENT, SIGNATURE, signature};

pub(super) type Outcome = Result<Answer, Box<Answer>>;

pub(super) fn refuse<T>(status: u16, code: &str, message: &str) -> Result<T, Box<Answer>> {
    let body = json!({ "status": "fail", "code": code, "message": message });
    Err(Box::new(Answer::json(status, &body)))
}

pub(super) fn answer(outcome: Outcome) -> Answer {
    outcome.unwrap_or_else(|refusal| *refusal)
}

impl Veriff {
    /// Checks the key alone; a signature that is sent has to be right nevertheless.
    pub(super) fn admit_unsigned(&self, call: &Call) -> Result<(), Box<Answer>> {
        self.check_key(call)?;
        match call.header(SIGNATURE) {
            Some(_) => self.check_signature(call, &call.body),
            None => Ok(()),
        }
    }

    /// Checks the key and the signature, which is over the body where the method has one, else over the session id.
    pub(super) fn admit(&self, call: &Call, id: &str) -> Result<(), Box<Answer>> {
        self.check_key(call)?;
        let has_body = call.method == Method::POST || call.method == Method::PATCH;
        self.check_signature(call, if has_body { &call.body } else { id.as_bytes() })
    }

    fn check_key(&self, call: &Call) -> Result<(), Box<Answer>> {
        match call.header(CLIENT) {
            Some(key) if key == self.api_key() => Ok(()),
            _ => refuse(401, "1815", "Authentication failed"),
        }
    }

    fn check_signature(&self, call: &Call, signed: &[u8]) -> Result<(), Box<Answer>> {
        let expected = signature(&self.shared_secret(), signed);
        match call.header(SIGNATURE) {
            Some(given) if given == expected => Ok(()),
            _ => refuse(401, "1818", "X-HMAC-SIGNATURE does not match"),
        }
    }
}

impl CannedAnswer {
    /// An error in the shape of Veriff, without a signature.
    #[must_use]
    pub fn veriff_error(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, json!({ "status": "fail", "code": code, "message": message }).to_string())
    }
}
