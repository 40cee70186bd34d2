//! Both adapters pass the kit. Everything here is written from the vendor's pages: docs.baanx.com, "Start User
//! Verification", "Generate KYC Verification Session", "Get user", and the guides on webhooks.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod registration;
mod user;
mod webhooks;
mod words;

use std::time::Duration;

use idv_conformance::{DocumentedError, Reply};
use idv_core::{CredentialOwner, ErrorKind, Operation};
use serde_json::json;

const CLIENT_KEY: (&str, &str) = ("BAANX_CLIENT_KEY", "c1ient-key-canary-0001");

fn said(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({"message": message}))
}

/// What both pages say of the client key and of a server that is down.
fn common_errors() -> Vec<DocumentedError> {
    let key = |name, status, message| {
        let reply = said(status, message);
        DocumentedError::new(name, Operation::Start, reply, ErrorKind::Unauthenticated)
            .credential(CredentialOwner::Application)
    };
    let down = said(500, "Internal server error");
    vec![
        key("client key refused", 498, "Invalid API key"),
        key("client key missing", 499, "Missing API key"),
        DocumentedError::new("down", Operation::Start, down, ErrorKind::Unavailable).repeatable(None),
    ]
}

/// An hour, as the page on limits has it.
fn throttled() -> DocumentedError {
    let body = json!({"message": "Rate limit exceeded", "retryAfter": 3600, "limit": "3_per_hour"});
    DocumentedError::new("limit", Operation::Start, Reply::json(429, &body), ErrorKind::RateLimited)
        .code("3_per_hour")
        .repeatable(Some(Duration::from_secs(3600)))
}
