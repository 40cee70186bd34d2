//! The gates that every call goes through: key, permission, rate and idempotency key.

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderValue, Method};
use serde_json::Value;

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::stripe::Stripe;
use crate::vendors::stripe::form::Form;
use crate::vendors::stripe::idempotency;
use crate::vendors::stripe::refusal::Refusal;
use crate::vendors::stripe::state::State;

/// A call that is let through.
pub(super) struct Scope<'a> {
    pub(super) stripe: &'a Stripe,
    pub(super) call: &'a Call,
    pub(super) form: Form,
    /// Whether the key may see sensitive results.
    pub(super) is_restricted_key: bool,
    pub(super) now: i64,
}

pub(super) type Outcome = Result<Value, Refusal>;

impl Stripe {
    /// Answers a call. Every answer has an id (Stripe documentation, request ids).
    pub(super) fn answer(
        &self,
        call: &Call,
        operation: impl FnOnce(&mut State, &Scope<'_>) -> Outcome,
    ) -> Answer {
        let mut state = self.lock();
        let answer = self.admitted(&mut state, call, operation).unwrap_or_else(|refusal| refusal.answer());
        let id = format!("req_{}", state.random.word(14));
        answer.with_header(
            "request-id",
            HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static("req_0")),
        )
    }

    fn admitted(
        &self,
        state: &mut State,
        call: &Call,
        operation: impl FnOnce(&mut State, &Scope<'_>) -> Outcome,
    ) -> Result<Answer, Refusal> {
        let now = self.now();
        let is_restricted_key = self.check_key(state, call)?;
        if !state.rate.take(now) {
            return Err(Refusal::new(429, Some("rate_limit"), "Request rate limit exceeded."));
        }
        let key = if call.method == Method::POST { idempotency::key(call)? } else { None };
        let scope = Scope { stripe: self, call, form: form(call)?, is_restricted_key, now };
        if let Some(key) = &key
            && let Some(replayed) = idempotency::replayed(&state.keys, key, call, now)?
        {
            return Ok(replayed);
        }
        let outcome = operation(state, &scope);
        let is_kept = !outcome.as_ref().is_err_and(Refusal::is_about_a_field);
        let answer = outcome.map_or_else(|refusal| refusal.answer(), |body| Answer::json(200, &body));
        if let Some(key) = key.filter(|_| is_kept) {
            idempotency::keep(&mut state.keys, key, call, &answer, now);
        }
        Ok(answer)
    }

    /// Whether the key is the restricted one.
    fn check_key(&self, state: &State, call: &Call) -> Result<bool, Refusal> {
        let given = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        match given {
            Some(key) if key == self.secret_key() => Ok(false),
            Some(key) if key == self.restricted_key() && state.settings.permitted => Ok(true),
            Some(key) if key == self.restricted_key() => {
                let message = "The key does not have the permissions that this endpoint requires.";
                Err(Refusal::new(403, None, message).of_kind("invalid_request_error"))
            }
            Some(_) => Err(Refusal::new(401, None, "Invalid API Key provided.")),
            None => Err(Refusal::new(401, None, "You did not provide an API key.")),
        }
    }
}

/// The fields of a POST, which has to be a form where it has a body.
fn form(call: &Call) -> Result<Form, Refusal> {
    if call.body.is_empty() {
        return Ok(Form::default());
    }
    let kind = call.header(CONTENT_TYPE.as_str()).and_then(|kind| kind.split(';').next());
    match kind.map(str::trim) {
        Some("application/x-www-form-urlencoded") => Ok(Form::parse(&call.body)),
        _ => Err(Refusal::new(400, None, "The body must be a form, application/x-www-form-urlencoded.")),
    }
}
