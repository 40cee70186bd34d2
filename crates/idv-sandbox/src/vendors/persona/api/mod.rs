//! The HTTP surface of the simulated Persona.

mod access;
mod inquiries;
mod list;
mod simulate;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::{get, post};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::persona::Persona;
use crate::vendors::persona::refusal::Refusal;

pub(super) fn router(persona: &Persona) -> Router {
    Router::new()
        .route("/api/v1/inquiries", get(find).post(start))
        .route("/api/v1/inquiries/{id}", get(check).delete(redact))
        .route("/api/v1/inquiries/{id}/{verb}", post(change))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(persona.clone())
}

async fn start(Extract(persona): Extract<Persona>, call: Call) -> Answer {
    persona.answer(&call, true, inquiries::create)
}

async fn find(Extract(persona): Extract<Persona>, call: Call) -> Answer {
    persona.answer(&call, false, list::page)
}

async fn check(Extract(persona): Extract<Persona>, Path(id): Path<String>, call: Call) -> Answer {
    persona.answer(&call, false, |state, scope| inquiries::retrieve(state, scope, &id))
}

async fn redact(Extract(persona): Extract<Persona>, Path(id): Path<String>, call: Call) -> Answer {
    persona.answer(&call, false, |state, scope| inquiries::redact(state, scope, &id))
}

async fn change(
    Extract(persona): Extract<Persona>,
    Path((id, verb)): Path<(String, String)>,
    call: Call,
) -> Answer {
    persona.answer(&call, false, |state, scope| match verb.as_str() {
        "generate-one-time-link" => inquiries::generate_link(state, scope, &id),
        "resume" => inquiries::resume(state, scope, &id),
        "expire" => inquiries::expire(state, scope, &id),
        "approve" | "decline" | "mark-for-review" => simulate::decide(state, scope, &id, &verb),
        "perform-simulate-actions" => simulate::perform(state, scope, &id),
        _ => Err(Refusal::not_found()),
    })
}

async fn unknown(Extract(persona): Extract<Persona>, call: Call) -> Answer {
    persona.answer(&call, false, |_, _| Err(Refusal::not_found()))
}
