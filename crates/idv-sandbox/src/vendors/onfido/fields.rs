//! The fields of a body: a JSON object with known names, of which every wrong one is named (OpenAPI specification of Onfido,
//! `default_error`).

use serde_json::{Map, Value, json};

use crate::vendors::onfido::refusal::Refusal;

/// A body that is read field by field.
#[derive(Debug)]
pub(crate) struct Fields {
    body: Map<String, Value>,
    /// The complaints, by the names of their fields.
    wrong: Map<String, Value>,
}

impl Fields {
    /// A body of which fields with other names than these are refused.
    pub(crate) fn of(body: Map<String, Value>, known: &[&str]) -> Self {
        let mut fields = Self { body, wrong: Map::new() };
        let others: Vec<String> =
            fields.body.keys().filter(|name| !known.contains(&name.as_str())).cloned().collect();
        for name in others {
            fields.refuse(&name, "is not a known field");
        }
        fields
    }

    pub(crate) fn refuse(&mut self, name: &str, why: &str) {
        self.wrong.entry(name).or_insert_with(|| json!([why]));
    }

    /// The value of a field; `None` for `null` too.
    pub(crate) fn value(&self, name: &str) -> Option<Value> {
        self.body.get(name).filter(|value| !value.is_null()).cloned()
    }

    /// The text of a field that may be left out.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        match self.value(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.refuse(name, "is not a string");
                None
            }
        }
    }

    /// The text of a field that must be there.
    pub(crate) fn required(&mut self, name: &str) -> String {
        let text = self.text(name).filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.refuse(name, "can't be blank");
        }
        text.unwrap_or_default()
    }

    /// The text of a field that may be left out, and has to pass.
    pub(crate) fn checked(&mut self, name: &str, passes: fn(&str) -> bool, why: &str) -> Option<String> {
        let text = self.text(name)?;
        if !passes(&text) {
            self.refuse(name, why);
        }
        Some(text)
    }

    /// The object of a field that may be left out.
    pub(crate) fn object(&mut self, name: &str) -> Map<String, Value> {
        match self.value(name) {
            Some(Value::Object(object)) => object,
            Some(_) => {
                self.refuse(name, "is not an object");
                Map::new()
            }
            None => Map::new(),
        }
    }

    /// Takes the complaints about the fields of an inner object over.
    pub(crate) fn join(&mut self, name: &str, inner: Self) {
        if !inner.wrong.is_empty() {
            self.wrong.insert(name.to_owned(), Value::Object(inner.wrong));
        }
    }

    pub(crate) fn finish(self) -> Result<(), Refusal> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Refusal::fields(self.wrong)) }
    }
}
