//! Calls about one applicant (OpenAPI specification of Onfido, applicants).

use crate::answer::Answer;
use crate::vendors::onfido::api::access::{Outcome, Scope};
use crate::vendors::onfido::applicant::{Applicant, Told};
use crate::vendors::onfido::refusal::Refusal;
use crate::vendors::onfido::state::State;

pub(super) fn create(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let told = Told::parse(scope.call.json()?)?;
    let front = &scope.onfido.front;
    state.evict_applicants(front.capacity);
    let id = state.random.uuid();
    let applicant = Applicant { id: id.clone(), told, created_at: scope.now, delete_at: None };
    let answer = Answer::json(201, &applicant.printed(&front.base_url));
    state.applicants.add(id, applicant);
    Ok(answer)
}

pub(super) fn retrieve(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let applicant = state.shown(id).ok_or_else(Refusal::not_found)?;
    Ok(Answer::json(200, &applicant.printed(&scope.onfido.front.base_url)))
}

pub(super) fn update(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let applicant = state.shown(id).ok_or_else(Refusal::not_found)?;
    let told = applicant.told.updated(scope.call.json()?)?;
    if let Some(applicant) = state.applicants.get_mut(id) {
        applicant.told = told;
    }
    retrieve(state, scope, id)
}

/// Plans the deletion. An applicant who is to be deleted is not there any more.
pub(super) fn delete(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    if !state.delete(id, scope.now) {
        return Err(Refusal::not_found());
    }
    scope.onfido.front.hub.wake();
    Ok(Answer::text(204, ""))
}

pub(super) fn restore(state: &mut State, id: &str) -> Outcome {
    if state.restore(id) { Ok(Answer::text(204, "")) } else { Err(Refusal::not_found()) }
}
