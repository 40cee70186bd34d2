//! Acts on a user or a registration, in the words of Baanx.

use std::borrow::Cow;

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::reason::Reason;
use crate::vendor_state::note;
use crate::vendors::baanx::events;
use crate::vendors::baanx::state::{Flow, State};

/// The acts that are possible on an applicant; `open` says whether a hosted page is open.
pub(crate) fn possible(open: bool) -> Vec<ActName> {
    let mut acts = Vec::new();
    if open {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave, ActName::Expire]);
    }
    acts.extend([ActName::Approve, ActName::Reject, ActName::Say]);
    acts
}

/// Performs an act. `link` is the page on which the applicant acts; without one it is the newest open page.
pub(crate) fn perform(
    state: &mut State,
    front: &Front,
    id: &str,
    link: Option<&str>,
    act: &Act,
    by: Actor,
) -> Result<Acted> {
    let now = front.clock.now();
    let user_id = state.known_user(id)?;
    let link = match link {
        Some(link) => Some(link.to_owned()),
        None => state.newest_open(&user_id, now),
    };
    if !possible(link.is_some()).contains(&act.name()) {
        return Err(impossible(id, act.name()));
    }
    let what = act.describe();
    match act {
        Act::Submit => submit(state, front, &user_id, link.as_deref(), by),
        Act::Leave => {
            state.leave(link.as_deref());
            note(state, front, &user_id, by, what);
        }
        Act::Expire => {
            state.expire(link.as_deref(), now);
            note(state, front, &user_id, by, what);
        }
        Act::Approve => decide(state, front, &user_id, link.as_deref(), "VERIFIED", None, by, what),
        Act::Reject { reason } => {
            decide(state, front, &user_id, link.as_deref(), "REJECTED", reason.as_ref(), by, what);
        }
        Act::Fail { reason } => {
            decide(state, front, &user_id, link.as_deref(), "REJECTED", Some(reason), by, what);
        }
        Act::Say { word } => {
            let word = checked_word(word)?;
            // These three follow a submission, so they end the page.
            let ended = matches!(word, "PENDING" | "VERIFIED" | "REJECTED").then_some(link).flatten();
            decide(state, front, &user_id, ended.as_deref(), word, None, by, what);
        }
        _ => note(state, front, &user_id, by, what),
    }
    let status = state.applicants.get(&user_id).map(|found| found.state.clone()).unwrap_or_default();
    let comes_back = matches!(act.name(), ActName::Submit | ActName::Fail | ActName::Leave);
    Ok(Acted { status, redirect_url: front.return_url().filter(|_| comes_back) })
}

fn impossible(id: &str, act: ActName) -> Error {
    match act {
        ActName::Hold | ActName::RequireResubmission | ActName::Lapse | ActName::Void => {
            Error::NotPossible { act: act.as_str(), id: id.to_owned(), why: "Baanx has no such state" }
        }
        _ => Error::NoOpenSession { id: id.to_owned() },
    }
}

/// Submits the hosted page. In the user flow, test names decide at once; all other applicants wait for a decision.
fn submit(state: &mut State, front: &Front, user_id: &str, link: Option<&str>, by: Actor) {
    let flow = state.end(link);
    let Some(applicant) = state.applicants.get(user_id) else { return };
    let outcome = applicant.test_outcome().filter(|_| flow == Some(Flow::User));
    if applicant.state == "VERIFIED" && outcome.is_none() {
        return note(state, front, user_id, by, "submitted again");
    }
    change(state, front, user_id, "PENDING", None, by, "submitted");
    if let Some(word) = outcome.filter(|word| *word != "PENDING") {
        change(state, front, user_id, word, None, Actor::Script, "decided by the test name");
    }
}

#[allow(clippy::too_many_arguments, reason = "each is one fact of the decision")]
fn decide(
    state: &mut State,
    front: &Front,
    user_id: &str,
    link: Option<&str>,
    word: &str,
    reason: Option<&Reason>,
    by: Actor,
    what: Cow<'static, str>,
) {
    state.end(link);
    change(state, front, user_id, word, reason, by, what);
}

/// Sets the state, counts failures, and sends webhooks if the word changed.
fn change(
    state: &mut State,
    front: &Front,
    user_id: &str,
    word: &str,
    reason: Option<&Reason>,
    by: Actor,
    what: impl Into<Cow<'static, str>>,
) {
    let now = front.clock.now();
    let Some(applicant) = state.applicants.get_mut(user_id) else { return };
    let differs = applicant.state != word;
    word.clone_into(&mut applicant.state);
    applicant.updated_at = now;
    applicant.count_outcome(word, now);
    applicant.history.add(now, by, what, word);
    let silent = applicant.directives.no_webhook;
    if differs
        && front.outbox.is_listening()
        && let Some(event) = events::changed(state, user_id, word, reason, now, silent)
    {
        front.outbox.post(event, now);
    }
    front.hub.changed();
}
