//! The HTTP surface of the simulated iDenfy.

use axum::Router;
use axum::extract::{Query, State as Extract};
use axum::http::header::AUTHORIZATION;
use axum::response::Redirect;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::{Call, NotJson};
use crate::vendor_state::{note, step_on_read};
use crate::vendors::hosted::{Limit, New, Session, State, move_to};
use crate::vendors::idenfy::Idenfy;
use crate::vendors::idenfy::create::Wanted;
use crate::vendors::idenfy::dialect::{Words, redirect_url};
use crate::vendors::idenfy::record::{created, data, listed, status};
use crate::vendors::idenfy::refusal::Refusal;
use crate::vendors::idenfy::session::{DELETED, Facts};
use crate::webhooks::{HOUR, SECOND};

/// The requests of an hour (iDenfy documentation, error messages).
const ALL: Limit = Limit { scope: "all", count: 10_000, window: HOUR };

const USUAL: usize = 50;
const MOST: usize = 100;

type Outcome = Result<Answer, Refusal>;

pub(super) fn router(idenfy: &Idenfy) -> Router {
    Router::new()
        .route("/api/v2/token", post(start))
        .route("/api/v2/status", post(check))
        .route("/api/v2/data", post(identity))
        .route("/api/v2/delete", post(delete))
        .route("/api/v2/identifications", get(find))
        .route("/kyc/identifications/", get(find))
        .fallback(async || Refusal::value("There is no such path.").answer())
        .method_not_allowed_fallback(async || {
            Refusal::new("METHOD_NOT_ALLOWED", "Wrong HTTP method.").answer()
        })
        .with_state(idenfy.clone())
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(rename = "authToken")]
    token: String,
}

/// The address of the hosted page, whether or not the start told it.
pub(super) fn pages() -> Router {
    let redirect = async |Query(Asked { token }): Query<Asked>| {
        let is_plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
        Redirect::temporary(&format!("/l/{}", if is_plain { &token } else { "unknown" }))
    };
    Router::new().route("/api/v2/redirect", get(redirect))
}

async fn start(Extract(idenfy): Extract<Idenfy>, call: Call) -> Answer {
    idenfy.answer(&call, |state| create(&idenfy, state, &call))
}

async fn check(Extract(idenfy): Extract<Idenfy>, call: Call) -> Answer {
    idenfy.answer(&call, |state| {
        let id = existing(state, &call)?.id.clone();
        step_on_read(state, idenfy.hosted.front(), &id);
        Ok(Answer::json(200, &status(existing(state, &call)?)))
    })
}

async fn identity(Extract(idenfy): Extract<Idenfy>, call: Call) -> Answer {
    idenfy.answer(&call, |state| Ok(Answer::json(200, &data(existing(state, &call)?))))
}

async fn delete(Extract(idenfy): Extract<Idenfy>, call: Call) -> Answer {
    idenfy.answer(&call, |state| erase(&idenfy, state, &call))
}

async fn find(Extract(idenfy): Extract<Idenfy>, call: Call) -> Answer {
    idenfy.answer(&call, |state| page(&idenfy, state, &call))
}

impl Idenfy {
    /// Answers a call, after a look at the key and the limit.
    fn answer(&self, call: &Call, operation: impl FnOnce(&mut State<Words>) -> Outcome) -> Answer {
        let mut state = self.hosted.lock();
        let outcome = self.check_key(call).and_then(|()| match state.rate.take(&ALL, self.now()) {
            counted if counted.is_within => operation(&mut state),
            _ => Err(Refusal::new("TOO_MANY_REQUESTS", "Requests per hour limit has been reached.")),
        });
        outcome.unwrap_or_else(|refusal| refusal.answer())
    }

