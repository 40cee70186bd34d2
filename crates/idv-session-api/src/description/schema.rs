//! JSON Schema of the types that a document is made of.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::link::LinkTemplate;
use super::names::NameList;
use super::path::Path;
use super::request_places::RequestPlaces;
use super::samples::SampleTime;
use super::words::{ClaimWord, DocumentWord, ReasonWord, StatusWord, WordTable};
use crate::places::Places;
use crate::reason_places::ReasonPlaces;

macro_rules! schema {
    ($($type:ident: $json:tt;)+) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($json)
            }
        }
    )+};
}

schema! {
    Places: {
        "description": "A JSON pointer, or several of which the first counts at which something stands.",
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    };
    ReasonPlaces: {
        "description": "A JSON pointer, or several that all count; `*` is every element of a list.",
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    };
    RequestPlaces: {
        "description": "The name of a field, or a JSON pointer, or several of these.",
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    };
    NameList: {
        "description": "A name, or several that mean the same.",
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
    };
    Path: {"type": "string", "description": "A path below the base URL.", "pattern": "^/"};
    LinkTemplate: {"type": "string", "description": "A link with `{id}` or `{token}` in it.", "pattern": "^https://"};
    SampleTime: {"type": "string", "format": "date-time"};
}

macro_rules! words {
    ($($type:ident)+) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = Self::known().map(|(word, _)| word).collect();
                json_schema!({"enum": words})
            }
        }
    )+};
}

words! { StatusWord ReasonWord ClaimWord DocumentWord }

impl<T: JsonSchema> JsonSchema for WordTable<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("WordTable_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}
