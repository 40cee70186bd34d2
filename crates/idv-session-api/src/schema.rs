//! JSON Schema of the options: those of an instance, and those of a description beside them.

use idv_core::JsonSchema;
use serde_json::Value;

use crate::SessionApiConfig;
use crate::description::Document;

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
    JsonSchema::new(whole.to_string())
}

fn parsed(schema: &JsonSchema) -> Value {
    serde_json::from_str(schema.as_str()).unwrap_or_default()
}
