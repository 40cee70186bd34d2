//! `Idempotency-Key`: the first answer under a key is replayed, refusals and failures included (Persona documentation,
//! idempotence).

use axum::http::HeaderValue;
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::bounded::BoundedMap;
use crate::call::Call;
use crate::vendors::persona::refusal::Refusal;
use crate::webhooks::HOUR;

const LIFETIME: i64 = 24 * HOUR;

/// The first answer under a key.
#[derive(Debug)]
pub(super) struct Entry {
    request: [u8; 32],
    answer: Answer,
    expires_at: i64,
}

/// The answer that was given before under the key, whatever it was.
pub(super) fn replayed(
    known: &BoundedMap<Entry>,
    key: &str,
    call: &Call,
    now: i64,
) -> Result<Option<Answer>, Refusal> {
    match known.get(key).filter(|entry| now < entry.expires_at) {
        None => Ok(None),
        Some(entry) if entry.request != digest(call) => {
            Err(Refusal::conflict("The idempotency key was used with other parameters"))
        }
        Some(entry) => {
            let replayed = HeaderValue::from_static("true");
            Ok(Some(entry.answer.clone().with_header("idempotent-replayed", replayed)))
        }
    }
}

pub(super) fn keep(known: &mut BoundedMap<Entry>, key: &str, call: &Call, answer: &Answer, now: i64) {
    let expires_at = now.saturating_add(LIFETIME);
    known.insert(key.to_owned(), Entry { request: digest(call), answer: answer.clone(), expires_at });
}

fn digest(call: &Call) -> [u8; 32] {
    Sha256::new().chain_update(call.uri.path()).chain_update(b"\n").chain_update(&call.body).finalize().into()
}
