//! Acts on a session, by the table of its vendor.

use std::borrow::Cow;

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::reason::Reason;
use crate::vendors::hosted::dialect::Dialect;
use crate::vendors::hosted::session::{Link, Session};
use crate::vendors::hosted::state::State;
use crate::vendors::hosted::turn::{Change, ON_PAGE, turn};

/// Whether the vendor's table has the act for this session.
pub(crate) fn is_possible<D: Dialect>(session: &Session<D::Facts>, act: ActName) -> bool {
    act == ActName::Say || turn(D::TURNS, act, &session.status).is_some()
}

/// The acts that are possible on a session.
pub(super) fn possible<D: Dialect>(front: &Front, session: &Session<D::Facts>, now: i64) -> Vec<ActName> {
    let is_open = !D::pages(front, session, now).is_empty();
    let mut acts: Vec<ActName> = Vec::new();
    for turn in D::TURNS {
        let fits = is_possible::<D>(session, turn.act) && (is_open || !ON_PAGE.contains(&turn.act));
        if fits && !acts.contains(&turn.act) {
            acts.push(turn.act);
        }
    }
    acts.push(ActName::Say);
    acts
}

/// Performs an act.
pub(super) fn perform<D: Dialect>(
    state: &mut State<D>,
    front: &Front,
    id: &str,
    link: Option<&str>,
    act: &Act,
    by: Actor,
) -> Result<Acted> {
    let now = front.clock.now();
    let unknown = || Error::Unknown { what: "session", id: id.to_owned() };
    let session = state.sessions.get(id).ok_or_else(unknown)?;
    if !possible::<D>(front, session, now).contains(&act.name()) {
        return Err(impossible::<D>(id, act.name()));
    }
    let goes_on = matches!(act, Act::Open) && session.reason.is_some();
    let word = match act {
        Act::Say { word } => Some(checked_word(word)?.to_owned()),
        _ => turn(D::TURNS, act.name(), &session.status).and_then(|turn| turn.to).map(str::to_owned),
    };
    let session = state.sessions.get_mut(id).ok_or_else(unknown)?;
    prepare::<D>(session, link, act);
    let word = word.unwrap_or_else(|| session.status.clone());
    change(state, front, id, &word, Some(act.name()), (by, act.describe()));
    let session = state.sessions.get(id).ok_or_else(unknown)?;
    let acted = Acted { status: session.status.clone(), redirect_url: D::way_back(session, act) };
    if let Some(plot) = session.sequel.clone().filter(|_| goes_on) {
        state.scripts.begin(id, plot.steps(true), now);
        front.hub.wake();
    }
    Ok(acted)
}

/// Keeps the reason of an act, and what it does to the page.
fn prepare<D: Dialect>(session: &mut Session<D::Facts>, link: Option<&str>, act: &Act) {
    match act {
        Act::Fail { reason } => session.reason = Some(reason.clone()),
        Act::Reject { reason } => session.reason.clone_from(reason),
        Act::RequireResubmission => session.reason = Some(Reason::unreadable()),
        Act::Submit | Act::Approve => session.reason = None,
        Act::Leave if D::LEAVING_ENDS_LINK => session.end_links(),
        Act::Open => {
            let opened = |opened: &&mut Link| link.is_none_or(|link| link == opened.token);
            session.links.iter_mut().filter(opened).for_each(|link| link.is_opened = true);
        }
        _ => {}
    }
}

fn impossible<D: Dialect>(id: &str, act: ActName) -> Error {
    let is_known = D::TURNS.iter().any(|turn| turn.act == act);
    match (is_known, ON_PAGE.contains(&act)) {
        (true, true) => Error::NoOpenSession { id: id.to_owned() },
        (true, false) => Error::NotPossible {
            act: act.as_str(),
            id: id.to_owned(),
            why: "the vendor does not allow it in this state",
        },
        (false, _) => {
            Error::NotPossible { act: act.as_str(), id: id.to_owned(), why: "the vendor has no such state" }
        }
    }
}

/// Sets the word of a session by a call of the application.
pub(crate) fn move_to<D: Dialect>(
    state: &mut State<D>,
    front: &Front,
    id: &str,
    word: &str,
    what: impl Into<Cow<'static, str>>,
) {
    state.scripts.stop(id);
    change(state, front, id, word, None, (Actor::Application, what.into()));
}

/// Sets the word of a session, ends its pages where the applicant has nothing to do any more, and sends webhooks.
pub(crate) fn change<D: Dialect>(
    state: &mut State<D>,
    front: &Front,
    id: &str,
    word: &str,
    act: Option<ActName>,
    (by, what): (Actor, Cow<'static, str>),
) {
    let now = front.clock.now();
    let Some(session) = state.sessions.get_mut(id) else { return };
    let change = Change { act, from: Some(session.status.clone()), to: word.to_owned() };
    session.set_status(word, now);
    D::after(session, &change, now);
    if !is_possible::<D>(session, ActName::Submit) {
        session.end_links();
    }
    session.history.add(now, by, what, word);
    if let Some(session) = state.sessions.get(id) {
        tell(state, front, session, &change, now);
    }
    front.hub.changed();
}

/// Sends the webhooks about a change.
pub(super) fn tell<D: Dialect>(
    state: &State<D>,
    front: &Front,
    session: &Session<D::Facts>,
    change: &Change,
    now: i64,
) {
    if front.outbox.is_listening() {
        for event in D::events(&state.extra, front, session, change, now) {
            front.outbox.post(event, now);
        }
    }
}

/// Ends the sessions whose time has run out, and returns the time of the next end.
pub(super) fn pass_time<D: Dialect>(state: &mut State<D>, front: &Front, now: i64) -> Option<i64> {
    while let Some((_, id)) = state.take_overdue(now) {
        let word = state.sessions.get(&id).and_then(|session| D::overdue(&session.status));
        if let Some(word) = word {
            change(state, front, &id, word, Some(ActName::Expire), (Actor::Operator, Act::Expire.describe()));
        }
    }
    state.next_expiry()
}
