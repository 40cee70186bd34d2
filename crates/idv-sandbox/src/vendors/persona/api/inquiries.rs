//! The calls about one inquiry.

use serde_json::{Value, json};

use crate::act::Actor;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::hosted::{Link, New, State, move_to};
use crate::vendors::persona::api::access::{Outcome, Scope};
use crate::vendors::persona::create::Wanted;
use crate::vendors::persona::dialect::{Words, one_time_link};
use crate::vendors::persona::inquiry::{Code, Facts, Inquiry, OPEN, good_code};
use crate::vendors::persona::record::{printed, verification};
use crate::vendors::persona::refusal::Refusal;
use crate::vendors::persona::spelling::kebab_name;
use crate::webhooks::{HOUR, SECOND};

/// The life of a one-time link (Persona documentation, generate a one-time link).
const LINK_LIFETIME: i64 = 24 * HOUR;

/// The most inquiry sessions of one inquiry (Persona documentation, access to an inquiry).
const MOST_SESSIONS: usize = 25;

pub(super) fn create(state: &mut State<Words>, scope: &Scope<'_>) -> Outcome {
    if state.extra.broken_starts > 0 {
        state.extra.broken_starts -= 1;
        return Err(Refusal::new(500, "Internal Server Error"));
    }
    let wanted = Wanted::parse(&scope.body)?;
    let account = account(state, &wanted);
    let new = New {
        id: format!("inq_{}", state.random.word(24)),
        status: "created",
        token: wanted.with_session.then(|| new_session_token(state)),
        expires_at: Some(scope.now.saturating_add(wanted.lives_for)),
        facts: Facts {
            template: wanted.template,
            account,
            redirect: wanted.redirect,
            fields: wanted.fields,
            note: wanted.note,
            tags: wanted.tags,
            resumed_for: wanted.resumed_for,
            ..Facts::default()
        },
        reference: wanted.reference,
    };
    let token = new.token.clone();
    let id = scope.persona.hosted.create(state, new);
    let mut meta = json!({});
    if let Some(token) = token {
        meta["session-token"] = json!(token);
    }
    if wanted.with_link {
        add_link_to(&mut meta, state, scope, &id, LINK_LIFETIME);
    }
    document(state, scope, &id, 201, meta)
}

pub(super) fn retrieve(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    existing(state, id)?;
    step_on_read(state, scope.persona.hosted.front(), id);
    document(state, scope, id, 200, Value::Null)
}

/// The link that was not opened yet, else a fresh one.
pub(super) fn generate_link(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    let inquiry = existing(state, id)?;
    if !OPEN.contains(&inquiry.status.as_str()) {
        return Err(in_state(inquiry, "be given a link"));
    }
    let seconds = scope.body.get("meta").and_then(|meta| meta.get("expires-in-seconds"));
    let lifetime = match seconds {
        None => LINK_LIFETIME,
        Some(seconds) => match seconds.as_i64() {
            Some(seconds) if seconds > 0 => seconds.saturating_mul(SECOND),
            _ => return Err(Refusal::bad("meta.expires-in-seconds is not a positive number")),
        },
    };
    let mut meta = json!({});
    add_link_to(&mut meta, state, scope, id, lifetime);
    note(state, scope.persona.hosted.front(), id, Actor::Application, "asked for a link");
    document(state, scope, id, 200, meta)
}

/// A session for an inquiry that goes on. An expired one is pending again.
pub(super) fn resume(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    let inquiry = existing(state, id)?;
    if inquiry.facts.redacted_at.is_some() {
        return Err(Refusal::conflict("Inquiry already redacted"));
    }
    let (is_expired, lives_for) = (inquiry.status == "expired", inquiry.facts.resumed_for);
    if !is_expired && !OPEN.contains(&inquiry.status.as_str()) {
        return Err(in_state(inquiry, "be resumed"));
    }
    let unused = inquiry.good_links(scope.now).find(|link| !link.is_opened).map(|link| link.token.clone());
    if unused.is_none() && inquiry.links.len() >= MOST_SESSIONS {
        return Err(Refusal::conflict("The inquiry has reached its session limit"));
    }
    let front = scope.persona.hosted.front();
    if is_expired {
        move_to(state, front, id, "pending", "resumed");
        state.expire_at(id, scope.now.saturating_add(lives_for));
        front.hub.wake();
    } else {
        note(state, front, id, Actor::Application, "resumed");
    }
    let token = unused.unwrap_or_else(|| {
        let token = new_session_token(state);
        state.add_link(id, Link::new(token.clone(), None));
        token
    });
    document(state, scope, id, 200, json!({ "session-token": token }))
}

