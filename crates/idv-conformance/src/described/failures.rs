//! The errors of a document.

use std::time::Duration;

use idv_core::{CredentialOwner, ErrorKind, Operation};
use serde_json::{Value, json};

use super::document::{Document, set};
use super::kept::kept;
use crate::reply::Reply;
use crate::subject::DocumentedError;

/// The body of an error with this code.
pub(super) fn body(document: &Document, code: &str) -> Value {
    let mut body = json!({});
    let message = document.known_place("/errors/message");
    set(&mut body, &message.unwrap_or_else(|| "/message".to_owned()), "a-message-of-the-vendor".into());
    set(&mut body, &document.place("/errors/code", "/error/code"), code.into());
    body
}

/// The rows of `errors.kinds`: status, code, kind.
fn kinds(document: &Document) -> impl Iterator<Item = (u16, Option<&str>, ErrorKind)> {
    document.table("/errors/kinds").filter_map(|(key, kind)| {
        let kind = serde_json::from_value(kind.clone()).ok()?;
        let (status, code) = match key.split_once(" + ") {
            Some((status, code)) => (status, Some(code.trim())),
            None => (key, None),
        };
        Some((status.trim().parse().ok()?, code, kind))
    })
}

/// The statuses with a meaning of their own.
pub(super) fn statuses(document: &Document) -> Vec<(u16, ErrorKind)> {
    let of_every_code = kinds(document).filter(|(_, code, _)| code.is_none());
    of_every_code.map(|(status, _, kind)| (status, kind)).collect()
}

/// The codes with a meaning of their own, the words that make a success an error, and the wait after 429.
pub(super) fn documented(document: &Document) -> Vec<DocumentedError> {
    let mut errors = Vec::new();
    for (status, code, kind) in kinds(document) {
        if let Some(code) = code {
            let reply = Reply::json(status, &body(document, code));
            errors.push(error(&format!("{status} {code}"), reply, kind).code(kept(code)));
        }
    }
    for (word, kind) in document.table("/errors/words") {
        if let Ok(kind) = serde_json::from_value(kind.clone()) {
            let mut answer = body(document, "conformance");
            let at = document.place("/session/at", "");
            set(&mut answer, &format!("{at}{}", document.place("/session/status", "/status")), word.into());
            errors.push(error(&format!("200 {word}"), Reply::json(200, &answer), kind).code("conformance"));
        }
    }
    if let Some(name) = document.text("/errors/wait_header") {
        let reply = Reply::json(429, &body(document, "conformance")).header(name, "23");
        let limited = error("429 with a wait", reply, ErrorKind::RateLimited).code("conformance");
        errors.push(limited.repeatable(Some(Duration::from_secs(23))));
    }
    errors
}

fn error(name: &str, reply: Reply, kind: ErrorKind) -> DocumentedError {
    let error = DocumentedError::new(kept(name), Operation::Check, reply, kind);
    match kind {
        ErrorKind::Unauthenticated => error.credential(CredentialOwner::Application),
        _ => error,
    }
}
