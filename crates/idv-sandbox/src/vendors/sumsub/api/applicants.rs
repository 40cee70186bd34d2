//! Reads of applicants, and changes of them.

use axum::extract::{Path, State as Extract};
use serde_json::{Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::step_on_read;
use crate::vendors::sumsub::api::access::{Outcome, Refusal, answer, refusal};
use crate::vendors::sumsub::api::body::json_of;
use crate::vendors::sumsub::applicant::Applicant;
use crate::vendors::sumsub::state::State;
use crate::vendors::sumsub::{Sumsub, actions, record, verdict};

/// The matrix segment in place of an id.
const BY_EXTERNAL: &str = "-;externalUserId=";

/// The applicant by its id, or by the external id in a matrix segment.
pub(super) async fn one(Extract(sumsub): Extract<Sumsub>, Path(id): Path<String>, call: Call) -> Answer {
    sumsub.on(&call, |state| {
        let id = match id.strip_prefix(BY_EXTERNAL) {
            Some(external) => state.by_external.get(external).cloned().unwrap_or_default(),
            None => id,
        };
        step_on_read(state, &sumsub.front, &id);
        Ok((200, print(state, &id, sumsub.now())?))
    })
}

/// Whether an external id is taken: 200 in both cases.
pub(super) async fn probe(
    Extract(sumsub): Extract<Sumsub>,
    Path(external): Path<String>,
    call: Call,
) -> Answer {
    sumsub.on(&call, |state| {
        let Some(id) = state.by_external.get(&external).cloned() else {
            return Ok((200, json!({ "exists": false })));
        };
        step_on_read(state, &sumsub.front, &id);
        Ok((200, json!({ "exists": true, "applicant": print(state, &id, sumsub.now())? })))
    })
}

pub(super) async fn status(Extract(sumsub): Extract<Sumsub>, Path(id): Path<String>, call: Call) -> Answer {
    sumsub.on(&call, |state| {
        step_on_read(state, &sumsub.front, &id);
        Ok((200, record::review(find(state, &id)?, sumsub.now())))
    })
}

pub(super) async fn count(Extract(sumsub): Extract<Sumsub>, call: Call) -> Answer {
    sumsub.on(&call, |state| Ok((200, json!({ "count": state.applicants.len() }))))
}

pub(super) async fn deactivate(
    Extract(sumsub): Extract<Sumsub>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    sumsub.on(&call, |state| {
        if find(state, &id)?.review.is_under_check() {
            return Err(being_checked());
        }
        sumsub.set_presence(state, &id, false)
    })
}

pub(super) async fn activate(Extract(sumsub): Extract<Sumsub>, Path(id): Path<String>, call: Call) -> Answer {
    sumsub.on(&call, |state| {
        find(state, &id)?;
        sumsub.set_presence(state, &id, true)
    })
}

pub(super) async fn reset(Extract(sumsub): Extract<Sumsub>, Path(id): Path<String>, call: Call) -> Answer {
    sumsub.on(&call, |state| {
        active(state, &id)?;
        if !actions::reset(state, &sumsub.front, &id, Actor::Application) {
            return Err(being_checked());
        }
        state.scripts.stop(&id);
        Ok((200, json!({ "ok": 1 })))
    })
}

pub(super) async fn test_completed(
    Extract(sumsub): Extract<Sumsub>,
    Path(id): Path<String>,
    call: Call,
) -> Answer {
    sumsub.on(&call, |state| {
        active(state, &id)?;
        let result = verdict::asked_for(&json_of(&call)?).map_err(|why| refusal(400, why))?;
        let told = (Actor::Application, "simulated a review".into());
        actions::complete(state, &sumsub.front, &id, result, told);
        state.scripts.stop(&id);
        Ok((200, json!({ "ok": 1 })))
    })
}

impl Sumsub {
    /// Admits a call and carries it out.
    fn on(&self, call: &Call, run: impl FnOnce(&mut State) -> Outcome) -> Answer {
        let mut state = self.lock();
        let outcome = self.admit(&mut state, call).and_then(|()| run(&mut state));
        answer(&state, outcome)
    }

    /// Deactivates or activates; repeating it changes nothing.
    fn set_presence(&self, state: &mut State, id: &str, active: bool) -> Outcome {
        if find(state, id)?.deleted == active {
            actions::set_presence(state, &self.front, id, active, Actor::Application);
            state.scripts.stop(id);
        }
        Ok((200, print(state, id, self.now())?))
    }
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Applicant, Refusal> {
    state.applicants.get(id).ok_or_else(|| {
        let evicted = "Applicant not found. Evicted: the simulation keeps only its newest applicants.";
        refusal(404, if state.applicants.was_evicted(id) { evicted } else { "Applicant not found" })
    })
}

fn active<'a>(state: &'a State, id: &str) -> Result<&'a Applicant, Refusal> {
    let found = find(state, id)?;
    if found.deleted { Err(deactivated()) } else { Ok(found) }
}

pub(super) fn print(state: &State, id: &str, now: i64) -> Result<Value, Refusal> {
    find(state, id).map(|found| record::applicant(found, &state.client_id, now))
}

pub(super) fn deactivated() -> Refusal {
    refusal(409, "Applicant is deactivated").named(1008, "applicant-marked-as-deleted")
}

fn being_checked() -> Refusal {
    refusal(409, "Applicant is being checked")
}
