//! The source of a configured secret.

use std::fmt;
use std::path::PathBuf;

use secrecy::SecretString;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The source of a configured secret: `{ env = "NAME" }`, `{ file = "path" }`, or, with a warning, the text itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SecretSource {
    /// An environment variable.
    Env(String),
    /// A file, relative to the configuration file; one trailing newline is dropped.
    File(PathBuf),
    /// The secret itself, in the configuration.
    Literal(SecretString),
}

impl<'de> Deserialize<'de> for SecretSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SourceVisitor)
    }
}

/// Written by hand so that no error repeats what was given.
struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = SecretSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{ env = \"NAME\" }, { file = \"path\" } or a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretSource, E> {
        Ok(SecretSource::Literal(SecretString::from(text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SecretSource, A::Error> {
        const KEYS: &[&str] = &["env", "file"];
        let source = match map.next_key::<String>()?.as_deref() {
            Some("env") => SecretSource::Env(map.next_value()?),
            Some("file") => SecretSource::File(map.next_value()?),
            Some(other) => return Err(de::Error::unknown_field(other, KEYS)),
            None => return Err(de::Error::custom("expected `env` or `file`")),
        };
        match map.next_key::<String>()? {
            None => Ok(source),
            Some(_) => Err(de::Error::custom("expected exactly one of `env` and `file`")),
        }
    }
}
