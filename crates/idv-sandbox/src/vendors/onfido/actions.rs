//! Acts on a run, in the words of Onfido.

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendors::onfido::change::Change;
use crate::vendors::onfido::reasons;
use crate::vendors::onfido::run::Run;
use crate::vendors::onfido::state::State;

/// The acts that are possible on a run.
pub(crate) fn possible(run: &Run) -> Vec<ActName> {
    let mut acts = Vec::new();
    if run.awaits_input() {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave, ActName::Expire]);
    }
    if !matches!(run.status.as_str(), "abandoned" | "error") {
        acts.extend([ActName::Approve, ActName::Reject, ActName::Hold]);
    }
    acts.push(ActName::Say);
    acts
}

/// Performs an act.
pub(crate) fn perform(state: &mut State, front: &Front, id: &str, act: &Act, by: Actor) -> Result<Acted> {
    let now = front.clock.now();
    let unknown = || Error::Unknown { what: "workflow run", id: id.to_owned() };
    let mut change = Change::of(state, front, id, now).ok_or_else(unknown)?;
    if !possible(change.run).contains(&act.name()) {
        return Err(impossible(id, act.name()));
    }
    apply(&mut change, act)?;
    let run = change.run;
    run.history.add(now, by, act.describe(), &run.status);
    front.hub.changed();
    Ok(Acted { status: run.status.clone(), redirect_url: way_back(run, act) })
}

fn apply(change: &mut Change<'_>, act: &Act) -> Result<()> {
    match act {
        Act::Submit => change.submit(),
        Act::Fail { reason } => {
            change.submit();
            change.turn("declined", vec![reasons::text(reason)]);
        }
        Act::Approve => change.turn("approved", Vec::new()),
        Act::Reject { reason } => change.turn("declined", reason.iter().map(reasons::text).collect()),
        Act::Hold => change.turn("review", Vec::new()),
        Act::Expire => change.turn("abandoned", Vec::new()),
        Act::Say { word } => change.turn(checked_word(word)?, Vec::new()),
        Act::Open | Act::Leave | Act::RequireResubmission | Act::Lapse | Act::Void => {}
    }
    Ok(())
}

fn impossible(id: &str, act: ActName) -> Error {
    let why = match act {
        ActName::RequireResubmission => {
            "a workflow of Onfido asks for corrections by itself, without a state for it"
        }
        ActName::Lapse => "an approval of Onfido does not lapse",
        ActName::Void => "Onfido withdraws no run",
        ActName::Approve | ActName::Reject | ActName::Hold => "the run has ended without a result",
        _ => return Error::NoOpenSession { id: id.to_owned() },
    };
    Error::NotPossible { act: act.as_str(), id: id.to_owned(), why }
}

/// The URL for an applicant who is done, without any parameter (OpenAPI specification of Onfido, `workflow_run_link`).
fn way_back(run: &Run, act: &Act) -> Option<String> {
    let is_done = matches!(act, Act::Submit | Act::Fail { .. });
    run.wanted.link.completed_redirect_url.clone().filter(|_| is_done)
}

/// Ends runs whose link expires and deletes applicants whose time has come, and returns the time of the next of either.
pub(crate) fn pass_time(state: &mut State, front: &Front, now: i64) -> Option<i64> {
    while let Some((at, id)) = due(&mut state.ends, now) {
        let Some(mut change) = Change::of(state, front, &id, at).filter(|change| change.run.awaits_input())
        else {
            continue;
        };
        change.turn("abandoned", Vec::new());
        let run = change.run;
        run.history.add(at, Actor::Operator, Act::Expire.describe(), &run.status);
        state.scripts.stop(&id);
        front.hub.changed();
    }
    while let Some((_, applicant)) = due(&mut state.deletions, now) {
        state.erase(&applicant);
        front.hub.changed();
    }
    let next = [state.ends.first(), state.deletions.first()];
    next.into_iter().flatten().map(|(at, _)| *at).min()
}

fn due(agenda: &mut std::collections::BTreeSet<(i64, String)>, now: i64) -> Option<(i64, String)> {
    if agenda.first().is_some_and(|(at, _)| *at <= now) { agenda.pop_first() } else { None }
}
