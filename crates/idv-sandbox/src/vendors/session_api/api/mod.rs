//! The HTTP surface of the simulated session API.

mod access;
mod workflows;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::{get, patch};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::script::Directives;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::session_api::api::access::{Key, Outcome, answer, refuse};
use crate::vendors::session_api::create::Wanted;
use crate::vendors::session_api::state::{Session, State};
use crate::vendors::session_api::{SessionApi, actions};

const DEFAULT_PAGE: usize = 50;
const MAX_PAGE: usize = 500;

/// The random scenarios of the sandbox key.
const SCENARIOS: [&str; 7] = ["PENDING", "SUBMITTED", "VERIFIED", "REJECTED", "VOIDED", "EXPIRED", "FAILED"];

pub(crate) fn router(api: &SessionApi) -> Router {
    Router::new()
        .route("/v1/sessions", get(list).post(create))
        .route("/v1/sessions/{id}", get(retrieve).patch(patch_session))
        .route("/v1/sessions/{id}/update-status", patch(update_status))
        .merge(workflows::router())
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(api.clone())
}

async fn unknown() -> Answer {
    Answer::json(404, &json!({ "error": "Not found." }))
}

async fn create(Extract(api): Extract<SessionApi>, call: Call) -> Answer {
    let mut state = api.lock();
    let outcome = api.admit(&mut state, &call).and_then(|_| api.create(&mut state, &call));
    outcome.map_or_else(|refusal| *refusal, |body| Answer::json(200, &body))
}

async fn retrieve(Extract(api): Extract<SessionApi>, Path(id): Path<String>, call: Call) -> Answer {
    let mut state = api.lock();
    let outcome = match api.admit(&mut state, &call) {
        Ok(Key::Live) => {
            step_on_read(&mut *state, &api.front, &id);
            find(&state, &id).map(|session| session.retrieved(api.base_url()))
        }
        Ok(Key::Sandbox) => Ok(scenario(&mut state, &id, api.now()).retrieved(api.base_url())),
        Err(refusal) => Err(refusal),
    };
    answer(&state, outcome)
}

async fn list(Extract(api): Extract<SessionApi>, call: Call) -> Answer {
    let mut state = api.lock();
    let outcome = match api.admit(&mut state, &call) {
        Ok(Key::Live) => Filter::parse(&call).map(|filter| filter.page(&state)),
        Ok(Key::Sandbox) => {
            let known = ["test_verified", "test_rejected"];
            let records = known.map(|id| scenario(&mut state, id, api.now()).record());
            Ok(json!({ "sessions": records, "next_token": null }))
        }
        Err(refusal) => Err(refusal),
    };
    answer(&state, outcome)
}

async fn update_status(Extract(api): Extract<SessionApi>, Path(id): Path<String>, call: Call) -> Answer {
    api.decide(&id, &call, &["newStatus", "new_status"], &["VERIFIED", "REJECTED"])
}

/// The routes in the form of the vendor's SDK.
async fn patch_session(Extract(api): Extract<SessionApi>, Path(id): Path<String>, call: Call) -> Answer {
    api.decide(&id, &call, &["status"], &["VERIFIED", "REJECTED", "VOIDED"])
}

impl SessionApi {
    fn decide(&self, id: &str, call: &Call, names: &[&str], words: &[&str]) -> Answer {
        let mut state = self.lock();
        let outcome = self.admit(&mut state, call).and_then(|_| {
            find(&state, id)?;
            let word = new_status(call, names, words)?;
            actions::change(&mut state, &self.front, id, &word, Actor::Application, "set the status");
            state.scripts.stop(id);
            find(&state, id).map(|session| json!({ "session_record": session.record() }))
        });
        answer(&state, outcome)
    }
}

/// The word under any of the `names`; of two spellings the first wins.
fn new_status(call: &Call, names: &[&str], words: &[&str]) -> Result<String, Box<Answer>> {
    let body = call.json().or_else(|why| refuse(400, why.message()))?;
    let word = names.iter().find_map(|name| body.get(*name)).and_then(Value::as_str);
    match word.filter(|word| words.contains(word)) {
        Some(word) => Ok(word.to_owned()),
        None => refuse(400, &format!("{} must be {}", names[names.len() - 1], words.join(" or "))),
    }
}

impl SessionApi {
    fn create(&self, state: &mut State, call: &Call) -> Outcome {
        let body = call.json().or_else(|why| refuse(400, why.message()))?;
        let wanted = Wanted::parse(&body, state.loopback_redirects).or_else(|why| refuse(400, &why))?;
        if wanted.workflow_id.as_ref().is_some_and(|id| !state.workflows.contains(id)) {
            return refuse(404, "Workflow not found.");
        }
        if state.balance == 0 {
            return Err(Box::new(Answer::text(402, "Insufficient funds or subscription.")));
        }
        state.make_room(self.front.capacity);
        state.balance -= 1;
        let session = state.draft(wanted, self.now());
        let answer = session.created(self.base_url(), state.id_field, state.spelling);
        let directives = session.external_id.as_deref().map(Directives::parse).unwrap_or_default();
        let id = state.keep(session);
        self.begin(state, &id, &directives);
        Ok(answer)
    }
}

