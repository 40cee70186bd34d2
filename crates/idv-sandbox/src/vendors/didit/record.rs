//! Sessions as Didit prints them (Didit documentation, create a session and retrieve a decision).

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::reason::Reason;
use crate::vendors::didit::session::Facts;
use crate::vendors::hosted::Session;

/// The list of a decision and the risk in it that stand for a reason (Didit documentation, warnings).
const RISKS: &[(&str, &str, &str)] = &[
    ("document_unreadable", "id_verifications", "PORTRAIT_IMAGE_NOT_DETECTED"),
    ("document_expired", "id_verifications", "DOCUMENT_EXPIRED"),
    ("document_unsupported", "id_verifications", "DOCUMENT_NOT_SUPPORTED_FOR_APPLICATION"),
    ("document_tampered", "id_verifications", "SCREEN_CAPTURE_DETECTED"),
    ("document_missing", "id_verifications", "PORTRAIT_IMAGE_NOT_DETECTED"),
    ("data_mismatch", "id_verifications", "DATA_INCONSISTENT"),
    ("duplicate", "id_verifications", "POSSIBLE_DUPLICATED_USER"),
    ("underage", "id_verifications", "MINIMUM_AGE_NOT_MET"),
    ("fraud_suspected", "id_verifications", "ID_DOCUMENT_IN_BLOCKLIST"),
    ("face_mismatch", "face_matches", "LOW_FACE_MATCH_SIMILARITY"),
    ("liveness_failed", "liveness_checks", "LOW_LIVENESS_SCORE"),
    ("watchlist", "liveness_checks", "FACE_IN_BLOCKLIST"),
];

/// The answer to a start.
pub(super) fn created(session: &Session<Facts>, url: &str) -> Value {
    json!({
        "session_id": session.id,
        "session_number": session.facts.number,
        "session_token": session.facts.token,
        "url": url,
        "vendor_data": session.reference,
        "metadata": session.facts.metadata,
        "status": session.status,
        "workflow_id": session.facts.workflow,
        "callback": session.facts.callback,
    })
}

/// The decision about a session. The parts have words of their own, which are not those of the session.
pub(super) fn decision(session: &Session<Facts>, base_url: &str) -> Map<String, Value> {
    let mut decision = json!({
        "session_id": session.id,
        "session_number": session.facts.number,
        "session_url": format!("{base_url}/l/{}", session.facts.token),
        "status": session.status,
        "workflow_id": session.facts.workflow,
        "features": ["ID_VERIFICATION", "LIVENESS", "FACE_MATCH"],
        "vendor_data": session.reference,
        "metadata": session.facts.metadata,
        "expected_details": session.facts.expected,
        "contact_details": session.facts.contact,
        "callback": session.facts.callback,
        "aml_screenings": [],
        "reviews": [],
        "created_at": iso(session.created_at),
    });
    let done = session.reached("In Review").or_else(|| session.reached("Declined"));
    let risk = session.reason.as_ref().map(risk);
    for list in ["id_verifications", "liveness_checks", "face_matches"] {
        let warning = risk.as_ref().filter(|(place, _)| *place == list).map(|(_, risk)| warning(risk));
        let status = if warning.is_some() { "Declined" } else { "Approved" };
        decision[list] = match done.is_some() || warning.is_some() {
            true => json!([{ "status": status, "warnings": warning.into_iter().collect::<Vec<_>>() }]),
            false => json!([]),
        };
    }
    match decision {
        Value::Object(decision) => decision,
        _ => Map::new(),
    }
}

/// An element of the list of sessions.
pub(super) fn listed(session: &Session<Facts>, base_url: &str) -> Value {
    json!({
        "session_id": session.id,
        "session_number": session.facts.number,
        "session_url": format!("{base_url}/l/{}", session.facts.token),
        "status": session.status,
        "vendor_data": session.reference,
        "workflow_id": session.facts.workflow,
        "created_at": iso(session.created_at),
    })
}

/// The list and the word of a reason. A reason without a word of its own is passed on in capitals.
fn risk(reason: &Reason) -> (&'static str, String) {
    match RISKS.iter().find(|(known, _, _)| *known == reason.as_str()) {
        Some((_, list, risk)) => (list, (*risk).to_owned()),
        None => ("id_verifications", reason.as_str().to_ascii_uppercase()),
    }
}

fn warning(risk: &str) -> Value {
    json!({
        "risk": risk,
        "log_type": "error",
        "short_description": format!("Simulated: {risk}"),
        "long_description": format!("The simulation was told to find {risk}."),
        "additional_data": null,
    })
}
