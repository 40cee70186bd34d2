//! `Idempotency-Key` (Stripe documentation, idempotent requests).

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::bounded::BoundedMap;
use crate::call::Call;
use crate::vendors::stripe::refusal::Refusal;
use crate::webhooks::HOUR;

const LIFETIME: i64 = 24 * HOUR;
const MAX_KEY_LENGTH: usize = 255;

/// The first answer under a key.
#[derive(Debug)]
pub(crate) struct Entry {
    request: [u8; 32],
    answer: Answer,
    expires_at: i64,
}

/// The key of a request, where it has one.
pub(crate) fn key(call: &Call) -> Result<Option<String>, Refusal> {
    match call.header("idempotency-key") {
        None => Ok(None),
        Some(key) if key.is_empty() || key.len() > MAX_KEY_LENGTH => {
            Err(Refusal::new(400, None, "The idempotency key must have 1 to 255 characters."))
        }
        Some(key) => Ok(Some(key.to_owned())),
    }
}

/// The answer that was given before under the key, whatever it was.
pub(crate) fn replayed(
    known: &BoundedMap<Entry>,
    key: &str,
    call: &Call,
    now: i64,
) -> Result<Option<Answer>, Refusal> {
    match known.get(key).filter(|entry| now < entry.expires_at) {
        None => Ok(None),
        Some(entry) if entry.request != digest(call) => {
            Err(Refusal::new(400, None, "This idempotency key was used before with other parameters.")
                .of_kind("idempotency_error"))
        }
        Some(entry) => {
            let replayed = HeaderValue::from_static("true");
            Ok(Some(entry.answer.clone().with_header("idempotent-replayed", replayed)))
        }
    }
}

pub(crate) fn keep(known: &mut BoundedMap<Entry>, key: String, call: &Call, answer: &Answer, now: i64) {
    let expires_at = now.saturating_add(LIFETIME);
    known.insert(key, Entry { request: digest(call), answer: answer.clone(), expires_at });
}

fn digest(call: &Call) -> [u8; 32] {
    Sha256::new().chain_update(call.uri.path()).chain_update(b"\n").chain_update(&call.body).finalize().into()
}
