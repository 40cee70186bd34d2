//! Links, tokens and the creation of applicants.

use axum::extract::{Path, State as Extract};
use serde_json::{Map, Value, json};
use url::Url;

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::front::Front;
use crate::script::Plot;
use crate::vendors::sumsub::api::access::{Outcome, Refusal, answer, refusal};
use crate::vendors::sumsub::api::applicants::{deactivated, print};
use crate::vendors::sumsub::api::body::{json_of, object, text};
use crate::vendors::sumsub::applicant::{Details, Link, Redirect};
use crate::vendors::sumsub::state::State;
use crate::vendors::sumsub::{Sumsub, actions, events};

/// The lifetimes in seconds, where a call gives none. The vendor's pages disagree.
const LINK_TTL: u64 = 1800;
const TOKEN_TTL: u64 = 600;

/// The most names in `allowedQueryParams`.
const MAX_PARAMS: usize = 4;

/// An applicant to be created or resumed, and the lifetime of what opens its page.
struct Wanted {
    external_id: String,
    level: String,
    details: Details,
    ttl: Option<u64>,
    redirect: Redirect,
}

/// `-` as the level is the current form, with a body; a level in the path is the older one, with a query.
pub(super) async fn link(Extract(sumsub): Extract<Sumsub>, Path(level): Path<String>, call: Call) -> Answer {
    let mut state = sumsub.lock();
    let outcome = sumsub.admit(&mut state, &call).and_then(|()| {
        let wanted =
            if level == "-" { in_body(&call)? } else { in_query(&call, "externalUserId", Some(level))? };
        let key = issue(&mut state, &sumsub.front, wanted, LINK_TTL, |state| state.random.word(16))?.0;
        Ok((200, json!({ "url": sumsub.front.page_url(&key) })))
    });
    answer(&state, outcome)
}

pub(super) async fn token(Extract(sumsub): Extract<Sumsub>, call: Call) -> Answer {
    let mut state = sumsub.lock();
    let outcome =
        sumsub.admit(&mut state, &call).and_then(|()| give_token(&mut state, &sumsub.front, in_body(&call)?));
    answer(&state, outcome)
}

/// The older form, with everything in the query.
pub(super) async fn older_token(Extract(sumsub): Extract<Sumsub>, call: Call) -> Answer {
    let mut state = sumsub.lock();
    let outcome = sumsub.admit(&mut state, &call).and_then(|()| {
        let wanted = in_query(&call, "userId", call.query("levelName"))?;
        give_token(&mut state, &sumsub.front, wanted)
    });
    answer(&state, outcome)
}

fn give_token(state: &mut State, front: &Front, wanted: Wanted) -> Outcome {
    let new = |state: &State| format!("_act-sbx-{}", state.random.uuid());
    let (token, user) = issue(state, front, wanted, TOKEN_TTL, new)?;
    Ok((200, json!({ "token": token, "userId": user })))
}

pub(super) async fn create(Extract(sumsub): Extract<Sumsub>, call: Call) -> Answer {
    let mut state = sumsub.lock();
    let outcome = sumsub.admit(&mut state, &call).and_then(|()| sumsub.create(&mut state, &call));
    answer(&state, outcome)
}

impl Sumsub {
    fn create(&self, state: &mut State, call: &Call) -> Outcome {
        let body = json_of(call)?;
        let level = call.query("levelName").ok_or_else(|| refusal(400, "levelName is required"))?;
        let usual = kind_of(state, &level)?;
        let kind = text(&body, "type")?.unwrap_or_else(|| usual.to_owned());
        if !matches!(kind.as_str(), "individual" | "company") {
            return Err(refusal(400, "type must be individual or company"));
        }
        let given = text(&body, "externalUserId")?.filter(|id| !id.is_empty());
        let external_id = given.unwrap_or_else(|| state.random.uuid());
        if let Some(id) = state.by_external.get(&external_id) {
            let taken = format!("Applicant with external user id '{external_id}' already exists: {id}");
            return Err(refusal(409, taken));
        }
        let details = details(&body, &body)?;
        let id = begin(state, &self.front, &external_id, (&kind, &level), details);
        Ok((201, print(state, &id, self.now())?))
    }
}

/// Creates or resumes the applicant, and makes a link or token for it.
fn issue(
    state: &mut State,
    front: &Front,
    wanted: Wanted,
    usual_ttl: u64,
    new_key: impl Fn(&State) -> String,
) -> Result<(String, String), Refusal> {
    let ttl = wanted.ttl.unwrap_or(usual_ttl);
    let kind = kind_of(state, &wanted.level)?;
    let id = match state.by_external.get(&wanted.external_id).cloned() {
        Some(id) => resume(state, front, id, &wanted.level)?,
        None => begin(state, front, &wanted.external_id, (kind, &wanted.level), wanted.details),
    };
    let key = new_key(state);
    let millis = i64::try_from(ttl).unwrap_or(i64::MAX).saturating_mul(1000);
    let expires_at = front.clock.now().saturating_add(millis);
    state.links.insert(key.clone(), Link { applicant: id.clone(), expires_at, redirect: wanted.redirect });
    if let Some(applicant) = state.applicants.get_mut(&id) {
        applicant.remember_link(key.clone());
    }
    Ok((key, wanted.external_id))
}

