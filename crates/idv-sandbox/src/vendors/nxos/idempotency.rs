//! `Idempotency-Key` (nxos documentation, idempotency and rate limits).

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::bounded::BoundedMap;
use crate::call::Call;
use crate::vendors::nxos::refusal::Refusal;

const LIFETIME: i64 = 24 * 60 * 60 * 1000;
const MAX_KEY_LENGTH: usize = 255;

/// The record under one key of one organization, method and path.
#[derive(Debug)]
pub(crate) struct Entry {
    body: [u8; 32],
    progress: Progress,
}

#[derive(Debug)]
enum Progress {
    InFlight,
    Done { answer: Box<Answer>, expires_at: i64 },
}

/// The outcome of looking up an idempotency key.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The request is new; the slot, if it carries a key, waits for the answer.
    Fresh(Option<String>),
    /// The request was answered before.
    Replay(Box<Answer>),
    /// The key forbids the request.
    Refused(Refusal),
}

/// Looks up the key of the request without reserving it.
pub(crate) fn look_up(entries: &BoundedMap<Entry>, organization: &str, call: &Call, now: i64) -> Outcome {
    let Some(key) = call.headers.get("idempotency-key") else { return Outcome::Fresh(None) };
    if key.is_empty() || key.len() > MAX_KEY_LENGTH {
        let message = "Idempotency-Key must have between 1 and 255 characters.";
        return Outcome::Refused(Refusal::new(400, "invalid_request", message));
    }
    let slot = slot(organization, key, call);
    let Some(entry) = entries.get(&slot) else { return Outcome::Fresh(Some(slot)) };
    match &entry.progress {
        Progress::Done { expires_at, .. } if now >= *expires_at => Outcome::Fresh(Some(slot)),
        _ if entry.body != digest(call) => Outcome::Refused(Refusal::new(
            409,
            "idempotency_key_in_use",
            "This Idempotency-Key was already used with a different request body.",
        )),
        Progress::Done { answer, .. } => Outcome::Replay(Box::new(
            Answer::clone(answer).with_header("idempotent-replayed", HeaderValue::from_static("true")),
        )),
        Progress::InFlight => Outcome::Refused(Refusal::new(
            409,
            "idempotency_request_in_flight",
            "A request with this Idempotency-Key is still being processed.",
        )),
    }
}

pub(crate) fn reserve(entries: &mut BoundedMap<Entry>, slot: &str, call: &Call) {
    entries.insert(slot.to_owned(), Entry { body: digest(call), progress: Progress::InFlight });
}

/// Stores a 2xx or 4xx answer; a 5xx frees the key.
pub(crate) fn settle(entries: &mut BoundedMap<Entry>, slot: &str, answer: &Answer, now: i64) {
    if answer.is_server_error() {
        entries.remove(slot);
    } else if let Some(entry) = entries.get_mut(slot) {
        let expires_at = now.saturating_add(LIFETIME);
        entry.progress = Progress::Done { answer: Box::new(answer.clone()), expires_at };
    }
}

fn slot(organization: &str, key: &HeaderValue, call: &Call) -> String {
    // A header value holds no line break, so the parts cannot run into each other.
    let key = String::from_utf8_lossy(key.as_bytes());
    format!("{organization}\n{key}\n{}\n{}", call.method, call.uri.path())
}

fn digest(call: &Call) -> [u8; 32] {
    Sha256::digest(&call.body).into()
}
