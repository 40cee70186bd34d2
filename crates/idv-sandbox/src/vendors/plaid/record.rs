//! Sessions as Plaid prints them (Plaid's OpenAPI document, `IdentityVerification`).

use serde_json::{Value, json};

use crate::clock::iso;
use crate::front::Front;
use crate::vendors::hosted::Session;
use crate::vendors::plaid::dialect::Facts;

pub(super) fn printed(front: &Front, session: &Session<Facts>) -> Value {
    let facts = &session.facts;
    let ended = ["success", "failed", "expired", "canceled"]
        .iter()
        .filter(|word| **word == session.status)
        .find_map(|word| session.reached(word));
    json!({
        "id": session.id,
        "client_user_id": session.reference,
        "user_id": null,
        "created_at": iso(session.created_at),
        "completed_at": ended.map(iso),
        "previous_attempt_id": facts.previous,
        "shareable_url": facts.is_shareable.then(|| front.page_url(&facts.token)),
        "template": { "id": facts.template, "version": 1 },
        "user": facts.user,
        "status": session.status,
        "steps": steps(session),
        "documentary_verification": null,
        "selfie_check": null,
        "kyc_check": null,
        "risk_check": null,
        "watchlist_screening_id": null,
        "beacon_user_id": null,
        "redacted_at": null,
    })
}

/// The steps have words of their own.
fn steps(session: &Session<Facts>) -> Value {
    let (document, selfie) = match (session.status.as_str(), &session.reason) {
        ("active", _) => ("active", "waiting_for_prerequisite"),
        ("success", _) if session.reached("pending_review").is_some() => ("manually_approved", "success"),
        ("success", _) => ("success", "success"),
        ("pending_review", _) => ("pending_review", "success"),
        ("failed", Some(reason)) if matches!(reason.as_str(), "face_mismatch" | "liveness_failed") => {
            ("success", "failed")
        }
        ("failed", _) if session.reached("pending_review").is_some() => ("manually_rejected", "success"),
        ("failed", _) => ("failed", "waiting_for_prerequisite"),
        ("canceled", _) => ("canceled", "canceled"),
        _ => ("expired", "expired"),
    };
    json!({
        "accept_tos": if session.status == "active" { "active" } else { "success" },
        "verify_sms": "not_applicable",
        "kyc_check": "not_applicable",
        "documentary_verification": document,
        "selfie_check": selfie,
        "watchlist_screening": "not_applicable",
        "risk_check": "not_applicable",
    })
}
