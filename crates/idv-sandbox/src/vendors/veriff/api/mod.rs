//! The HTTP surface of the simulated Veriff.

mod access;
mod change;
mod find;

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::response::Redirect;
use axum::routing::{get, patch, post};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::veriff::Veriff;
use crate::vendors::veriff::api::access::{Outcome, answer, refuse};
use crate::vendors::veriff::api::find::{existing, find};
use crate::vendors::veriff::create::Wanted;
use crate::vendors::veriff::record::no_decision;

pub(super) fn router(veriff: &Veriff) -> Router {
    Router::new()
        .route("/v1/sessions", post(create))
        .route("/v1/sessions/{id}", patch(change::update).delete(change::delete))
        .route("/v1/sessions/{id}/decision", get(decision))
        .route("/v1/sessions/{id}/attempts", get(attempts))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .with_state(veriff.clone())
}

/// The address of the hosted page as Veriff writes it, which leads to the page of the shared machinery.
pub(super) fn pages() -> Router {
    Router::new()
        .route("/v/{token}", get(async |Path(token): Path<String>| Redirect::temporary(&page(&token))))
}

/// A token has letters, digits and a few signs; any other text leads to no page, and must not become part of a header.
fn page(token: &str) -> String {
    let signs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if token.bytes().all(signs) { format!("/l/{token}") } else { "/l/unknown".to_owned() }
}

async fn unknown() -> Answer {
    answer(refuse(404, "404", "Not found"))
}

async fn create(Extract(veriff): Extract<Veriff>, call: Call) -> Answer {
    answer(veriff.admit_unsigned(&call).and_then(|()| veriff.create(&call)))
}

async fn decision(Extract(veriff): Extract<Veriff>, Path(id): Path<String>, call: Call) -> Answer {
    answer(veriff.admit(&call, &id).and_then(|()| {
        let mut state = veriff.lock();
        step_on_read(&mut *state, &veriff.front, &id);
        let session = find(&state, &id)?;
        let body = session.map_or_else(no_decision, |session| session.decided(state.settings));
        Ok(Answer::json(200, &body))
    }))
}

async fn attempts(Extract(veriff): Extract<Veriff>, Path(id): Path<String>, call: Call) -> Answer {
    answer(veriff.admit(&call, &id).and_then(|()| {
        let state = veriff.lock();
        let session = existing(&state, &id)?;
        Ok(Answer::json(200, &session.listed_attempts()))
    }))
}

impl Veriff {
    fn create(&self, call: &Call) -> Outcome {
        let (front, now) = (&self.front, self.now());
        let mut state = self.lock();
        if call.json().is_err() {
            return refuse(400, "1104", "The body must be a JSON object of the type application/json");
        }
        let wanted = Wanted::parse(&call.body, state.settings.loopback_callbacks, now);
        let wanted = wanted.or_else(|(code, message)| refuse(400, code, message))?;
        state.make_room(front.capacity);
        let id = state.create(wanted, now);
        note(&mut *state, front, &id, Actor::Application, "created");
        front.hub.wake();
        let session = existing(&state, &id)?;
        Ok(Answer::json(201, &session.created(self.base_url())))
    }
}
