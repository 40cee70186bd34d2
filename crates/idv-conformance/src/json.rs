//! Changes answers of the vendor, whatever their shape.

use serde_json::{Value, json};

use crate::Received;

/// The value with everything replaced that is written `from`: a text, or a number or a flag.
pub(crate) fn replace(value: &Value, from: &str, to: &Value) -> Value {
    match value {
        scalar if is(scalar, from) => to.clone(),
        Value::Array(items) => items.iter().map(|item| replace(item, from, to)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), replace(member, from, to))).collect()
        }
        other => other.clone(),
    }
}

/// Whether a text, a number or a flag is written like this.
fn is(value: &Value, text: &str) -> bool {
    match value {
        Value::String(found) => found == text,
        Value::Number(number) => number.to_string() == text,
        Value::Bool(flag) => flag.to_string() == text,
        _ => false,
    }
}

/// Whether anything in the value is written like this.
pub(crate) fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| holds(item, text)),
        Value::Object(members) => members.values().any(|member| holds(member, text)),
        scalar => is(scalar, text),
    }
}

/// Every text in the value.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// The value without the members that hold the text.
pub(crate) fn remove(value: &Value, text: &str) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| remove(item, text)).collect(),
        Value::Object(members) => members
            .iter()
            .filter(|(_, member)| !is(member, text))
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

/// What a request says: its JSON body, or the fields of its form and of its query.
pub(crate) fn of_request(request: &Received) -> Value {
    serde_json::from_slice(&request.body).unwrap_or_else(|_| {
        let form = url::form_urlencoded::parse(&request.body);
        let fields = form.chain(url::form_urlencoded::parse(request.query.as_bytes()));
        fields.map(|(name, value)| (name.into_owned(), Value::from(value.into_owned()))).collect()
    })
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
