//! The HTTP surface of the simulated Baanx.

mod access;
mod registration;
mod webhook_endpoints;

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::baanx::Baanx;
use crate::vendors::baanx::api::access::{Refusal, message, registering, user_of};
use crate::vendors::baanx::state::{Flow, Limited, State};

pub(crate) fn router(baanx: &Baanx) -> Router {
    Router::new()
        .route("/v1/user", get(read_user))
        .route("/v1/user/verification", get(start_user))
        .route("/v1/auth/register", get(read_registration))
        .route("/v1/auth/register/verification", post(start_registration))
        .merge(registration::router())
        .merge(webhook_endpoints::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(baanx.clone())
}

async fn unknown() -> Answer {
    message(404, "Not found")
}

async fn read_user(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let mut state = baanx.lock();
    let user_id = match user_of(&baanx, &mut state, &call) {
        Ok((user_id, _)) => user_id,
        Err(refusal) => return refusal.into(),
    };
    step_on_read(&mut *state, &baanx.front, &user_id);
    let user = state.applicants.get(&user_id);
    user.map_or_else(|| Refusal::UNAUTHENTICATED.into(), |user| Answer::json(200, &user.profile(&user_id)))
}

async fn start_user(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    let user_id = match user_of(&baanx, &mut state, &call) {
        Ok((user_id, _)) => user_id,
        Err(refusal) => return refusal.into(),
    };
    if let Some(Limited { limit, retry_after }) = state.limited(&user_id, now) {
        let body = json!({ "message": "Rate limit exceeded", "retryAfter": retry_after, "limit": limit });
        return Answer::json(429, &body);
    }
    session(&baanx, &mut state, &user_id, Flow::User, now)
}

async fn read_registration(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let mut state = baanx.lock();
    let asked = call.query("onboardingId");
    let user_id = match registering(&baanx, &mut state, &call, |_| Ok(asked)) {
        Ok(user_id) => user_id,
        Err(refusal) => return refusal.into(),
    };
    step_on_read(&mut *state, &baanx.front, &user_id);
    let user = state.applicant_mut(&user_id);
    user.map_or_else(|| Refusal::NO_ONBOARDING.into(), |user| Answer::json(200, &user.registration(&user_id)))
}

async fn start_registration(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    match registering(&baanx, &mut state, &call, onboarding_in_body) {
        Ok(user_id) => session(&baanx, &mut state, &user_id, Flow::Registration, now),
        Err(refusal) => refusal.into(),
    }
}

fn session(baanx: &Baanx, state: &mut State, user_id: &str, flow: Flow, now: i64) -> Answer {
    let link = state.open_session(user_id, flow, now);
    note(state, &baanx.front, user_id, Actor::Application, "started");
    state.begin_script(user_id, now);
    baanx.front.hub.wake();
    Answer::json(200, &json!({ "sessionUrl": baanx.front.page_url(&link) }))
}

fn onboarding_in_body(call: &Call) -> Result<Option<String>, Refusal> {
    let body = call.json().map_err(|why| Refusal(400, why.message()))?;
    Ok(body.get("onboardingId").and_then(Value::as_str).map(str::to_owned))
}
