//! The HTTP surface of the simulated Baanx.

use axum::Router;
use axum::extract::State as Extract;
use axum::http::header::AUTHORIZATION;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use serde_json::{Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::baanx::applicant::Applicant;
use crate::baanx::state::{Flow, Limited, Region, State};
use crate::baanx::{Baanx, acts, registration, webhook_endpoints};
use crate::call::Call;
use crate::history::note;
use crate::pages::hosted;
use crate::script::Directives;
use crate::tap::Tap;

pub(super) fn router(baanx: &Baanx) -> Router {
    Router::new()
        .route("/v1/user", get(read_user))
        .route("/v1/user/verification", get(start_user))
        .route("/v1/auth/register", get(read_registration))
        .route("/v1/auth/register/verification", post(start_registration))
        .merge(registration::router())
        .merge(webhook_endpoints::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(from_fn_with_state(baanx.shared.front.tap.clone(), Tap::watch))
        .merge(hosted::router())
        .with_state(baanx.clone())
}

async fn unknown() -> Answer {
    message(404, "Not found")
}

async fn read_user(Extract(baanx): Extract<Baanx>, call: Call) -> Answer {
    let now = baanx.now();
    let mut state = baanx.lock();
    let user_id = match user_of(&baanx, &mut state, &call) {
        Ok((user_id, _)) => user_id,
        Err(refusal) => return refusal.into(),
    };
    baanx.look(&mut state, &user_id, now);
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
    let now = baanx.now();
    let mut state = baanx.lock();
    let asked = call.query("onboardingId");
    let user_id = match registering(&baanx, &mut state, &call, |_| Ok(asked)) {
        Ok(user_id) => user_id,
        Err(refusal) => return refusal.into(),
    };
    baanx.look(&mut state, &user_id, now);
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

impl Baanx {
    /// Lets the script of a user take a step, since the application looks.
    fn look(&self, state: &mut State, user_id: &str, now: i64) {
        if let Some(step) = state.scripts.step(user_id, now) {
            acts::step(state, &self.shared.front, user_id, step);
        }
    }
}

fn session(baanx: &Baanx, state: &mut State, user_id: &str, flow: Flow, now: i64) -> Answer {
    let link = state.open_session(user_id, flow, now);
    note(state, &baanx.shared.front, user_id, Actor::Application, "started");
    state.begin_script(user_id, now);
    baanx.shared.front.hub.wake();
    Answer::json(200, &json!({ "sessionUrl": format!("{}/l/{link}", baanx.base_url()) }))
}

/// An error answer: the status and the message.
pub(super) struct Refusal(pub(super) u16, pub(super) &'static str);

impl Refusal {
    pub(super) const NO_ONBOARDING: Self = Self(404, "Onboarding session not found");
    const BAD_ONBOARDING: Self = Self(400, "Invalid onboarding ID");
    const EVICTED: Self = Self(404, "Evicted: the simulation keeps only its newest users");
    const UNAUTHENTICATED: Self = Self(401, "Not authenticated");
}

impl From<Refusal> for Answer {
    fn from(Refusal(status, text): Refusal) -> Self {
        message(status, text)
    }
}

fn message(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "message": text }))
}

pub(super) fn client_key<'a>(state: &State, call: &'a Call) -> Result<&'a str, Refusal> {
    let key = call.header("x-client-key").ok_or(Refusal(499, "Missing API key"))?;
    if state.client_keys.contains(key) { Ok(key) } else { Err(Refusal(498, "Invalid API key")) }
}

/// The header, or `region=us` in the query (Baanx guides, registration and authentication).
pub(super) fn region(call: &Call) -> Result<Region, Refusal> {
    match (call.header("x-us-env"), call.query("region").as_deref()) {
        (Some("true"), _) | (None, Some("us")) => Ok(Region::Us),
        (Some("false") | None, _) => Ok(Region::International),
        (Some(_), _) => Err(Refusal(400, "x-us-env must be true or false")),
    }
}

/// Whether the call has the client key and the access token of a user.
pub(super) fn authenticate(baanx: &Baanx, call: &Call) -> Result<(), Refusal> {
    user_of(baanx, &mut baanx.lock(), call).map(|_| ())
}

/// The user whose token the call carries.
fn user_of<'a>(baanx: &Baanx, state: &'a mut State, call: &Call) -> Result<(String, &'a Applicant), Refusal> {
    let now = baanx.now();
    let client_key = client_key(state, call)?;
    let region = region(call)?;
    let bearer = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    if let Some(bearer) = bearer {
        state.conjure_user(client_key, bearer, baanx.shared.front.capacity, now);
    }
    let token = bearer.and_then(|bearer| state.tokens.get(bearer)).ok_or(Refusal::UNAUTHENTICATED)?;
    if now >= token.expires_at || token.region != region {
        return Err(Refusal::UNAUTHENTICATED);
    }
    if state.evicted.contains(&token.user_id) {
        return Err(Refusal::EVICTED);
    }
    match state.applicants.get(&token.user_id) {
        Some(user) if user.client_key == client_key && !user.suspended => Ok((token.user_id.clone(), user)),
        _ => Err(Refusal(403, "Not authorized")),
    }
}

/// The user whose onboarding the call names.
pub(super) fn registering(
    baanx: &Baanx,
    state: &mut State,
    call: &Call,
    named: impl FnOnce(&Call) -> Result<Option<String>, Refusal>,
) -> Result<String, Refusal> {
    let now = baanx.now();
    let client_key = client_key(state, call)?;
    let region = region(call)?;
    if call.headers.contains_key(AUTHORIZATION) {
        return Err(Refusal(400, "Do not include an Authorization header"));
    }
    let id = named(call)?.filter(|id| is_onboarding_id(id)).ok_or(Refusal::BAD_ONBOARDING)?;
    state.conjure_onboarding(client_key, &id, baanx.shared.front.capacity, now);
    if state.evicted.contains(&id) {
        return Err(Refusal::EVICTED);
    }
    match state.onboardings.get(&id) {
        Some(found) if found.region != region || found.client_key != client_key || found.completed => {
            Err(Refusal::NO_ONBOARDING)
        }
        Some(found) if now >= found.expires_at => Err(Refusal::BAD_ONBOARDING),
        Some(found) => Ok(found.user_id.clone()),
        None => Err(Refusal::NO_ONBOARDING),
    }
}

fn onboarding_in_body(call: &Call) -> Result<Option<String>, Refusal> {
    let body = call.json().map_err(|why| Refusal(400, why.message()))?;
    Ok(body.get("onboardingId").and_then(Value::as_str).map(str::to_owned))
}

/// A UUID, which in the US environment follows `US_`; here it may also have an ending that asks for a script.
fn is_onboarding_id(id: &str) -> bool {
    const UUID: usize = 36;
    let id = id.strip_prefix("US_").unwrap_or(id);
    let is_uuid = |text: &str| uuid::Uuid::try_parse(text).is_ok();
    let scripted = |uuid: &str| is_uuid(uuid) && !Directives::parse(id).is_empty();
    is_uuid(id) || id.get(..UUID).is_some_and(scripted)
}
