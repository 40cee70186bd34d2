//! Acts on an organization, in the words of nxos.

use std::borrow::Cow;

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendor_state::note;
use crate::vendors::nxos::events;
use crate::vendors::nxos::state::{Organization, State};

/// The acts that are possible on an organization in this state.
pub(crate) fn possible(organization: &Organization) -> Vec<ActName> {
    let mut acts = Vec::new();
    if organization.status == "PENDING" && !organization.submitted {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave]);
    }
    acts.extend([ActName::Approve, ActName::Reject, ActName::Hold, ActName::RequireResubmission]);
    if organization.status == "APPROVED" {
        acts.push(ActName::Lapse);
    }
    acts.extend([ActName::Expire, ActName::Say]);
    acts
}

/// Performs an act.
pub(crate) fn perform(state: &mut State, front: &Front, id: &str, act: &Act, by: Actor) -> Result<Acted> {
    let unknown = || Error::Unknown { what: "organization", id: id.to_owned() };
    let found = state.organizations.get(id).ok_or_else(unknown)?;
    if !possible(found).contains(&act.name()) {
        return Err(impossible(found, id, act.name()));
    }
    let what = act.describe();
    if let Some(found) = state.organizations.get_mut(id) {
        move_on(found, act);
    }
    match next_word(act)? {
        Some(word) => change(state, front, id, word, by, what),
        None => {
            if matches!(act, Act::Expire) {
                state.expire_sessions(id, front.clock.now());
            }
            note(state, front, id, by, what);
        }
    }
    let status = state.organizations.get(id).map(|found| found.status.clone()).ok_or_else(unknown)?;
    Ok(Acted { status, redirect_url: None })
}

/// Updates the progress of the flow: after a submission, only a required correction reopens it, at its last step.
fn move_on(found: &mut Organization, act: &Act) {
    match act {
        Act::Submit => found.submitted = true,
        Act::Fail { .. } | Act::RequireResubmission | Act::Lapse => {
            found.submitted = false;
            found.steps.pop_last();
        }
        _ => {}
    }
}

fn impossible(found: &Organization, id: &str, act: ActName) -> Error {
    let why = match act {
        ActName::Void => "nxos has no such state",
        ActName::Lapse => "only an approval can lapse",
        _ if found.status == "NOT_STARTED" => "no session was started",
        _ => "nothing is open for the applicant",
    };
    Error::NotPossible { act: act.as_str(), id: id.to_owned(), why }
}

/// The next status; `None` if it stays.
fn next_word(act: &Act) -> Result<Option<&str>> {
    Ok(match act {
        Act::Approve => Some("APPROVED"),
        Act::Reject { .. } => Some("REJECTED"),
        Act::Hold => Some("ON_HOLD"),
        Act::Fail { .. } | Act::RequireResubmission | Act::Lapse => Some("RESUBMISSION_REQUIRED"),
        Act::Say { word } => Some(checked_word(word)?),
        Act::Open | Act::Submit | Act::Leave | Act::Expire | Act::Void => None,
    })
}

/// Changes the status, and sends webhooks if the word changed.
pub(crate) fn change(
    state: &mut State,
    front: &Front,
    id: &str,
    word: &str,
    by: Actor,
    what: impl Into<Cow<'static, str>>,
) {
    let now = front.clock.now();
    let Some(found) = state.organizations.get_mut(id) else { return };
    let differs = found.set_status(word, now);
    found.history.add(now, by, what, word);
    let silent = found.directives.no_webhook;
    if differs && front.outbox.is_listening() {
        let event = events::verification_updated(state, id, state.event_data, now, silent);
        front.outbox.post(event, now);
    }
    front.hub.changed();
}