    fn check_key(&self, call: &Call) -> Result<(), Refusal> {
        let given = call.header(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Basic "));
        let expected = STANDARD.encode(format!("{}:{}", self.api_key(), self.api_secret()));
        if given == Some(expected.as_str()) {
            return Ok(());
        }
        Err(Refusal::new("UNAUTHORIZED", "API key or secret is missing or not valid."))
    }
}

fn body(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why| match why {
        NotJson::ContentType => Refusal::new("ENCODING_ERROR", why.message()),
        NotJson::Malformed => Refusal::new("JSON_ERROR", why.message()),
    })
}

/// The session that the body names.
fn existing<'a>(state: &'a State<Words>, call: &Call) -> Result<&'a Session<Facts>, Refusal> {
    let body = body(call)?;
    let id = body.get("scanRef").and_then(Value::as_str).ok_or_else(|| Refusal::missing("scanRef"))?;
    state.sessions.get(id).ok_or_else(|| Refusal::value("There is no verification with this scanRef."))
}

fn create(idenfy: &Idenfy, state: &mut State<Words>, call: &Call) -> Outcome {
    if !state.extra.has_tokens {
        return Err(Refusal::new("PARTNER_ERROR", "Partner reached token limit."));
    }
    let wanted = Wanted::parse(&body(call)?)?;
    let auth_token = state.random.word(40);
    let new = New {
        id: state.random.uuid(),
        status: "ACTIVE",
        reference: Some(wanted.client_id),
        token: Some(auth_token.clone()),
        expires_at: Some(idenfy.now().saturating_add(wanted.expiry.saturating_mul(SECOND))),
        facts: Facts { auth_token: auth_token.clone(), ..wanted.facts },
    };
    let tells = state.extra.tells_redirect_url;
    let id = idenfy.hosted.create(state, new);
    let url = redirect_url(&idenfy.hosted.front().base_url, &auth_token);
    let session = state.sessions.get(&id).ok_or_else(|| Refusal::new("INTERNAL_ERROR", "Lost."))?;
    Ok(Answer::json(201, &created(session, tells.then_some(url.as_str()))))
}

/// Deletes the data of a session whose token has ended.
fn erase(idenfy: &Idenfy, state: &mut State<Words>, call: &Call) -> Outcome {
    let session = existing(state, call)?;
    let (id, status) = (session.id.clone(), session.status.clone());
    let word = match status.as_str() {
        "ACTIVE" => return Err(Refusal::new("PARTNER_ERROR", "Token has not expired yet.")),
        "EXPIRED" => "EXPIRED-DELETED",
        _ => DELETED,
    };
    let front = idenfy.hosted.front();
    if status.ends_with(DELETED) {
        note(state, front, &id, Actor::Application, "asked for a deletion again");
    } else {
        move_to(state, front, &id, word, "deleted the data");
    }
    Ok(Answer::text(200, ""))
}

/// A page of sessions, newest first, counted from 1.
fn page(idenfy: &Idenfy, state: &State<Words>, call: &Call) -> Outcome {
    let number = |name: &str, usual: usize| match call.query(name).map(|text| text.parse::<usize>()) {
        None => Ok(usual),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(Refusal::value(format!("Field '{name}' must be a positive number."))),
    };
    let (page, size) = (number("page", 1)?, number("perPage", USUAL)?.min(MOST));
    let client = call.query("clientId");
    let fits = |session: &&Session<Facts>| client.is_none() || session.reference == client;
    let found: Vec<Value> =
        state.sessions.in_order().rev().map(|(_, session)| session).filter(fits).map(listed).collect();
    let results: Vec<&Value> = found.iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    let to = |page: usize| {
        let query = url::form_urlencoded::parse(call.uri.query().unwrap_or_default().as_bytes())
            .filter(|(name, _)| name != "page");
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .append_pair("page", &page.to_string())
            .finish();
        format!("{}{}?{query}", idenfy.hosted.front().base_url, call.uri.path())
    };
    let next = (page.saturating_mul(size) < found.len()).then(|| to(page + 1));
    let previous = (page > 1).then(|| to(page - 1));
    let list = json!({ "count": found.len(), "results": results, "next": next, "previous": previous });
    Ok(Answer::json(200, &list))
}
