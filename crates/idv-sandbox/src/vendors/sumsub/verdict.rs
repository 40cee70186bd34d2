//! Review results, and the labels of rejections.

use serde_json::{Map, Value, json};

use crate::reason::Reason;

/// The labels for the reasons that every vendor knows. Any other reason is its own label, in upper case.
const LABELS: [(&str, &str); 12] = [
    ("document_unreadable", "UNSATISFACTORY_PHOTOS"),
    ("document_expired", "EXPIRATION_DATE"),
    ("document_unsupported", "UNSUITABLE_DOCUMENT"),
    ("document_tampered", "FORGERY"),
    ("document_missing", "DOCUMENT_MISSING"),
    ("face_mismatch", "BAD_FACE_MATCHING"),
    ("liveness_failed", "FRAUDULENT_LIVENESS"),
    ("data_mismatch", "PROBLEMATIC_APPLICANT_DATA"),
    ("fraud_suspected", "FRAUDULENT_PATTERNS"),
    ("duplicate", "DUPLICATE"),
    ("watchlist", "SANCTIONS"),
    ("underage", "AGE_REQUIREMENT_MISMATCH"),
];

pub(crate) fn label(reason: &Reason) -> String {
    let known = LABELS.iter().find(|(word, _)| *word == reason.as_str());
    known.map_or_else(|| reason.as_str().to_ascii_uppercase(), |(_, label)| (*label).to_owned())
}

pub(crate) fn green() -> Value {
    json!({ "reviewAnswer": "GREEN" })
}

pub(crate) fn red(reject_type: &str, label: &str) -> Value {
    json!({ "reviewAnswer": "RED", "reviewRejectType": reject_type, "rejectLabels": [label] })
}

/// The result of an applicant on hold: the words of a verdict, which is none.
pub(crate) fn on_hold() -> Value {
    json!({ "reviewAnswer": "RED", "rejectLabels": ["REGULATIONS_VIOLATIONS"] })
}

/// The result that a `testCompleted` call asks for; the text says what is wrong with it.
pub(crate) fn asked_for(body: &Map<String, Value>) -> Result<Value, &'static str> {
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let answer = text("reviewAnswer").filter(|answer| matches!(*answer, "GREEN" | "RED"));
    let answer = answer.ok_or("reviewAnswer must be GREEN or RED")?;
    let mut result = Map::new();
    result.insert("reviewAnswer".to_owned(), json!(answer));
    if let Some(kind) = text("reviewRejectType") {
        if !matches!(kind, "RETRY" | "FINAL") {
            return Err("reviewRejectType must be RETRY or FINAL");
        }
        result.insert("reviewRejectType".to_owned(), json!(kind));
    }
    if let Some(labels) = body.get("rejectLabels").filter(|labels| !labels.is_null()) {
        let texts = labels.as_array().is_some_and(|labels| labels.iter().all(Value::is_string));
        if !texts {
            return Err("rejectLabels must be an array of strings");
        }
        result.insert("rejectLabels".to_owned(), labels.clone());
    }
    for name in ["moderationComment", "clientComment"] {
        if let Some(comment) = text(name) {
            result.insert(name.to_owned(), json!(comment));
        }
    }
    Ok(Value::Object(result))
}
