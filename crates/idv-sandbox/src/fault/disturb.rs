//! Fault injection into an answer of the vendor.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::Response;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use axum::http::response::Parts;
use futures_util::stream::{self, Stream};
use serde_json::{Value, json};

use crate::fault::kind::FaultKind;
use crate::script::UNKNOWN_WORD;

/// The longest answer that is read; the vendors' own ones are far smaller.
const ANSWER_LIMIT: usize = 64 * 1024 * 1024;
const PIECES: usize = 8;

const HTML: &str =
    "<!doctype html><html><head><title>Service</title></head><body><h1>Hello</h1></body></html>";

/// Tells the server to reset the connection in place of this answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hangup;

/// An answer that is never sent.
pub(crate) fn hang_up() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(Hangup);
    response
}

/// Injects a fault into the vendor's answer. The kinds that replace the answer are not handled here: they leave it as
/// it is. `state_fields` are the fields that hold the word for a state.
pub(crate) async fn disturb(
    kind: &FaultKind,
    state_fields: &[&str],
    response: Response<Body>,
) -> Response<Body> {
    match kind {
        FaultKind::LostAnswer => return hang_up(),
        FaultKind::NoAnswer => std::future::pending().await,
        FaultKind::SlowHead { milliseconds } => {
            tokio::time::sleep(Duration::from_millis(u64::from(*milliseconds))).await;
            return response;
        }
        FaultKind::Answer { .. } | FaultKind::ResetBefore => return response,
        _ => {}
    }
    let (head, body) = response.into_parts();
    let body = to_bytes(body, ANSWER_LIMIT).await.unwrap_or_default();
    match kind {
        FaultKind::SlowBody { milliseconds } => {
            streamed(head, body.len(), drip(body, Duration::from_millis(u64::from(*milliseconds))))
        }
        FaultKind::Truncated => streamed(head, body.len(), cut(&body)),
        FaultKind::WrongTypes => whole(head, altered(&body, &wrong_types)),
        FaultKind::UnknownWord { word } => {
            let word = word.as_deref().unwrap_or(UNKNOWN_WORD);
            whole(head, altered(&body, &|value| say(value, state_fields, word)))
        }
        FaultKind::Oversized { bytes } => whole(head, padded(&body, *bytes)),
        FaultKind::InvalidUtf8 => whole(head, garbled(&body)),
        FaultKind::EmptyBody => whole(head, Vec::new()),
        FaultKind::Html => whole(as_html(head), HTML.into()),
        _ => whole(head, body.into()),
    }
}

fn as_html(mut head: Parts) -> Parts {
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    head
}

fn whole(mut head: Parts, body: Vec<u8>) -> Response<Body> {
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(body))
}

/// An answer whose head promises `length` bytes.
fn streamed(
    mut head: Parts,
    length: usize,
    pieces: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
) -> Response<Body> {
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    Response::from_parts(head, Body::from_stream(pieces))
}

fn drip(body: Bytes, pause: Duration) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let size = body.len().div_ceil(PIECES).max(1);
    stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(piece), rest))
    })
}

fn cut(body: &Bytes) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let half = body.slice(..body.len() / 2);
    stream::unfold(Some(half), |half| async {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // The first half leaves before the connection closes.
                tokio::task::yield_now().await;
                Some((Err(io::ErrorKind::ConnectionAborted.into()), None))
            }
        }
    })
}

fn altered(body: &[u8], alter: &dyn Fn(&mut Value)) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice(body) else { return body.to_vec() };
    alter(&mut value);
    value.to_string().into_bytes()
}

fn wrong_types(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(wrong_types),
        Value::String(_) => *value = json!(42),
        _ => *value = json!("forty-two"),
    }
}

/// Replaces the word for the state, in every field of one of these names. A name with a dot means the field in an object
/// of the name before the dot, or in a list of such objects.
pub(crate) fn say(value: &mut Value, state_fields: &[&str], word: &str) {
    say_within("", value, state_fields, word);
}

fn say_within(around: &str, value: &mut Value, state_fields: &[&str], word: &str) {
    let holds_state = |name: &str| {
        state_fields.iter().any(|field| match field.split_once('.') {
            Some((outer, inner)) => outer == around && inner == name,
            None => *field == name,
        })
    };
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if field.is_string() && holds_state(name) {
                    *field = json!(word);
                } else {
                    say_within(name, field, state_fields, word);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| say_within(around, item, state_fields, word)),
        _ => {}
    }
}

fn padded(body: &[u8], length: u32) -> Vec<u8> {
    let mut padded = body.to_vec();
    padded.resize(body.len().max(usize::try_from(length).unwrap_or(usize::MAX)), b' ');
    padded
}

/// Two bytes that are never valid UTF-8, at the beginning of the first text value.
fn garbled(body: &[u8]) -> Vec<u8> {
    let position = body.windows(2).position(|window| window == b":\"").map_or(0, |colon| colon + 2);
    [&body[..position], &[0xff, 0xfe], &body[position..]].concat()
}
