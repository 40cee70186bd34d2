//! The document as it is written. It is read here without the types of the adapter, so that no reading of theirs is believed.

use serde_json::{Map, Value};

/// A document, as JSON.
pub(super) struct Document(Value);

impl Document {
    /// Reads TOML.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let table: toml::Table = toml::from_str(text).map_err(|_| "the document is no TOML".to_owned())?;
        serde_json::to_value(table).map(Self).map_err(|error| error.to_string())
    }

    /// The tables of the document that are options of an instance.
    pub(super) fn options(&self) -> Map<String, Value> {
        let mut options = self.0.as_object().cloned().unwrap_or_default();
        options.retain(|key, _| !["base_url", "samples", "sources"].contains(&key.as_str()));
        options
    }

    /// The value at a place, `null` where there is none.
    pub(super) fn at(&self, place: &str) -> &Value {
        self.0.pointer(place).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, place: &str) -> Option<&str> {
        self.at(place).as_str()
    }

    pub(super) fn flag(&self, place: &str) -> bool {
        self.at(place) == &Value::Bool(true)
    }

    /// The rows of a table.
    pub(super) fn table(&self, place: &str) -> impl Iterator<Item = (&str, &Value)> {
        let rows = self.at(place).as_object().into_iter().flatten();
        rows.map(|(name, value)| (name.as_str(), value))
    }

    /// One text, or each of a list.
    pub(super) fn texts(&self, place: &str) -> Vec<&str> {
        match self.at(place) {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        }
    }

    /// The first of some places in an answer, else the usual one.
    pub(super) fn place(&self, key: &str, usual: &str) -> String {
        self.texts(key).first().map_or(usual, |place| place).to_owned()
    }

    /// The first of some places in an answer, where the document has them.
    pub(super) fn known_place(&self, key: &str) -> Option<String> {
        self.texts(key).first().map(|place| (*place).to_owned())
    }
}

/// Writes a value at a place, and what has to stand around it. Numbers in a place are those of a list.
pub(super) fn set(answer: &mut Value, place: &str, value: Value) {
    let mut target = answer;
    for token in place.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        let index = name.parse::<usize>().ok().filter(|_| !target.is_object());
        match index {
            Some(index) => {
                if !target.is_array() {
                    *target = Value::Array(Vec::new());
                }
                let Value::Array(items) = target else { return };
                if items.len() <= index {
                    items.resize(index + 1, Value::Null);
                }
                target = &mut items[index];
            }
            None => {
                if !target.is_object() {
                    *target = Value::Object(Map::new());
                }
                let Value::Object(members) = target else { return };
                target = members.entry(name).or_insert(Value::Null);
            }
        }
    }
    *target = value;
}