pub(super) fn expire(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    let inquiry = existing(state, id)?;
    match inquiry.status.as_str() {
        "expired" => {}
        status if OPEN.contains(&status) => {
            move_to(state, scope.persona.hosted.front(), id, "expired", "expired by the application");
        }
        _ => return Err(in_state(inquiry, "be expired")),
    }
    document(state, scope, id, 200, Value::Null)
}

/// Deletes what the applicant gave; the status stays.
pub(super) fn redact(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    if existing(state, id)?.facts.redacted_at.is_some() {
        return Err(Refusal::conflict("Inquiry already redacted"));
    }
    if let Some(inquiry) = state.sessions.get_mut(id) {
        inquiry.facts.redacted_at = Some(scope.now);
        inquiry.facts.fields.clear();
        inquiry.end_links();
        inquiry.facts.codes.clear();
        inquiry.updated_at = scope.now;
    }
    state.scripts.stop(id);
    note(state, scope.persona.hosted.front(), id, Actor::Application, "deleted the data");
    document(state, scope, id, 200, Value::Null)
}

pub(super) fn existing<'a>(state: &'a State<Words>, id: &str) -> Result<&'a Inquiry, Refusal> {
    state.sessions.get(id).ok_or_else(Refusal::not_found)
}

pub(super) fn in_state(inquiry: &Inquiry, what: &str) -> Refusal {
    Refusal::conflict(format!("An inquiry with the status {} cannot {what}", inquiry.status))
}

/// The inquiry as the call wants to see it.
pub(super) fn document(
    state: &State<Words>,
    scope: &Scope<'_>,
    id: &str,
    status: u16,
    meta: Value,
) -> Outcome {
    let inquiry = existing(state, id)?;
    let mut document = json!({ "data": printed(inquiry, wanted_members(scope).as_deref()) });
    if scope.call.query("include").is_some_and(|names| names.split(',').any(|name| name == "verifications")) {
        document["included"] = verification(inquiry).into_iter().collect();
    }
    if meta.as_object().is_some_and(|meta| !meta.is_empty()) {
        document["meta"] = meta;
    }
    Ok((status, document))
}

/// The members that `fields[inquiry]` asks for, with dashes.
pub(super) fn wanted_members(scope: &Scope<'_>) -> Option<Vec<String>> {
    let names = scope.call.query("fields[inquiry]")?;
    Some(names.split(',').map(|name| kebab_name(name.trim())).collect())
}

/// The account of the reference, which all its inquiries share.
fn account(state: &mut State<Words>, wanted: &Wanted) -> Option<String> {
    if wanted.account.is_some() || !wanted.has_account {
        return wanted.account.clone();
    }
    let known = wanted.reference.as_ref().and_then(|reference| state.extra.accounts.get(reference)).cloned();
    let account = known.unwrap_or_else(|| format!("act_{}", state.random.word(24)));
    if let Some(reference) = &wanted.reference {
        state.extra.accounts.insert(reference.clone(), account.clone());
    }
    Some(account)
}

fn new_session_token(state: &State<Words>) -> String {
    format!("sim_{}", state.random.word(48))
}

/// Adds a link that opens once. One that was not opened yet is given again.
fn add_link_to(meta: &mut Value, state: &mut State<Words>, scope: &Scope<'_>, id: &str, lifetime: i64) {
    let unused = state.sessions.get(id).and_then(|inquiry| good_code(inquiry, scope.now));
    let code = match unused {
        Some(code) => code.text.clone(),
        None => {
            let text = format!("us1-{}", state.random.word(32));
            state.extra.codes.insert(text.clone(), id.to_owned());
            if let Some(inquiry) = state.sessions.get_mut(id) {
                let until = scope.now.saturating_add(lifetime);
                inquiry.facts.codes.push(Code { text: text.clone(), until, is_used: false });
            }
            text
        }
    };
    let link = one_time_link(&scope.persona.hosted.front().base_url, &code);
    meta["one-time-link"] = json!(link);
    meta["one-time-link-short"] = json!(link);
}
