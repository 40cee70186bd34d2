//! Acts on a session, in the words of Stripe.

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendors::stripe::change::Change;
use crate::vendors::stripe::codes::{ABANDONED, UNVERIFIED, code};
use crate::vendors::stripe::session::Session;
use crate::vendors::stripe::state::State;

/// The acts that are possible on a session.
pub(crate) fn possible(session: &Session, now: i64) -> Vec<ActName> {
    let mut acts = Vec::new();
    if session.links.good(now).next().is_some() {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave]);
    }
    if session.is_undecided() {
        acts.extend([ActName::Approve, ActName::Reject, ActName::RequireResubmission]);
    }
    if session.requires_input() {
        acts.push(ActName::Void);
    }
    acts.push(ActName::Say);
    acts
}

/// Performs an act.
pub(crate) fn perform(
    state: &mut State,
    front: &Front,
    id: &str,
    link: Option<&str>,
    act: &Act,
    by: Actor,
) -> Result<Acted> {
    let now = front.clock.now();
    let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
    let mut change = Change::of(state, front, id, now).ok_or_else(unknown)?;
    if !possible(change.session, now).contains(&act.name()) {
        return Err(impossible(id, act.name()));
    }
    let goes_on = matches!(act, Act::Open) && change.session.last_error.is_some();
    apply(&mut change, link, act)?;
    let session = change.session;
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

fn apply(change: &mut Change<'_>, link: Option<&str>, act: &Act) -> Result<()> {
    match act {
        Act::Open => change.open(link),
        Act::Submit => change.submit(),
        Act::Fail { reason } => {
            change.submit();
            change.fail(code(reason));
        }
        Act::Leave => change.fail(ABANDONED.to_owned()),
        Act::Approve => change.verify(),
        Act::Reject { reason } => change.fail(reason.as_ref().map_or_else(|| UNVERIFIED.to_owned(), code)),
        Act::RequireResubmission => change.fail(UNVERIFIED.to_owned()),
        Act::Void => change.cancel(),
        Act::Say { word } => change.say(checked_word(word)?),
        Act::Hold | Act::Lapse | Act::Expire => {}
    }
    Ok(())
}

fn impossible(id: &str, act: ActName) -> Error {
    let why = match act {
        ActName::Expire => "a session of Stripe never expires",
        ActName::Hold => "Stripe holds no session",
        ActName::Lapse => "what Stripe has verified stays verified",
        ActName::Approve | ActName::Reject | ActName::RequireResubmission | ActName::Void => {
            "the session has ended"
        }
        _ => return Error::NoOpenSession { id: id.to_owned() },
    };
    Error::NotPossible { act: act.as_str(), id: id.to_owned(), why }
}

/// The return URL, exactly as it was given (Stripe documentation, verify your users' identity documents).
fn way_back(session: &Session, act: &Act) -> Option<String> {
    let leaves = matches!(act, Act::Submit | Act::Fail { .. } | Act::Leave);
    session.wanted.return_url.clone().filter(|_| leaves)
}

/// Ends deletions whose time has come, and returns the time of the next one.
pub(crate) fn pass_time(state: &mut State, front: &Front, now: i64) -> Option<i64> {
    while state.redactions.first().is_some_and(|(at, _)| *at <= now) {
        let Some((at, id)) = state.redactions.pop_first() else { break };
        if let Some(mut change) = Change::of(state, front, &id, at) {
            change.redacted();
            let session = change.session;
            session.history.add(at, Actor::Operator, "deleted the data", &session.status);
            front.hub.changed();
        }
    }
    state.redactions.first().map(|(at, _)| *at)
}
