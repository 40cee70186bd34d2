//! The HTTP surface of the simulated Onfido.

mod access;
mod applicants;
mod list;
mod runs;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::{get, post};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::onfido::Onfido;
use crate::vendors::onfido::refusal::Refusal;

pub(super) fn router(onfido: &Onfido) -> Router {
    Router::new()
        .route("/v3.6/applicants", get(applicants).post(create_applicant))
        .route("/v3.6/applicants/{id}", get(applicant).put(update_applicant).delete(delete_applicant))
        .route("/v3.6/applicants/{id}/restore", post(restore_applicant))
        .route("/v3.6/workflow_runs", get(find).post(start))
        .route("/v3.6/workflow_runs/{id}", get(check))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(onfido.clone())
}

async fn create_applicant(Extract(onfido): Extract<Onfido>, call: Call) -> Answer {
    onfido.answer(&call, applicants::create)
}

async fn applicants(Extract(onfido): Extract<Onfido>, call: Call) -> Answer {
    onfido.answer(&call, list::applicants)
}

async fn applicant(Extract(onfido): Extract<Onfido>, Path(id): Path<String>, call: Call) -> Answer {
    onfido.answer(&call, |state, scope| applicants::retrieve(state, scope, &id))
}

async fn update_applicant(Extract(onfido): Extract<Onfido>, Path(id): Path<String>, call: Call) -> Answer {
    onfido.answer(&call, |state, scope| applicants::update(state, scope, &id))
}

async fn delete_applicant(Extract(onfido): Extract<Onfido>, Path(id): Path<String>, call: Call) -> Answer {
    onfido.answer(&call, |state, scope| applicants::delete(state, scope, &id))
}

async fn restore_applicant(Extract(onfido): Extract<Onfido>, Path(id): Path<String>, call: Call) -> Answer {
    onfido.answer(&call, |state, _| applicants::restore(state, &id))
}

async fn start(Extract(onfido): Extract<Onfido>, call: Call) -> Answer {
    onfido.answer(&call, runs::create)
}

async fn find(Extract(onfido): Extract<Onfido>, call: Call) -> Answer {
    onfido.answer(&call, list::runs)
}

async fn check(Extract(onfido): Extract<Onfido>, Path(id): Path<String>, call: Call) -> Answer {
    onfido.answer(&call, |state, scope| runs::retrieve(state, scope, &id))
}

async fn unknown(Extract(onfido): Extract<Onfido>, call: Call) -> Answer {
    onfido.answer(&call, |_, _| Err(Refusal::not_found()))
}
