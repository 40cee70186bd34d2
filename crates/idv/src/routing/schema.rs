//! JSON Schema of the `routing` table.

use idv_core::{Capability, ErrorKind};
use serde_json::{Value, json};

use super::failover::FailoverKind;

/// The schema; `secret` is that of a secret's place.
pub(crate) fn schema(secret: &Value) -> Value {
    let id = json!({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"});
    let ids = json!({"type": "array", "items": id, "uniqueItems": true});
    let kinds: Vec<ErrorKind> = FailoverKind::ALL.iter().map(|kind| (*kind).into()).collect();
    json!({
        "type": "object",
        "description": "Where new sessions go. Without it everything goes to `active`.",
        "additionalProperties": false,
        "properties": {
            "key": secret,
            "rules": {
                "type": "array",
                "description": "The first rule that applies decides.",
                "items": rule(&id),
            },
            "outage": {
                "type": "object",
                "description": "Providers that get no new sessions for now.",
                "additionalProperties": false,
                "properties": {"providers": ids},
            },
            "caps": {
                "type": "object",
                "description": "How many sessions a provider gets at most.",
                "propertyNames": id,
                "additionalProperties": {"type": "integer", "minimum": 0},
            },
            "failover": {
                "type": "object",
                "description": "Where a start goes when it fails and certainly left no session.",
                "additionalProperties": false,
                "required": ["order"],
                "properties": {
                    "order": {"type": "array", "items": id, "uniqueItems": true, "minItems": 1},
                    "on": {"type": "array", "items": {"enum": kinds}},
                },
            },
        },
    })
}

fn rule(id: &Value) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "oneOf": [{"required": ["use"]}, {"required": ["split"]}],
        "properties": {
            "when": condition(),
            "use": id,
            "split": {
                "type": "object",
                "description": "Weights. A reference stays with its provider while they stay.",
                "minProperties": 1,
                "propertyNames": id,
                "additionalProperties": {"type": "integer", "minimum": 0, "maximum": u32::MAX},
            },
            "failover": {
                "type": "boolean",
                "description": "Whether a start under this rule may go to the providers of routing.failover; default: true.",
            },
        },
    })
}

fn condition() -> Value {
    json!({
        "type": "object",
        "description": "For whom the rule is: everything given has to hold.",
        "additionalProperties": false,
        "properties": {
            "country": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "pattern": "^[A-Za-z]{2}$"},
            },
            "subject": {"enum": ["person", "business"]},
            "workflow": {"type": "string"},
            "attributes": {"type": "object", "additionalProperties": {"type": "string"}},
            "needs": {"type": "array", "items": {"enum": Capability::ALL}},
        },
    })
}
