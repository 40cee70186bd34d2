//! The gates that every call goes through: token and rate.

use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::onfido::Onfido;
use crate::vendors::onfido::refusal::Refusal;
use crate::vendors::onfido::state::State;

/// A call that is let through.
pub(super) struct Scope<'a> {
    pub(super) onfido: &'a Onfido,
    pub(super) call: &'a Call,
    pub(super) now: i64,
}

pub(super) type Outcome = Result<Answer, Refusal>;

impl Onfido {
    /// Answers a call.
    pub(super) fn answer(
        &self,
        call: &Call,
        operation: impl FnOnce(&mut State, &Scope<'_>) -> Outcome,
    ) -> Answer {
        let mut state = self.lock();
        let answer = self.admitted(&mut state, call, operation).unwrap_or_else(|refusal| refusal.answer());
        let id = HeaderValue::from_str(&state.random.uuid());
        answer.with_header("x-request-id", id.unwrap_or(HeaderValue::from_static("0")))
    }

    fn admitted(
        &self,
        state: &mut State,
        call: &Call,
        operation: impl FnOnce(&mut State, &Scope<'_>) -> Outcome,
    ) -> Outcome {
        let now = self.now();
        let given = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Token token="));
        if given != Some(self.api_token()) {
            let message = "Authorization error: please re-check your credentials";
            return Err(Refusal::new(401, "authorization_error", message));
        }
        if !state.rate.take(now) {
            return Err(Refusal::new(429, "rate_limit", "Rate limit exceeded"));
        }
        operation(state, &Scope { onfido: self, call, now })
    }
}
