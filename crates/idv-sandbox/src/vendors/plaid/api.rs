//! The HTTP surface of the simulated Plaid: every call is a POST.

use axum::Router;
use axum::extract::State as Extract;
use axum::routing::post;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::step_on_read;
use crate::vendors::hosted::{New, Session, State};
use crate::vendors::plaid::Plaid;
use crate::vendors::plaid::create::{Wanted, known, text};
use crate::vendors::plaid::dialect::{Facts, Words};
use crate::vendors::plaid::record::printed;
use crate::vendors::plaid::refusal::Refusal;
use crate::vendors::plaid::signing::public_key;

/// The size of a page is the simulation's; no call sets it.
const PAGE: usize = 10;

type Outcome = Result<Value, Refusal>;

pub(super) fn router(plaid: &Plaid) -> Router {
    Router::new()
        .route("/identity_verification/create", post(start))
        .route("/identity_verification/get", post(check))
        .route("/identity_verification/list", post(find))
        .route("/identity_verification/retry", post(retry))
        .route("/webhook_verification_key/get", post(key))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(plaid.clone())
}

async fn start(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    plaid.answer(&call, |state, body| create(&plaid, state, body))
}

async fn check(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    plaid.answer(&call, |state, body| {
        let id = text(body, "identity_verification_id")?;
        existing(state, &id)?;
        step_on_read(state, plaid.hosted.front(), &id);
        Ok(printed(plaid.hosted.front(), existing(state, &id)?))
    })
}

async fn find(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    plaid.answer(&call, |state, body| page(&plaid, state, body))
}

async fn retry(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    plaid.answer(&call, |state, body| again(&plaid, state, body))
}

async fn key(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    plaid.answer(&call, |_, body| {
        let id = text(body, "key_id")?;
        let key = public_key(&plaid.hosted.front().outbox.key(), &id, plaid.now());
        let unknown = || Refusal::input("INVALID_WEBHOOK_VERIFICATION_KEY_ID", "invalid key_id provided");
        Ok(json!({ "key": key.ok_or_else(unknown)? }))
    })
}

async fn unknown(Extract(plaid): Extract<Plaid>, call: Call) -> Answer {
    let message = format!("the requested route {} does not exist for POST", call.uri.path());
    plaid.answer(&call, |_, _| Err(Refusal::new(404, "INVALID_REQUEST", "NOT_FOUND", message)))
}

impl Plaid {
    /// Answers a call, after a look at the two keys. Every answer has the id of the request in its body.
    fn answer(
        &self,
        call: &Call,
        operation: impl FnOnce(&mut State<Words>, &Map<String, Value>) -> Outcome,
    ) -> Answer {
        let mut state = self.hosted.lock();
        let request_id = state.random.word(15);
        let outcome = body(call).and_then(|body| {
            self.check_keys(call, &body)?;
            operation(&mut state, &body)
        });
        match outcome {
            Ok(mut document) => {
                document["request_id"] = json!(request_id);
                Answer::json(200, &document)
            }
            Err(refusal) => Answer::json(refusal.status, &refusal.body(&request_id)),
        }
    }

    /// The keys stand in two headers, or in the body.
    fn check_keys(&self, call: &Call, body: &Map<String, Value>) -> Result<(), Refusal> {
        let given = |header: &str, name: &str| {
            call.header(header).or_else(|| body.get(name).and_then(Value::as_str)).map(str::to_owned)
        };
        let (client, secret) = (given("plaid-client-id", "client_id"), given("plaid-secret", "secret"));
        if call.header("plaid-version").is_some_and(|version| version != "2020-09-14") {
            return Err(Refusal::request("INVALID_API_VERSION", "the requested API version does not exist"));
        }
        match (client, secret) {
            (Some(client), Some(secret)) if client == self.client_id() && secret == self.secret() => Ok(()),
            (Some(_), Some(_)) => {
                Err(Refusal::input("INVALID_API_KEYS", "invalid client_id or secret provided"))
            }
            (None, _) => Err(Refusal::request(
                "MISSING_FIELDS",
                "the following required fields are missing: client_id",
            )),
            (_, None) => {
                Err(Refusal::request("MISSING_FIELDS", "the following required fields are missing: secret"))
            }
        }
    }
}

fn body(call: &Call) -> Result<Map<String, Value>, Refusal> {
    call.json().map_err(|why| Refusal::request("INVALID_BODY", why.message()))
}

