//! Authentication of calls, and refusals.

use axum::http::Method;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::fault::CannedAnswer;
use crate::vendors::session_api::SessionApi;
use crate::vendors::session_api::state::State;

/// A refusal is a complete answer: one of them is not JSON, one has a header.
pub(super) type Outcome = Result<Value, Box<Answer>>;

pub(super) fn refuse<T>(status: u16, error: &str) -> Result<T, Box<Answer>> {
    Err(Box::new(Answer::json(status, &json!({ "error": error }))))
}

pub(super) fn answer(state: &State, outcome: Outcome) -> Answer {
    outcome.map_or_else(|refusal| *refusal, |body| Answer::json(200, &state.spelling.apply(body)))
}

/// The key that a call carries.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Live,
    Sandbox,
}

impl SessionApi {
    pub(super) fn admit(&self, state: &mut State, call: &Call) -> Result<Key, Box<Answer>> {
        let key = match call.header("x-api-key") {
            None => return refuse(401, "API key is missing."),
            Some(key) if key == self.api_key() => Key::Live,
            Some(key) if key == self.sandbox_key() => Key::Sandbox,
            Some(_) => return refuse(401, "Invalid API key."),
        };
        if let Err(wait) = state.limits.take(matches!(key, Key::Sandbox), self.now()) {
            let refusal = Answer::json(429, &json!({ "error": "Rate limit exceeded." }));
            return Err(Box::new(refusal.with_header("retry-after", wait)));
        }
        if matches!(key, Key::Sandbox) && call.method != Method::GET && call.method != Method::HEAD {
            let error = "This is a sandbox API key. Use a live API key to create or modify resources.";
            return refuse(403, error);
        }
        Ok(key)
    }
}

impl CannedAnswer {
    /// An error in the shape of the session API.
    #[must_use]
    pub fn session_api_error(status: u16, error: &str) -> Self {
        Self::json(status, json!({ "error": error }).to_string())
    }
}
