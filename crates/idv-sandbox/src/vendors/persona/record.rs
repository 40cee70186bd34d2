//! Inquiries as Persona prints them (Persona documentation, the inquiry object).

use serde_json::{Map, Value, json};

use crate::clock::iso;
use crate::vendors::persona::inquiry::{Inquiry, OPEN};

/// The attributes of an inquiry.
pub(super) fn attributes(inquiry: &Inquiry) -> Map<String, Value> {
    let facts = &inquiry.facts;
    let at = |word: &str| inquiry.reached(word).map(iso);
    let decided = at("approved").max(at("declined"));
    let started = ["pending", "completed", "failed"].iter().filter_map(|word| inquiry.reached(word)).min();
    let fields: Map<String, Value> = facts
        .fields
        .iter()
        .map(|(name, value)| (name.clone(), json!({ "type": "string", "value": value })))
        .collect();
    let next = OPEN.contains(&inquiry.status.as_str()).then_some("start");
    let attributes = json!({
        "status": inquiry.status,
        "reference-id": inquiry.reference,
        "note": facts.note,
        "tags": facts.tags,
        "fields": fields,
        "reviewer-comment": null,
        "previous-step-name": null,
        "next-step-name": next,
        "created-at": iso(inquiry.created_at),
        "updated-at": iso(inquiry.updated_at),
        "started-at": started.map(iso),
        "completed-at": at("completed"),
        "failed-at": at("failed"),
        "marked-for-review-at": at("needs_review"),
        "decisioned-at": decided,
        "expired-at": at("expired"),
        "redacted-at": facts.redacted_at.map(iso),
        "expires-at": inquiry.expires_at.map(iso),
    });
    match attributes {
        Value::Object(attributes) => attributes,
        _ => Map::new(),
    }
}

/// An inquiry, cut down to the members asked for, where any are.
pub(super) fn printed(inquiry: &Inquiry, wanted: Option<&[String]>) -> Value {
    let is_wanted = |name: &String| wanted.is_none_or(|wanted| wanted.contains(name));
    let mut attributes = attributes(inquiry);
    attributes.retain(|name, _| is_wanted(name));
    let mut relationships = relationships(inquiry);
    relationships.retain(|name, _| is_wanted(name));
    json!({ "type": "inquiry", "id": inquiry.id, "attributes": attributes, "relationships": relationships })
}

fn relationships(inquiry: &Inquiry) -> Map<String, Value> {
    let one = |kind: &str, id: &str| json!({ "data": { "type": kind, "id": id } });
    let (kind, template) = &inquiry.facts.template;
    let sessions: Vec<Value> = inquiry
        .links
        .iter()
        .map(|link| json!({ "type": "inquiry-session", "id": format!("iqse_{}", link.token) }))
        .collect();
    let mut all = Map::new();
    let account = inquiry.facts.account.as_deref().map_or(json!({ "data": null }), |id| one("account", id));
    all.insert("account".to_owned(), account);
    all.insert(kind.trim_end_matches("-id").to_owned(), one(kind.trim_end_matches("-id"), template));
    all.insert("sessions".to_owned(), json!({ "data": sessions }));
    let verifications: Vec<Value> = verification(inquiry)
        .iter()
        .map(|found| json!({ "type": found["type"], "id": found["id"] }))
        .collect();
    all.insert("verifications".to_owned(), json!({ "data": verifications }));
    all.insert("reports".to_owned(), json!({ "data": [] }));
    all
}

/// The verification that the applicant went through, which `include=verifications` shows.
pub(super) fn verification(inquiry: &Inquiry) -> Option<Value> {
    if OPEN.contains(&inquiry.status.as_str()) || inquiry.status == "expired" {
        return None;
    }
    let (status, reasons) = match &inquiry.reason {
        Some(reason) => ("failed", vec![reason.as_str()]),
        None => ("passed", Vec::new()),
    };
    Some(json!({
        "type": "verification/government-id",
        "id": inquiry.id.replacen("inq_", "ver_", 1),
        "attributes": {
            "status": status,
            "checks": [{ "name": "id_simulated_check", "status": status, "reasons": reasons }],
        },
    }))
}
