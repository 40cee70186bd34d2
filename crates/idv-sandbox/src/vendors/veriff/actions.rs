//! Acts on a session, in the words of Veriff.

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendors::veriff::codes::is_open;
use crate::vendors::veriff::reasons::{Granular, MISSING_PHOTOS, SUSPICIOUS};
use crate::vendors::veriff::state::{Session, State};
use crate::vendors::veriff::turn::Turn;

/// The acts that are possible on a session.
pub(crate) fn possible(session: &Session) -> Vec<ActName> {
    let mut acts = Vec::new();
    if is_open(&session.status) {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave, ActName::Expire]);
    }
    if !matches!(session.status.as_str(), "expired" | "abandoned") {
        acts.extend([ActName::Hold, ActName::RequireResubmission]);
    }
    acts.extend([ActName::Approve, ActName::Reject, ActName::Say]);
    acts
}

/// Performs an act.
pub(crate) fn perform(state: &mut State, front: &Front, id: &str, act: &Act, by: Actor) -> Result<Acted> {
    let now = front.clock.now();
    let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
    let mut turn = Turn::of(state, front, id, now).ok_or_else(unknown)?;
    if !possible(turn.session).contains(&act.name()) {
        return Err(impossible(id, act.name()));
    }
    let goes_on = matches!(act, Act::Open) && turn.session.status == "resubmission_requested";
    apply(&mut turn, act)?;
    let session = turn.session;
    session.history.add(now, by, act.describe(), &session.status);
    let acted = Acted { status: session.status.clone(), redirect_url: way_back(session, act) };
    let sequel = session.sequel.clone().filter(|_| goes_on);
    if let Some(plot) = sequel {
        state.scripts.begin(id, plot.steps(true), now);
        front.hub.wake();
    }
    front.hub.changed();
    Ok(acted)
}

fn apply(turn: &mut Turn<'_>, act: &Act) -> Result<()> {
    match act {
        Act::Open | Act::Leave => turn.open(),
        Act::Submit => {
            turn.submit();
        }
        Act::Fail { reason } => {
            let reason = Granular::of(Some(reason), SUSPICIOUS);
            match turn.submit() {
                true => {}
                false if reason.allows_another_try() => turn.ask_again(reason),
                false => turn.decide("declined", Some(reason)),
            }
        }
        Act::Approve => turn.decide("approved", None),
        Act::Reject { reason } => turn.decide("declined", Some(Granular::of(reason.as_ref(), SUSPICIOUS))),
        Act::Hold => turn.decide("review", None),
        Act::RequireResubmission => turn.ask_again(Granular::new(MISSING_PHOTOS)),
        Act::Expire => turn.end(),
        Act::Say { word } => turn.say(checked_word(word)?),
        Act::Lapse | Act::Void => {}
    }
    Ok(())
}

fn impossible(id: &str, act: ActName) -> Error {
    let why = match act {
        ActName::Lapse | ActName::Void => "Veriff has no such state",
        ActName::Hold | ActName::RequireResubmission => "the session has ended",
        _ => return Error::NoOpenSession { id: id.to_owned() },
    };
    Error::NotPossible { act: act.as_str(), id: id.to_owned(), why }
}

/// The callback, to which the applicant is sent at the end or on leaving. It gets no parameters (Veriff documentation,
/// redirection guide).
fn way_back(session: &Session, act: &Act) -> Option<String> {
    let leaves = matches!(act, Act::Submit | Act::Fail { .. } | Act::Leave);
    session.wanted.callback.clone().filter(|_| leaves)
}

/// Sends what was withheld, ends sessions whose time is over, and returns the time of the next of either.
pub(crate) fn pass_time(state: &mut State, front: &Front, now: i64) -> Option<i64> {
    while let Some((at, id)) = state.agenda.take_due(now) {
        let Some(mut turn) = Turn::of(state, front, &id, at) else { continue };
        turn.send_held();
        if at >= turn.session.expires_at() && is_open(&turn.session.status) {
            turn.end();
            let session = turn.session;
            session.history.add(at, Actor::Operator, Act::Expire.describe(), &session.status);
            state.scripts.stop(&id);
            front.hub.changed();
        }
    }
    state.agenda.next()
}
