//! The documents of the store.

use idv::SessionRef;
use idv_tracker::{Opening, Receipt, Started, Tracked};
use serde_json::{Value, json};

use super::Stored;

pub(in crate::output) fn of(stored: &Stored<'_>) -> Value {
    match stored {
        Stored::Transition(transition) => json!({"transition": transition}),
        Stored::Counts(counts) => json!({"tracker": counts}),
        Stored::History { history, others } => {
            let mut document = json!(history);
            document["others"] = json!(others);
            json!({"history": document})
        }
        Stored::Consumer { name, position } => json!({"consumer": {"name": name, "position": position}}),
        Stored::Drift { drift, .. } => json!({"drift": drift}),
        Stored::Erased { verification, erased } => json!({"erasure": {
            "reference": verification.session,
            "provider": verification.session.as_ref().map(SessionRef::provider),
            "state": erased.at_vendor,
            "verification": erased.verification,
        }}),
    }
}

/// The document of a session whose link is not known.
pub(in crate::output) fn without_link(started: &Started, kind: Option<String>) -> Value {
    let Tracked { session, state, .. } = &started.verification;
    json!({
        "reference": session,
        "provider": session.as_ref().map(SessionRef::provider),
        "kind": kind,
        "status": state.as_ref().map(|state| state.status),
        "url": null,
        "access_token": null,
        "links": [],
        "expires_at": null,
        "expires_at_estimated": null,
        "single_use": null,
        "unused_inputs": [],
    })
}

pub(in crate::output) fn of_start(started: &Started) -> Value {
    let mut document = json!(started.verification);
    document["opening"] = json!(opening(started.opening));
    document
}

pub(in crate::output) fn of_receipt(receipt: &Receipt) -> Value {
    let verification = match receipt {
        Receipt::Recorded(verification) => Some(verification),
        _ => None,
    };
    json!({"receipt": word(receipt), "verification": verification})
}

pub(in crate::output) fn opening(opening: Opening) -> &'static str {
    match opening {
        Opening::Opened => "opened",
        Opening::Shared => "shared",
        Opening::Found => "found",
        _ => "unknown",
    }
}

pub(in crate::output) fn word(receipt: &Receipt) -> &'static str {
    match receipt {
        Receipt::Recorded(_) => "recorded",
        Receipt::Parked => "parked",
        Receipt::Duplicate => "duplicate",
        _ => "ignored",
    }
}
