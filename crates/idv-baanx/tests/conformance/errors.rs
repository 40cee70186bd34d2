//! What both pages say of errors.

use std::time::Duration;

use idv_conformance::{DocumentedError, Reply};
use idv_core::{CredentialOwner, ErrorKind, Operation};
use serde_json::json;

pub(crate) fn said(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
}

/// The client key, a limit of an hour, and a server that is down.
pub(crate) fn common() -> Vec<DocumentedError> {
    let key = |name, status, message| {
        let reply = said(status, message);
        DocumentedError::new(name, Operation::Start, reply, ErrorKind::Unauthenticated)
            .credential(CredentialOwner::Application)
    };
    let limit = json!({"message": "Rate limit exceeded", "retryAfter": 3600, "limit": "3_per_hour"});
    let down = said(500, "Internal server error");
    vec![
        key("client key refused", 498, "Invalid API key"),
        key("client key missing", 499, "Missing API key"),
        DocumentedError::new("limit", Operation::Start, Reply::json(429, &limit), ErrorKind::RateLimited)
            .code("3_per_hour")
            .repeatable(Some(Duration::from_secs(3600))),
        DocumentedError::new("down", Operation::Start, down, ErrorKind::Unavailable).repeatable(None),
    ]
}
