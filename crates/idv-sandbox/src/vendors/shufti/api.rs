//! The HTTP surface of the simulated Shufti.

use axum::Router;
use axum::extract::State as Extract;
use axum::http::HeaderValue;
use axum::http::header::AUTHORIZATION;
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::step_on_read;
use crate::vendors::hosted::{Limit, New, Session, State, move_to};
use crate::vendors::shufti::Shufti;
use crate::vendors::shufti::dialect::{DELETED, PENDING, Words, document, written};
use crate::vendors::shufti::refusal::Refusal;
use crate::vendors::shufti::request::{Facts, Wanted};
use crate::vendors::shufti::signing::signature;
use crate::webhooks::MINUTE;

/// A limit of the simulation, as no page tells the vendor's.
const ALL: Limit = Limit { scope: "all", count: 600, window: MINUTE };

/// The life of a bearer token.
const TOKEN_LIFETIME: i64 = 10 * MINUTE;

type Outcome = Result<Value, Refusal>;

pub(super) fn router(shufti: &Shufti) -> Router {
    Router::new()
        .route("/", post(start))
        .route("/status", post(check))
        .route("/delete", post(delete))
        .route("/get/access/token", post(token))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(shufti.clone())
}

async fn start(Extract(shufti): Extract<Shufti>, call: Call) -> Answer {
    shufti.answer(&call, |state| create(&shufti, state, &call))
}

async fn check(Extract(shufti): Extract<Shufti>, call: Call) -> Answer {
    shufti.answer(&call, |state| {
        let id = existing(state, &body(&call)?)?.id.clone();
        step_on_read(state, shufti.hosted.front(), &id);
        let session = existing(state, &body(&call)?)?;
        Ok(document(shufti.hosted.front(), session, &session.status))
    })
}

async fn delete(Extract(shufti): Extract<Shufti>, call: Call) -> Answer {
    shufti.answer(&call, |state| {
        let body = body(&call)?;
        let id = existing(state, &body)?.id.clone();
        let comment = body.get("comment").and_then(Value::as_str);
        let comment = comment.ok_or_else(|| Refusal::missing("comment"))?;
        if !(5..=200).contains(&comment.chars().count()) {
            return Err(Refusal::value(&id, "comment", "The comment must have 5 to 200 characters."));
        }
        move_to(state, shufti.hosted.front(), &id, DELETED, "deleted the data");
        let session = existing(state, &body)?;
        Ok(document(shufti.hosted.front(), session, DELETED))
    })
}

/// A bearer token in place of the two keys.
async fn token(Extract(shufti): Extract<Shufti>, call: Call) -> Answer {
    shufti.answer(&call, |state| {
        let token = state.random.word(64);
        let ends = shufti.now().saturating_add(TOKEN_LIFETIME);
        state.extra.tokens.retain(|(_, until)| *until > shufti.now());
        state.extra.tokens.push((token.clone(), ends));
        Ok(json!({ "access_token": token }))
    })
}

async fn unknown(Extract(shufti): Extract<Shufti>, call: Call) -> Answer {
    shufti.answer(&call, |_| Err(Refusal::new(404, "", "", "Resource not found.")))
}

impl Shufti {
    /// Answers a call, after a look at the keys and the limit. Every answer is signed as callbacks are.
    fn answer(&self, call: &Call, operation: impl FnOnce(&mut State<Words>) -> Outcome) -> Answer {
        let mut state = self.hosted.lock();
        let outcome = self.check_key(&state, call).and_then(|()| match state.rate.take(&ALL, self.now()) {
            counted if counted.is_within => operation(&mut state),
            _ => Err(Refusal::new(429, "", "", "Too Many Attempts.")),
        });
        let (status, document) = match outcome {
            Ok(document) => (200, document),
            Err(refusal) => (refusal.status, refusal.body()),
        };
        let text = written(&document);
        let seal = signature(&self.secret_key(), state.extra.has_old_signature, text.as_bytes());
        let seal = HeaderValue::from_str(&seal).unwrap_or(HeaderValue::from_static(""));
        Answer::json_text(status, text).with_header("signature", seal)
    }

    fn check_key(&self, state: &State<Words>, call: &Call) -> Result<(), Refusal> {
        let given = call.header(AUTHORIZATION.as_str()).unwrap_or_default();
        let basic = STANDARD.encode(format!("{}:{}", self.client_id(), self.secret_key()));
        let is_live = |token: &str| {
            state.extra.tokens.iter().any(|(known, until)| known == token && self.now() < *until)
        };
        let is_known = match given.split_once(' ') {
            Some(("Basic", key)) => key == basic,
            Some(("Bearer", token)) => is_live(token),
            _ => false,
        };
        match (is_known, state.extra.is_permitted) {
            (true, true) => Ok(()),
            (true, false) => Err(Refusal::new(403, "", "", "Service not allowed.")),
            (false, _) => Err(Refusal::unauthorized()),
        }
    }
}

fn body(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why| Refusal::value("", "", why.message()))
}

fn existing<'a>(state: &'a State<Words>, body: &Map<String, Value>) -> Result<&'a Session<Facts>, Refusal> {
    let reference = body.get("reference").and_then(Value::as_str);
    let reference = reference.ok_or_else(|| Refusal::missing("reference"))?;
    let unknown = || Refusal::new(404, reference, "reference", "Resource not found.");
    state.sessions.get(reference).ok_or_else(unknown)
}

/// The application's own reference is the id, and stays taken for ever.
fn create(shufti: &Shufti, state: &mut State<Words>, call: &Call) -> Outcome {
    let wanted = Wanted::parse(&body(call)?)?;
    if state.sessions.get(&wanted.reference).is_some() || state.sessions.was_evicted(&wanted.reference) {
        let message = "The reference has already been taken.";
        return Err(Refusal::new(409, &wanted.reference, "reference", message));
    }
    let token = state.random.word(48);
    let new = New {
        id: wanted.reference.clone(),
        status: PENDING,
        reference: Some(wanted.reference),
        token: Some(token.clone()),
        expires_at: Some(shufti.now().saturating_add(wanted.ttl.saturating_mul(MINUTE))),
        facts: Facts { token, ..wanted.facts },
    };
    let id = shufti.hosted.create(state, new);
    let gone = || Refusal::new(500, &id, "", "Internal Server Error.");
    let session = state.sessions.get(&id).ok_or_else(gone)?;
    Ok(document(shufti.hosted.front(), session, PENDING))
}