fn begin(
    state: &mut State,
    front: &Front,
    external_id: &str,
    kind_and_level: (&str, &str),
    details: Details,
) -> String {
    let now = front.clock.now();
    state.make_room(front.capacity);
    let applicant = state.draft(external_id, kind_and_level, details, now);
    let id = state.add(applicant);
    actions::line(state, front, &id, (Actor::Application, "started".into()));
    events::tell(state, front, &id, "applicantCreated");
    run_script(state, front, &id, false);
    id
}

fn resume(state: &mut State, front: &Front, id: String, level: &str) -> Result<String, Refusal> {
    let found = state.applicants.get(&id).ok_or_else(|| refusal(404, "Applicant not found"))?;
    if found.deleted {
        return Err(deactivated());
    }
    let again = found.review.is_retry();
    actions::move_to_level(state, front, &id, level);
    actions::line(state, front, &id, (Actor::Application, "started again".into()));
    if again {
        run_script(state, front, &id, true);
    }
    Ok(id)
}

/// Begins the script of the external id; `again` marks the start after a required correction.
fn run_script(state: &mut State, front: &Front, id: &str, again: bool) {
    let Some(plot) = state.applicants.get(id).and_then(|applicant| applicant.plot.as_ref()) else { return };
    if again && !matches!(plot, Plot::Resubmit) {
        return;
    }
    let steps = plot.steps(again);
    state.scripts.begin(id, steps, front.clock.now());
    front.hub.wake();
}

fn kind_of(state: &State, level: &str) -> Result<&'static str, Refusal> {
    let unknown = || refusal(404, format!("Level '{level}' not found"));
    state.levels.get(level).copied().ok_or_else(unknown)
}

fn in_query(call: &Call, id_name: &str, level: Option<String>) -> Result<Wanted, Refusal> {
    let required = |name: &str| refusal(400, format!("{name} is required"));
    let ttl = call.query("ttlInSecs").map(|text| text.parse().ok().filter(|ttl| *ttl > 0));
    let ttl = match ttl {
        Some(None) => return Err(refusal(400, "ttlInSecs must be a positive integer")),
        other => other.flatten(),
    };
    Ok(Wanted {
        external_id: call.query(id_name).filter(|id| !id.is_empty()).ok_or_else(|| required(id_name))?,
        level: level.ok_or_else(|| required("levelName"))?,
        details: Details { lang: call.query("lang"), ..Details::default() },
        ttl,
        redirect: Redirect::default(),
    })
}

fn in_body(call: &Call) -> Result<Wanted, Refusal> {
    let body = json_of(call)?;
    let required = |name: &str| {
        let value = text(&body, name)?.filter(|value| !value.is_empty());
        value.ok_or_else(|| refusal(400, format!("{name} is required")))
    };
    let identifiers = object(&body, "applicantIdentifiers")?;
    let mut details = details(&Map::new(), &identifiers)?;
    details.lang = call.query("lang");
    details.source_key = call.query("source");
    Ok(Wanted {
        external_id: required("userId")?,
        level: required("levelName")?,
        details,
        ttl: ttl(&body)?,
        redirect: redirect(&object(&body, "redirect")?)?,
    })
}

fn ttl(body: &Map<String, Value>) -> Result<Option<u64>, Refusal> {
    match body.get("ttlInSecs").filter(|value| !value.is_null()) {
        None => Ok(None),
        Some(value) => match value.as_u64().filter(|ttl| *ttl > 0) {
            Some(ttl) => Ok(Some(ttl)),
            None => Err(refusal(400, "ttlInSecs must be a positive integer")),
        },
    }
}

fn redirect(fields: &Map<String, Value>) -> Result<Redirect, Refusal> {
    if let Some(params) = fields.get("allowedQueryParams").filter(|params| !params.is_null()) {
        let allowed = |names: &Vec<Value>| names.len() <= MAX_PARAMS && names.iter().all(Value::is_string);
        if !params.as_array().is_some_and(allowed) {
            return Err(refusal(400, "allowedQueryParams must be an array of at most 4 strings"));
        }
    }
    let url = |name: &str| match text(fields, name)? {
        Some(url) if !is_web(&url) => Err(refusal(400, format!("{name} must be a URL"))),
        url => Ok(url),
    };
    Ok(Redirect {
        success_url: url("successUrl")?,
        reject_url: url("rejectUrl")?,
        sign_key: text(fields, "signKey")?,
    })
}

fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

fn details(body: &Map<String, Value>, identifiers: &Map<String, Value>) -> Result<Details, Refusal> {
    let given = |name: &str| body.get(name).filter(|value| value.is_object()).cloned();
    Ok(Details {
        email: text(identifiers, "email")?,
        phone: text(identifiers, "phone")?,
        lang: text(body, "lang")?,
        source_key: text(body, "sourceKey")?,
        info: given("info"),
        fixed_info: given("fixedInfo"),
    })
}
