//! The tree of values, each with its place in the file.

use std::fmt;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::ConfigProblem;

/// A place in a configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column, in characters (Unicode scalar values) from 1.
    pub column: usize,
}

impl Location {
    /// A line and a column, both from 1.
    #[must_use]
    pub const fn new(line: usize, column: usize) -> Self {
        Self { line, column }
    }
}

/// A value of a configuration. It may hold literal secrets, so `Debug` shows its type only.
#[derive(Clone)]
#[non_exhaustive]
pub enum OptionValue {
    /// Nothing, in formats that have it.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Entry>),
    /// A table, in the order of the file: key, place of the key, value.
    Table(Vec<(String, Option<Location>, Entry)>),
    /// A placeholder for a value that was missing or wrong, so that the rest can still be checked.
    #[doc(hidden)]
    StandIn,
}

/// A value and its place.
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Where the value stood.
    pub location: Option<Location>,
    /// The value.
    pub value: OptionValue,
}

impl Entry {
    /// A value, with its place in formats that tell it.
    #[must_use]
    pub const fn new(location: Option<Location>, value: OptionValue) -> Self {
        Self { location, value }
    }

    /// The entry at a key: of a table by name, of a list by position.
    pub(super) fn child(&self, key: &str) -> Option<&Self> {
        match &self.value {
            OptionValue::Table(rows) => rows.iter().find(|(name, ..)| name == key).map(|(.., entry)| entry),
            OptionValue::List(entries) => entries.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    pub(super) fn child_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            OptionValue::Table(rows) => {
                rows.iter_mut().find(|(name, ..)| name == key).map(|(.., entry)| entry)
            }
            OptionValue::List(entries) => entries.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The place of the key at a path, or of the innermost table on the way to it.
    pub(super) fn key_location(&self, path: &[String]) -> Option<Location> {
        let inner = match (path, &self.value) {
            ([key], OptionValue::Table(rows)) => {
                rows.iter().find(|(name, ..)| name == key).and_then(|(_, place, _)| *place)
            }
            ([key, rest @ ..], _) => self.child(key).and_then(|entry| entry.key_location(rest)),
            ([], _) => None,
        };
        inner.or(self.location)
    }

    /// The place of the value at a path, or of the innermost table on the way to it.
    pub(super) fn nearest_location(&self, path: &[String]) -> Option<Location> {
        let inner = path.split_first().and_then(|(key, rest)| self.child(key)?.nearest_location(rest));
        inner.or(self.location)
    }
}

impl fmt::Debug for OptionValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool",
            Self::Integer(_) => "Integer",
            Self::Float(_) => "Float",
            Self::Text(_) => "Text",
            Self::List(_) => "List",
            Self::Table(_) => "Table",
            Self::StandIn => "StandIn",
        })
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<'de> Deserialize<'de> for OptionValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = OptionValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a configuration value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<OptionValue, E> {
        Ok(OptionValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<OptionValue, E> {
        Ok(OptionValue::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<OptionValue, E> {
        // // A number that is too large for any option is left to the reader of the option, which knows its path.
        #[allow(clippy::cast_precision_loss, reason = "only its type is of interest")]
        Ok(i64::try_from(value).map_or(OptionValue::Float(value as f64), OptionValue::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<OptionValue, E> {
        Ok(OptionValue::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<OptionValue, E> {
        Ok(OptionValue::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<OptionValue, E> {
        Ok(OptionValue::Text(value))
    }

    fn visit_unit<E>(self) -> Result<OptionValue, E> {
        Ok(OptionValue::Null)
    }

    fn visit_none<E>(self) -> Result<OptionValue, E> {
        Ok(OptionValue::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<OptionValue, D::Error> {
        OptionValue::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OptionValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(value) = seq.next_element()? {
            entries.push(Entry { location: None, value });
        }
        Ok(OptionValue::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OptionValue, A::Error> {
        let mut rows: Vec<(String, _, Entry)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, _>()? {
            if rows.iter().any(|(known, ..)| *known == key) {
                let key = ConfigProblem::join([key.as_str()]);
                return Err(de::Error::custom(format_args!("the key `{key}` stands twice")));
            }
            rows.push((key, None, Entry { location: None, value }));
        }
        Ok(OptionValue::Table(rows))
    }
}
