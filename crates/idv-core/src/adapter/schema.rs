//! JSON Schema of the types that configurations are made of (feature `schema`).

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{BaseUrl, Capability, HumanDuration, ProviderId, SecretSource, SubjectKind};

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
    BaseUrl: {
        "type": "string",
        "format": "uri",
        "description": "An https URL; http is accepted on loopback only.",
        "pattern": "^https?://"
    };
    HumanDuration: {
        "type": "string",
        "description": "A positive duration with its unit, such as 30s, 10m, 24h or 365d."
    };
    ProviderId: {
        "type": "string",
        "description": "The name of a configured provider.",
        "pattern": "^[A-Za-z0-9_-]{1,64}$"
    };
    SecretSource: {
        "description": "Where a secret is kept: an environment variable, a file relative to this one, or the text itself.",
        "oneOf": [
            {"type": "object", "properties": {"env": {"type": "string"}}, "required": ["env"], "additionalProperties": false},
            {"type": "object", "properties": {"file": {"type": "string"}}, "required": ["file"], "additionalProperties": false},
            {"type": "string"}
        ]
    };
}

macro_rules! words {
    ($($type:ident)+) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({"enum": Self::ALL})
            }
        }
    )+};
}

words! { Capability SubjectKind }
