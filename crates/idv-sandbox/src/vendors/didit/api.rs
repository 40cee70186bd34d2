//! The HTTP surface of the simulated Didit.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::http::{HeaderValue, Method};
use axum::routing::{delete, get, patch, post};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::step_on_read;
use crate::vendors::didit::Didit;
use crate::vendors::didit::create::Wanted;
use crate::vendors::didit::dialect::{RESUBMITTABLE, Words};
use crate::vendors::didit::record::{created, decision, listed};
use crate::vendors::didit::session::Facts;
use crate::vendors::hosted::{Limit, New, Session, State, move_to};
use crate::webhooks::{HOUR, MINUTE};

/// The limits of a key (Didit documentation, rate limiting).
const CREATIONS: Limit = Limit { scope: "creations", count: 600, window: MINUTE };
const DECISIONS: Limit = Limit { scope: "decisions", count: 100, window: MINUTE };
const READS: Limit = Limit { scope: "reads", count: 600, window: MINUTE };
const WRITES: Limit = Limit { scope: "writes", count: 300, window: MINUTE };

/// The life of a session, unless the workflow sets another (Didit documentation, verification statuses).
const LIFETIME: i64 = 7 * 24 * HOUR;

const USUAL: usize = 20;
const MOST: usize = 100;

type Refused = (u16, Value);
type Outcome = Result<(u16, Value), Refused>;

pub(super) fn router(didit: &Didit) -> Router {
    Router::new()
        .route("/v3/session/", post(start))
        .route("/v3/session/{id}/decision/", get(check))
        .route("/v3/session/{id}/update-status/", patch(update))
        .route("/v3/session/{id}/delete/", delete(erase))
        .route("/v3/sessions/", get(find))
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed)
        .with_state(didit.clone())
}

/// A path without its last slash leads to the one with it, and what was sent is not sent again.
async fn unknown(call: Call) -> Answer {
    let path = call.uri.path();
    if path.starts_with("/v3/") && !path.ends_with('/') {
        let query = call.uri.query().map(|query| format!("?{query}")).unwrap_or_default();
        let onward = HeaderValue::from_str(&format!("{path}/{query}"));
        return Answer::text(301, "")
            .with_header("location", onward.unwrap_or(HeaderValue::from_static("/")));
    }
    Answer::json(404, &json!({ "detail": "Not found." }))
}

async fn not_allowed(call: Call) -> Answer {
    Answer::json(405, &json!({ "detail": format!("Method \"{}\" not allowed.", call.method) }))
}

async fn start(Extract(didit): Extract<Didit>, call: Call) -> Answer {
    didit.answer(&call, &CREATIONS, |state| create(&didit, state, &call))
}

async fn check(Extract(didit): Extract<Didit>, Path(id): Path<String>, call: Call) -> Answer {
    didit.answer(&call, &DECISIONS, |state| {
        existing(state, &id)?;
        step_on_read(state, didit.hosted.front(), &id);
        let session = existing(state, &id)?;
        Ok((200, Value::Object(decision(session, &didit.hosted.front().base_url))))
    })
}

async fn update(Extract(didit): Extract<Didit>, Path(id): Path<String>, call: Call) -> Answer {
    didit.answer(&call, &WRITES, |state| change(&didit, state, &call, &id))
}

async fn erase(Extract(didit): Extract<Didit>, Path(id): Path<String>, call: Call) -> Answer {
    didit.answer(&call, &WRITES, |state| {
        existing(state, &id)?;
        state.remove(&id);
        didit.hosted.front().hub.changed();
        Ok((204, Value::Null))
    })
}

async fn find(Extract(didit): Extract<Didit>, call: Call) -> Answer {
    didit.answer(&call, &READS, |state| page(&didit, state, &call))
}

impl Didit {
    /// Answers a call, after a look at the key and the limit. Every answer says what is left of the limit.
    fn answer(
        &self,
        call: &Call,
        limit: &Limit,
        operation: impl FnOnce(&mut State<Words>) -> Outcome,
    ) -> Answer {
        let mut state = self.hosted.lock();
        if let Err((status, body)) = self.check_key(&state, call) {
            return Answer::json(status, &body);
        }
        let counted = state.rate.take(limit, self.now());
        let answer = if counted.is_within {
            match operation(&mut state).unwrap_or_else(|refused| refused) {
                (204, _) => Answer::text(204, ""),
                (status, body) => Answer::json(status, &body),
            }
        } else {
            let text = format!("Request was throttled. Expected available in {} seconds.", counted.reset);
            Answer::json(429, &detail(&text)).with_header("retry-after", counted.reset)
        };
        answer
            .with_header("x-ratelimit-limit", limit.count)
            .with_header("x-ratelimit-remaining", counted.remaining)
            .with_header("x-ratelimit-reset", counted.reset)
    }

