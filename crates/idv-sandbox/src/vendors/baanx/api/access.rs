//! Authentication of calls, and refusals.

use axum::http::header::AUTHORIZATION;
use serde_json::json;

use crate::answer::Answer;
use crate::call::Call;
use crate::fault::CannedAnswer;
use crate::script::Directives;
use crate::vendors::baanx::Baanx;
use crate::vendors::baanx::applicant::Applicant;
use crate::vendors::baanx::region::Region;
use crate::vendors::baanx::state::State;

/// An error answer: the status and the message.
pub(super) struct Refusal(pub(super) u16, pub(super) &'static str);

impl Refusal {
    pub(super) const NO_ONBOARDING: Self = Self(404, "Onboarding session not found");
    const BAD_ONBOARDING: Self = Self(400, "Invalid onboarding ID");
    const EVICTED: Self = Self(404, "Evicted: the simulation keeps only its newest users");
    pub(super) const UNAUTHENTICATED: Self = Self(401, "Not authenticated");
}

impl From<Refusal> for Answer {
    fn from(Refusal(status, text): Refusal) -> Self {
        message(status, text)
    }
}

pub(super) fn message(status: u16, text: &str) -> Answer {
    Answer::json(status, &json!({ "message": text }))
}

pub(super) fn client_key<'a>(state: &State, call: &'a Call) -> Result<&'a str, Refusal> {
    let key = call.header("x-client-key").ok_or(Refusal(499, "Missing API key"))?;
    if state.client_keys.contains(key) { Ok(key) } else { Err(Refusal(498, "Invalid API key")) }
}

/// The environment of a call: the header, or `region=us` in the query (Baanx guides, registration and authentication).
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
pub(super) fn user_of<'a>(
    baanx: &Baanx,
    state: &'a mut State,
    call: &Call,
) -> Result<(String, &'a Applicant), Refusal> {
    let now = baanx.now();
    let client_key = client_key(state, call)?;
    let region = region(call)?;
    let bearer = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    if let Some(bearer) = bearer {
        state.conjure_user(client_key, bearer, baanx.front.capacity, now);
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
    state.conjure_onboarding(client_key, &id, baanx.front.capacity, now);
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

/// Whether the text is a UUID, after `US_` in the US environment; here it may also have an ending that asks for a
/// script.
fn is_onboarding_id(id: &str) -> bool {
    const UUID: usize = 36;
    let id = id.strip_prefix("US_").unwrap_or(id);
    let is_uuid = |text: &str| uuid::Uuid::try_parse(text).is_ok();
    let scripted = |uuid: &str| is_uuid(uuid) && !Directives::parse(id).is_empty();
    is_uuid(id) || id.get(..UUID).is_some_and(scripted)
}

impl CannedAnswer {
    /// An error in the shape of Baanx.
    #[must_use]
    pub fn baanx_error(status: u16, message: &str) -> Self {
        Self::json(status, json!({ "message": message }).to_string())
    }
}
