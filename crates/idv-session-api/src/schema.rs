//! JSON Schema of the options: those of an instance, and those of a description beside them.

use idv_core::JsonSchema;
use serde_json::{Value, json};

use crate::description::Document;
use crate::{SessionApiConfig, description};

pub(crate) fn schema() -> JsonSchema {
    let mut whole = parsed(&JsonSchema::of::<SessionApiConfig>());
    let mut document = parsed(&JsonSchema::of::<Document>());
    // The address of an instance goes before that of the description, and a preset or a file brings what is required.
    if let (Some(own), Value::Object(more)) =
        (whole["properties"].as_object_mut(), document["properties"].take())
    {
        for (name, schema) in more {
            own.entry(name).or_insert(schema);
        }
    }
    let names: Vec<&str> = description::built_in_names().collect();
    whole["properties"]["preset"] =
        json!({"description": "The name of a built-in description.", "enum": names});
    JsonSchema::new(whole.to_string())
}

fn parsed(schema: &JsonSchema) -> Value {
    serde_json::from_str(schema.as_str()).unwrap_or_default()
}