impl SessionApi {
    /// Completes the creation of a session: sends its event, and begins its script.
    fn begin(&self, state: &mut State, id: &str, directives: &Directives) {
        let front = &self.front;
        if let Some(session) = state.sessions.get_mut(id) {
            session.no_webhook = directives.no_webhook;
        }
        note(state, front, id, Actor::Application, "started");
        actions::tell(state, front, id, "session.created", self.now());
        if let Some(plot) = &directives.plot {
            state.scripts.begin(id, plot.steps(false), self.now());
            front.hub.wake();
        }
    }
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Session, Box<Answer>> {
    if uuid::Uuid::try_parse(id).is_err() {
        return refuse(400, "Invalid session ID format.");
    }
    match state.sessions.get(id) {
        Some(session) if state.is_own(session) => Ok(session),
        Some(_) => refuse(403, "The session belongs to another organization."),
        None if state.sessions.was_evicted(id) => {
            refuse(404, "Session not found. Evicted: the simulation keeps only its newest sessions.")
        }
        None => refuse(404, "Session not found."),
    }
}

/// The answer to the sandbox key for an id: a canned scenario, or a random one.
fn scenario(state: &mut State, id: &str, now: i64) -> Session {
    let mut session = state.draft(Wanted::somebody(), now);
    id.clone_into(&mut session.id);
    let word = match id {
        "test_verified" => "VERIFIED",
        "test_rejected" => "REJECTED",
        _ => SCENARIOS[state.random.below(SCENARIOS.len())],
    };
    session.set_status(word, now);
    session
}

/// The query of a list.
#[derive(Debug)]
struct Filter {
    limit: usize,
    /// Only what is older than this one.
    before: Option<u64>,
    from: Option<i64>,
    to: Option<i64>,
    external_id: Option<String>,
    workflow_id: Option<String>,
    /// The two that the vendor's SDK sends.
    offset: usize,
    status: Option<String>,
}

impl Filter {
    fn parse(call: &Call) -> Result<Self, Box<Answer>> {
        let limit = call.query("limit").map_or(Ok(DEFAULT_PAGE), |text| text.parse());
        let limit = limit.ok().filter(|limit| (1..=MAX_PAGE).contains(limit));
        let Some(limit) = limit else { return refuse(400, "limit must be between 1 and 500") };
        let before = match call.query("next_token").map(|token| read_token(&token)) {
            None => None,
            Some(Some(number)) => Some(number),
            Some(None) => return refuse(400, "next_token is invalid"),
        };
        let external_id = call.query("external_id");
        // The first of the two that is there wins.
        let workflow_id = call.query("workflow_id").filter(|_| external_id.is_none());
        let (from, to) = (date(call, "start_date", false)?, date(call, "end_date", true)?);
        let offset = call.query("offset").map_or(Ok(0), |text| text.parse());
        let Ok(offset) = offset else { return refuse(400, "offset must be a number") };
        let status = call.query("status");
        Ok(Self { limit, before, from, to, external_id, workflow_id, offset, status })
    }

    fn admits(&self, number: u64, session: &Session) -> bool {
        self.before.is_none_or(|before| number < before)
            && self.from.is_none_or(|from| session.created_at >= from)
            && self.to.is_none_or(|to| session.created_at <= to)
            && self.status.as_ref().is_none_or(|status| session.status == *status)
            && (self.external_id.is_none() || session.external_id == self.external_id)
            && (self.workflow_id.is_none() || session.workflow_id == self.workflow_id)
    }

    fn page(&self, state: &State) -> Value {
        let admitted = state.own_sessions().rev().filter(|(number, session)| self.admits(*number, session));
        let mut found = admitted.skip(self.offset).peekable();
        let page: Vec<(u64, &Session)> = found.by_ref().take(self.limit).collect();
        let more = found.peek().is_some();
        let next = page.last().filter(|_| more).map(|(number, _)| write_token(*number));
        let records: Vec<Value> = page.iter().map(|(_, session)| session.record()).collect();
        json!({ "sessions": records, "next_token": next })
    }
}

fn write_token(number: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("before:{number}"))
}

fn read_token(token: &str) -> Option<u64> {
    let decoded = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    decoded.strip_prefix("before:")?.parse().ok()
}

/// A point in time, or a whole day of which the `end` counts.
fn date(call: &Call, name: &str, end: bool) -> Result<Option<i64>, Box<Answer>> {
    let Some(text) = call.query(name) else { return Ok(None) };
    let instant = text.parse::<Timestamp>().map(Timestamp::as_millisecond);
    match instant.or_else(|_| day(&text, end)) {
        Ok(millis) => Ok(Some(millis)),
        Err(_) => refuse(400, &format!("{name} must be an ISO 8601 date")),
    }
}

fn day(text: &str, end: bool) -> Result<i64, jiff::Error> {
    let day: Date = text.parse()?;
    let start = if end { day.checked_add(1.day())? } else { day };
    Ok(start.to_zoned(TimeZone::UTC)?.timestamp().as_millisecond() - i64::from(end))
}
