//! The HTTP surface of the simulated Stripe Identity.

mod access;
mod list;
mod sessions;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::routing::{get, post};

use crate::answer::Answer;
use crate::call::Call;
use crate::vendors::stripe::Stripe;
use crate::vendors::stripe::refusal::Refusal;

pub(super) fn router(stripe: &Stripe) -> Router {
    Router::new()
        .route("/v1/identity/verification_sessions", get(find).post(start))
        .route("/v1/identity/verification_sessions/{id}", get(check).post(update))
        .route("/v1/identity/verification_sessions/{id}/cancel", post(cancel))
        .route("/v1/identity/verification_sessions/{id}/redact", post(redact))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(stripe.clone())
}

async fn start(Extract(stripe): Extract<Stripe>, call: Call) -> Answer {
    stripe.answer(&call, sessions::create)
}

async fn find(Extract(stripe): Extract<Stripe>, call: Call) -> Answer {
    stripe.answer(&call, list::page)
}

async fn check(Extract(stripe): Extract<Stripe>, Path(id): Path<String>, call: Call) -> Answer {
    stripe.answer(&call, |state, scope| sessions::retrieve(state, scope, &id))
}

async fn update(Extract(stripe): Extract<Stripe>, Path(id): Path<String>, call: Call) -> Answer {
    stripe.answer(&call, |state, scope| sessions::update(state, scope, &id))
}

async fn cancel(Extract(stripe): Extract<Stripe>, Path(id): Path<String>, call: Call) -> Answer {
    stripe.answer(&call, |state, scope| sessions::cancel(state, scope, &id))
}

async fn redact(Extract(stripe): Extract<Stripe>, Path(id): Path<String>, call: Call) -> Answer {
    stripe.answer(&call, |state, scope| sessions::redact(state, scope, &id))
}

async fn unknown(Extract(stripe): Extract<Stripe>, call: Call) -> Answer {
    let message = format!("Unrecognized request URL ({}: {}).", call.method, call.uri.path());
    stripe.answer(&call, |_, _| Err(Refusal::new(404, None, message)))
}
