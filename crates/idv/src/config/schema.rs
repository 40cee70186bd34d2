//! JSON Schema of the whole configuration, for editors.

use idv_core::JsonSchema;
use serde_json::{Map, Value, json};

use super::{HttpConfig, LimitsConfig, RoutingConfig, TrackerTable};
use crate::catalogue::Catalogue;

/// The JSON Schema of a configuration that names kinds of a catalogue. A kind whose factory has no schema takes any
/// options.
#[must_use]
pub fn json_schema(catalogue: &Catalogue) -> Value {
    let mut definitions = Map::new();
    let variants: Vec<Value> = catalogue
        .factories()
        .map(|factory| {
            let known = factory.schema().and_then(|schema| serde_json::from_str(schema.as_str()).ok());
            let mut options = known.unwrap_or_else(|| json!({"type": "object"}));
            hoist(factory.kind().as_str(), &mut options, &mut definitions);
            variant(factory.kind().as_str(), options)
        })
        .collect();
    let provider = if variants.is_empty() { json!(false) } else { json!({"oneOf": variants}) };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of idv",
        "type": "object",
        "required": ["active", "providers"],
        "additionalProperties": false,
        "properties": {
            "active": {"type": "string", "description": "The provider for new sessions."},
            "providers": {
                "type": "object",
                "description": "The configured providers, by id.",
                "minProperties": 1,
                "propertyNames": {"pattern": "^[A-Za-z0-9_-]{1,64}$"},
                "additionalProperties": provider,
            },
            "routing": embedded(&JsonSchema::of::<RoutingConfig>()),
            "tracker": embedded(&JsonSchema::of::<TrackerTable>()),
        },
        "$defs": definitions,
    })
}

/// Moves the definitions of a kind to those of the whole, under names that no other kind has: references are resolved
/// from the top.
fn hoist(kind: &str, options: &mut Value, definitions: &mut Map<String, Value>) {
    refer(kind, options);
    let Some(Value::Object(own)) = options.as_object_mut().and_then(|schema| schema.remove("$defs")) else {
        return;
    };
    definitions.extend(own.into_iter().map(|(name, schema)| (format!("{kind}.{name}"), schema)));
}

fn refer(kind: &str, schema: &mut Value) {
    match schema {
        Value::Object(schema) => {
            if let Some(Value::String(target)) = schema.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/$defs/")
            {
                *target = format!("#/$defs/{kind}.{name}");
            }
            schema.values_mut().for_each(|part| refer(kind, part));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| refer(kind, part)),
        _ => {}
    }
}

/// The keys that every provider has.
#[derive(schemars::JsonSchema)]
#[expect(dead_code, reason = "only its schema is used")]
struct Common {
    /// Takes no new sessions; those that are under way go on.
    #[schemars(default)]
    retired: bool,
    /// How the vendor is called.
    #[schemars(default)]
    http: HttpConfig,
    /// The most that is asked of the vendor.
    #[schemars(default)]
    limits: LimitsConfig,
}

/// The options of a kind, together with the keys that every provider has.
fn variant(kind: &str, mut options: Value) -> Value {
    if let Some(schema) = options.as_object_mut() {
        schema.remove("$schema");
        let properties = schema.entry("properties").or_insert_with(|| json!({}));
        if let Some(properties) = properties.as_object_mut() {
            properties.insert("kind".to_owned(), json!({"const": kind}));
            if let Value::Object(common) = embedded(&JsonSchema::of::<Common>())["properties"].take() {
                properties.extend(common);
            }
        }
        let required = schema.entry("required").or_insert_with(|| json!([]));
        if let Some(required) = required.as_array_mut() {
            required.insert(0, json!("kind"));
        }
    }
    options
}

/// The schema of a type, as a part of another schema.
fn embedded(schema: &JsonSchema) -> Value {
    let mut part: Value = serde_json::from_str(schema.as_str()).unwrap_or_default();
    if let Some(part) = part.as_object_mut() {
        part.remove("$schema");
        part.remove("title");
    }
    part
}
