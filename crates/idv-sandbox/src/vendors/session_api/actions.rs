//! Acts on a session, in the words of the session API.

use std::borrow::Cow;

use url::Url;

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendor_state::note;
use crate::vendors::session_api::events;
use crate::vendors::session_api::state::{Session, State};

/// The acts that are possible on a session.
pub(crate) fn possible(session: &Session) -> Vec<ActName> {
    let mut acts = Vec::new();
    if session.status == "PENDING" {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave, ActName::Expire]);
    }
    acts.extend([ActName::Approve, ActName::Reject, ActName::Void, ActName::Say]);
    acts
}

/// Performs an act.
pub(crate) fn perform(state: &mut State, front: &Front, id: &str, act: &Act, by: Actor) -> Result<Acted> {
    let now = front.clock.now();
    let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
    let session = state.sessions.get_mut(id).ok_or_else(unknown)?;
    if !possible(session).contains(&act.name()) {
        return Err(impossible(id, act.name()));
    }
    let word = next_word(act)?.map(str::to_owned);
    if matches!(act, Act::Open | Act::Submit | Act::Fail { .. } | Act::Leave) && session.progress == "PENDING"
    {
        session.set_progress("STARTED", now);
    }
    match word {
        Some(word) => change(state, front, id, &word, by, act.describe()),
        None => note(state, front, id, by, act.describe()),
    }
    let session = state.sessions.get(id).ok_or_else(unknown)?;
    Ok(Acted { status: session.status.clone(), redirect_url: way_back(session, act) })
}

fn impossible(id: &str, act: ActName) -> Error {
    match act {
        ActName::Hold | ActName::RequireResubmission | ActName::Lapse => Error::NotPossible {
            act: act.as_str(),
            id: id.to_owned(),
            why: "the session API has no such state",
        },
        _ => Error::NoOpenSession { id: id.to_owned() },
    }
}

/// The next status; `None` if it stays.
fn next_word(act: &Act) -> Result<Option<&str>> {
    Ok(match act {
        Act::Submit => Some("SUBMITTED"),
        Act::Fail { reason } => Some(match reason.as_str() {
            "session_expired" => "EXPIRED",
            "internal_error" | "unknown" | "attempts_exhausted" => "FAILED",
            _ => "REJECTED",
        }),
        Act::Approve => Some("VERIFIED"),
        Act::Reject { .. } => Some("REJECTED"),
        Act::Expire => Some("EXPIRED"),
        Act::Void => Some("VOIDED"),
        Act::Say { word } => Some(checked_word(word)?),
        Act::Open | Act::Leave | Act::Hold | Act::RequireResubmission | Act::Lapse => None,
    })
}

/// The redirect URL after an act (session API documentation, Create session, redirect behavior).
fn way_back(session: &Session, act: &Act) -> Option<String> {
    match act {
        Act::Submit => return_url(session, "success", None),
        Act::Fail { reason } => return_url(session, "failed", Some(reason.as_str())),
        Act::Leave => return_url(session, "abandoned", Some("user_cancelled")),
        _ => None,
    }
}

/// The redirect URL with the vendor's parameters.
pub(crate) fn return_url(session: &Session, status: &str, reason: Option<&str>) -> Option<String> {
    let mut url = Url::parse(session.redirect_url.as_deref()?).ok()?;
    url.query_pairs_mut().append_pair("session_id", &session.id).append_pair("status", status);
    if let Some(reason) = reason {
        url.query_pairs_mut().append_pair("reason", reason);
    }
    Some(url.into())
}

/// Sets the status, and sends webhooks if the word has an event.
pub(crate) fn change(
    state: &mut State,
    front: &Front,
    id: &str,
    word: &str,
    by: Actor,
    what: impl Into<Cow<'static, str>>,
) {
    let now = front.clock.now();
    let Some(session) = state.sessions.get_mut(id) else { return };
    let differs = session.status != word;
    session.set_status(word, now);
    session.history.add(now, by, what, word);
    if let Some(event_type) = events::type_for(word).filter(|_| differs) {
        tell(state, front, id, event_type, now);
    }
    front.hub.changed();
}

/// Sends an event about the current state of a session.
pub(crate) fn tell(state: &State, front: &Front, id: &str, event_type: &str, now: i64) {
    if front.outbox.is_listening() {
        front.outbox.post(events::event(state, id, event_type), now);
    }
}
