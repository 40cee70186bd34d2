//! The HTTP surface of the invented vendor, and its route of the control API.

use axum::Router;
use axum::extract::{Path, State as Extract};
use axum::http::Method;
use axum::routing::{get, post};
use serde_json::json;

use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::step_on_read;
use crate::vendors::invented::Invented;

pub(super) fn operation(method: &Method, path: &str) -> &'static str {
    match (method.as_str(), path) {
        ("POST", "/letters") => "start",
        ("GET", path) if path.starts_with("/letters/") => "check",
        _ => "other",
    }
}

pub(super) fn router() -> Router<Invented> {
    Router::new()
        .route("/letters", post(receive))
        .route("/letters/{id}", get(look))
        .fallback(async || Answer::text(404, "No such letter box"))
}

pub(super) fn control() -> Router<Invented> {
    Router::new().route("/invented/letters", post(receive))
}

async fn receive(Extract(invented): Extract<Invented>, call: Call) -> Answer {
    let body = call.json().unwrap_or_default();
    let reference = body.get("reference").and_then(|value| value.as_str()).unwrap_or_default();
    invented.lock().receive(&invented.runtime.front, reference);
    Answer::json(200, &json!({ "page": invented.runtime.front.page_url(reference) }))
}

async fn look(Extract(invented): Extract<Invented>, Path(id): Path<String>) -> Answer {
    let mut state = invented.lock();
    step_on_read(&mut *state, &invented.runtime.front, &id);
    match state.word(&id) {
        Some(word) => Answer::json(200, &json!({ "word": word })),
        None => Answer::text(404, "No such letter"),
    }
}
