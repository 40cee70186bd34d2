//! Calls about one workflow run (OpenAPI specification of Onfido, workflow_runs).

use crate::act::Actor;
use crate::answer::Answer;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::onfido::api::access::{Outcome, Scope};
use crate::vendors::onfido::refusal::Refusal;
use crate::vendors::onfido::run::Wanted;
use crate::vendors::onfido::state::State;

/// Each call makes a run: Onfido recognises no repetition.
pub(super) fn create(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let mut fields = Wanted::fields(scope.call.json()?);
    let wanted = Wanted::parse(&mut fields, scope.now);
    let known = [&state.workflows.interactive, &state.workflows.silent];
    if !known.contains(&&wanted.workflow_id) {
        fields.refuse("workflow_id", "is not a workflow of this account");
    }
    if state.shown(&wanted.applicant_id).is_none() {
        fields.refuse("applicant_id", "is not an applicant of this account");
    }
    if !fields.object("custom_data").is_empty() {
        fields.refuse("custom_data", "does not match the inputs of the workflow");
    }
    fields.finish()?;
    let front = &scope.onfido.front;
    state.evict_runs(front.capacity);
    let id = state.create(wanted, scope.now);
    note(state, front, &id, Actor::Application, "created");
    front.hub.wake();
    printed(state, scope, &id, 201)
}

pub(super) fn retrieve(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    step_on_read(state, &scope.onfido.front, id);
    printed(state, scope, id, 200)
}

fn printed(state: &State, scope: &Scope<'_>, id: &str, status: u16) -> Outcome {
    let run = state.runs.get(id);
    if run.is_none() && state.runs.was_evicted(id) {
        let message = "Evicted: the simulation keeps only its newest workflow runs";
        return Err(Refusal::new(404, "resource_not_found", message));
    }
    let run = run.ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(status, &run.printed(&scope.onfido.front)))
}