    fn check_key(&self, state: &State<Words>, call: &Call) -> Result<(), Refused> {
        match call.header("x-api-key") {
            None => Err((403, detail("Authentication credentials were not provided."))),
            Some(key) if key != self.api_key() => Err((401, detail("Invalid API key."))),
            Some(_) if !state.extra.is_permitted => {
                Err((403, detail("You do not have permission to perform this action.")))
            }
            // A start needs credits; there is no status of its own for that.
            Some(_) if !state.extra.has_credits && call.method == Method::POST => {
                Err((403, detail("You don't have enough credits to perform this request.")))
            }
            Some(_) => Ok(()),
        }
    }
}

fn detail(text: &str) -> Value {
    json!({ "detail": text })
}

fn existing<'a>(state: &'a State<Words>, id: &str) -> Result<&'a Session<Facts>, Refused> {
    state.sessions.get(id).ok_or_else(|| (404, detail("Not found.")))
}

fn body(call: &Call) -> Result<Map<String, Value>, Refused> {
    call.json().map_err(|why| (400, detail(why.message())))
}

fn create(didit: &Didit, state: &mut State<Words>, call: &Call) -> Outcome {
    let wanted = Wanted::parse(&body(call)?).map_err(|problems| (400, Value::Object(problems)))?;
    state.extra.last_number += 1;
    let token = state.random.word(12);
    let new = New {
        id: state.random.uuid(),
        status: "Not Started",
        reference: wanted.reference,
        token: Some(token.clone()),
        expires_at: Some(didit.now().saturating_add(LIFETIME)),
        facts: Facts {
            number: state.extra.last_number,
            token: token.clone(),
            workflow: wanted.workflow,
            callback: wanted.callback,
            metadata: wanted.metadata,
            contact: wanted.contact,
            expected: wanted.expected,
        },
    };
    let id = didit.hosted.create(state, new);
    let url = didit.hosted.front().page_url(&token);
    Ok((201, created(existing(state, &id)?, &url)))
}

/// Decides, or sends the session back to the applicant.
fn change(didit: &Didit, state: &mut State<Words>, call: &Call, id: &str) -> Outcome {
    let body = body(call)?;
    let status = existing(state, id)?.status.clone();
    let word = body.get("new_status").and_then(Value::as_str).unwrap_or_default();
    let is_known = matches!(word, "Approved" | "Declined" | "Resubmitted");
    let is_open_to_change =
        RESUBMITTABLE.contains(&status.as_str()) || (status == "Resubmitted" && word != "Resubmitted");
    if !is_known || !is_open_to_change {
        return Err((400, json!({ "new_status": [format!("\"{status}\" cannot become \"{word}\".")] })));
    }
    if status != word {
        move_to(state, didit.hosted.front(), id, word, "decided by the application");
    }
    Ok((200, json!({ "session_id": id })))
}

/// A page of sessions, newest first, with the whole URL of the next one.
fn page(didit: &Didit, state: &State<Words>, call: &Call) -> Outcome {
    let number = |name: &str, usual: usize| match call.query(name).map(|text| text.parse::<usize>()) {
        None => Ok(usual),
        Some(Ok(number)) => Ok(number),
        Some(Err(_)) => Err((400, json!({ name: ["A valid integer is required."] }))),
    };
    let (limit, offset) = (number("limit", USUAL)?.clamp(1, MOST), number("offset", 0)?);
    let is = |name: &str, value: Option<&str>| {
        call.query(name).is_none_or(|wanted| wanted.is_empty() || Some(wanted.as_str()) == value)
    };
    let fits = |session: &&Session<Facts>| {
        is("vendor_data", session.reference.as_deref())
            && is("status", Some(&session.status))
            && is("workflow_id", Some(&session.facts.workflow))
    };
    let found: Vec<&Session<Facts>> =
        state.sessions.in_order().rev().map(|(_, session)| session).filter(fits).collect();
    let base_url = &didit.hosted.front().base_url;
    let results: Vec<Value> =
        found.iter().skip(offset).take(limit).map(|session| listed(session, base_url)).collect();
    let to = |offset: usize| {
        let kept = url::form_urlencoded::parse(call.uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| !matches!(name.as_ref(), "limit" | "offset"));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .append_pair("limit", &limit.to_string())
            .append_pair("offset", &offset.to_string())
            .finish();
        format!("{base_url}/v3/sessions/?{query}")
    };
    let next = (offset.saturating_add(limit) < found.len()).then(|| to(offset + limit));
    let previous = (offset > 0).then(|| to(offset.saturating_sub(limit)));
    Ok((200, json!({ "count": found.len(), "next": next, "previous": previous, "results": results })))
}
