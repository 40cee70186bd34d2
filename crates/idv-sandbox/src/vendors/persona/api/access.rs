//! The gates that every call goes through: key, version, spelling, limits and idempotency key.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderValue, Method};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::hosted::{Limit, State};
use crate::vendors::persona::Persona;
use crate::vendors::persona::dialect::Words;
use crate::vendors::persona::idempotency;
use crate::vendors::persona::refusal::Refusal;
use crate::vendors::persona::spelling::{PersonaInflection, kebab};
use crate::webhooks::MINUTE;

/// The released versions (Persona documentation, versioning).
const VERSIONS: [&str; 10] = [
    "2020-05-18",
    "2021-02-21",
    "2021-05-14",
    "2021-07-05",
    "2021-08-18",
    "2022-09-01",
    "2023-01-05",
    "2025-10-27",
    "2025-12-08",
    "2026-09-29",
];

/// The requests of an environment, and the inquiries made in it (Persona documentation, rate limits).
const ALL: Limit = Limit { scope: "all", count: 300, window: MINUTE };
const CREATIONS: Limit = Limit { scope: "creations", count: 150, window: MINUTE };

/// A call that is let through.
pub(super) struct Scope<'a> {
    pub(super) persona: &'a Persona,
    pub(super) call: &'a Call,
    /// The body, with dashes in its names.
    pub(super) body: Map<String, Value>,
    pub(super) now: i64,
}

pub(super) type Outcome = Result<(u16, Value), Refusal>;

impl Persona {
    /// Answers a call. Every answer has an id, and says what is left of the limit.
    pub(super) fn answer(
        &self,
        call: &Call,
        is_creation: bool,
        operation: impl FnOnce(&mut State<Words>, &Scope<'_>) -> Outcome,
    ) -> Answer {
        let mut state = self.hosted.lock();
        let now = self.now();
        let spelling = call.header("key-inflection").and_then(PersonaInflection::parse);
        let spelling = spelling.unwrap_or(state.extra.inflection);
        let refused = |refusal: Refusal| Answer::json(refusal.status, &spelling.spell(refusal.body()));
        let id = format!("req_{}", state.random.word(20));
        if let Err(refusal) = self.check_key(&state, call) {
            return refused(refusal).with_header("request-id", header(&id));
        }
        let counted = state.rate.take(&ALL, now);
        let quota = is_creation.then(|| state.rate.take(&CREATIONS, now));
        let answer = match (counted.is_within, quota.is_none_or(|quota| quota.is_within)) {
            (false, _) => refused(Refusal::new(429, "Rate limit exceeded")),
            (_, false) => refused(Refusal::new(429, "Quota exceeded")),
            _ => self.admitted(&mut state, call, now, spelling, operation).unwrap_or_else(refused),
        };
        let mut answer = answer
            .with_header("request-id", header(&id))
            .with_header("ratelimit-limit", ALL.count)
            .with_header("ratelimit-remaining", counted.remaining)
            .with_header("ratelimit-reset", counted.reset);
        if let Some(quota) = quota {
            answer = answer
                .with_header("quota-limit", CREATIONS.count)
                .with_header("quota-remaining", quota.remaining)
                .with_header("quota-reset", quota.reset);
        }
        answer
    }

    fn check_key(&self, state: &State<Words>, call: &Call) -> Result<(), Refusal> {
        let given = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
        match given {
            Some(key) if key == self.api_key() && state.extra.is_permitted => Ok(()),
            Some(key) if key == self.api_key() => Err(Refusal::new(403, "Forbidden")),
            Some(_) => Err(Refusal::new(401, "Token is invalid")),
            None => Err(Refusal::new(401, "Must be authenticated to access this endpoint")),
        }
    }

    fn admitted(
        &self,
        state: &mut State<Words>,
        call: &Call,
        now: i64,
        spelling: PersonaInflection,
        operation: impl FnOnce(&mut State<Words>, &Scope<'_>) -> Outcome,
    ) -> Result<Answer, Refusal> {
        if call.header("persona-version").is_some_and(|version| !VERSIONS.contains(&version)) {
            return Err(Refusal::bad("Persona-Version is not a released version"));
        }
        if call.header("key-inflection").is_some_and(|word| PersonaInflection::parse(word).is_none()) {
            return Err(Refusal::bad("Key-Inflection must be kebab, camel or snake"));
        }
        let key = call.header("idempotency-key").filter(|_| call.method == Method::POST);
        if let Some(key) = key
            && let Some(replayed) = idempotency::replayed(&state.extra.keys, key, call, now)?
        {
            return Ok(replayed);
        }
        let outcome = body(call).and_then(|body| operation(state, &Scope { persona: self, call, body, now }));
        let (status, document) = outcome.unwrap_or_else(|refusal| (refusal.status, refusal.body()));
        let answer = Answer::json(status, &spelling.spell(document));
        if let Some(key) = key {
            idempotency::keep(&mut state.extra.keys, key, call, &answer, now);
        }
        Ok(answer)
    }
}

fn header(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("req_0"))
}

/// The JSON object of a body, with dashes in its names; nothing where there is no body.
fn body(call: &Call) -> Result<Map<String, Value>, Refusal> {
    if call.body.is_empty() {
        return Ok(Map::new());
    }
    let body = call.json().map_err(|why| Refusal::bad(why.message()))?;
    match kebab(Value::Object(body)) {
        Value::Object(body) => Ok(body),
        _ => Ok(Map::new()),
    }
}
