//! Changes answers of the vendor, whatever their shape.

use serde_json::{Value, json};

/// The value with every text that equals `from` replaced.
pub(crate) fn replace(value: &Value, from: &str, to: &Value) -> Value {
    match value {
        Value::String(text) if text == from => to.clone(),
        Value::Array(items) => items.iter().map(|item| replace(item, from, to)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), replace(member, from, to))).collect()
        }
        other => other.clone(),
    }
}

/// The value without the members that hold the text.
pub(crate) fn remove(value: &Value, text: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| remove(item, text)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| member.as_str() != Some(text))
            .map(|(name, member)| (name.clone(), remove(member, text)))
            .collect(),
        other => other.clone(),
    }
}

/// The value with every leaf of another type.
pub(crate) fn retype(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(retype).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), retype(member))).collect()
        }
        Value::String(_) => json!(7),
        _ => json!("conformance"),
    }
}

/// Whether any member is `true`.
pub(crate) fn has_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::Array(items) => items.iter().any(has_true),
        Value::Object(members) => members.values().any(has_true),
        _ => false,
    }
}

/// The paths of all members, to compare shapes.
pub(crate) fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| {
                let below = names(member).into_iter().map(move |below| format!("{name}.{below}"));
                std::iter::once(name.clone()).chain(below)
            })
            .collect(),
        _ => Vec::new(),
    }
}