fn existing<'a>(state: &'a State<Words>, id: &str) -> Result<&'a Session<Facts>, Refusal> {
    let unknown = || Refusal::input("NOT_FOUND", "identity_verification_id does not exist");
    state.sessions.get(id).ok_or_else(unknown)
}

/// The newest session of a user under a template.
fn newest<'a>(state: &'a State<Words>, user: &str, template: &str) -> Option<&'a Session<Facts>> {
    let all = state.sessions.in_order().rev().map(|(_, session)| session);
    all.into_iter().find(|one| one.reference.as_deref() == Some(user) && one.facts.template == template)
}

fn create(plaid: &Plaid, state: &mut State<Words>, body: &Map<String, Value>) -> Outcome {
    let wanted = Wanted::parse(body)?;
    match newest(state, &wanted.reference, &wanted.template) {
        Some(session) if wanted.is_idempotent => Ok(printed(plaid.hosted.front(), session)),
        Some(_) => Err(Refusal::input(
            "INVALID_FIELD",
            "an identity verification already exists for this client_user_id and template_id",
        )),
        None => add(plaid, state, wanted, None),
    }
}

fn add(plaid: &Plaid, state: &mut State<Words>, wanted: Wanted, previous: Option<String>) -> Outcome {
    let token = state.random.word(32);
    let new = New {
        id: format!("idv_{}", state.random.word(14)),
        status: "active",
        reference: Some(wanted.reference),
        token: Some(token.clone()),
        expires_at: None,
        facts: Facts {
            token,
            template: wanted.template,
            is_shareable: wanted.is_shareable,
            user: wanted.user,
            previous,
        },
    };
    let id = plaid.hosted.create(state, new);
    Ok(printed(plaid.hosted.front(), existing(state, &id)?))
}

/// Another try of a user, under a new id.
fn again(plaid: &Plaid, state: &mut State<Words>, body: &Map<String, Value>) -> Outcome {
    let fields =
        ["client_id", "secret", "client_user_id", "template_id", "strategy", "user", "steps", "is_shareable"];
    known(body, &fields)?;
    let (user, template) = (text(body, "client_user_id")?, text(body, "template_id")?);
    if !["reset", "incomplete", "infer", "custom"].contains(&text(body, "strategy")?.as_str()) {
        return Err(Refusal::request("INVALID_FIELD", "strategy is invalid"));
    }
    let unknown = || Refusal::input("NOT_FOUND", "there is no identity verification to retry");
    let before = newest(state, &user, &template).ok_or_else(unknown)?;
    if before.status == "active" {
        return Err(Refusal::input("INVALID_FIELD", "the identity verification is still active"));
    }
    let previous = before.id.clone();
    let wanted = Wanted {
        template,
        reference: user,
        is_shareable: before.facts.is_shareable,
        is_idempotent: false,
        user: before.facts.user.clone(),
    };
    add(plaid, state, wanted, Some(previous))
}

/// A page of sessions of one user under one template, newest first.
fn page(plaid: &Plaid, state: &State<Words>, body: &Map<String, Value>) -> Outcome {
    known(body, &["client_id", "secret", "client_user_id", "user_id", "template_id", "cursor"])?;
    let (user, template) = (text(body, "client_user_id")?, text(body, "template_id")?);
    let all = state.sessions.in_order().rev().map(|(_, session)| session);
    let mut found: Vec<&Session<Facts>> = all
        .filter(|one| one.reference.as_deref() == Some(user.as_str()) && one.facts.template == template)
        .collect();
    if let Some(cursor) = body.get("cursor").filter(|cursor| !cursor.is_null()) {
        let place = found.iter().position(|session| *cursor == json!(cursor_after(session)));
        let place = place.ok_or_else(|| Refusal::request("INVALID_FIELD", "cursor is invalid"))?;
        found.drain(..=place);
    }
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more).map(|last| cursor_after(last));
    let sessions: Vec<Value> = found.iter().map(|session| printed(plaid.hosted.front(), session)).collect();
    Ok(json!({ "identity_verifications": sessions, "next_cursor": next }))
}

/// The cursor of the sessions after this one, which tells a client nothing.
fn cursor_after(session: &Session<Facts>) -> String {
    session.id.chars().rev().collect()
}
