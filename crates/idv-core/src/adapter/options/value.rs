//! The tree of a configuration: values, tables, and the places where they stood.

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
    List(Vec<OptionEntry>),
    /// A table.
    Table(OptionTable),
    /// Stands where a value was missing or wrong, so that what follows can still be looked at. The number says which of the known texts
    /// it is where a text is asked for.
    #[doc(hidden)]
    Placeholder(usize),
}

/// A value and its place.
#[derive(Clone)]
#[non_exhaustive]
pub struct OptionEntry {
    /// Where the value stood.
    pub location: Option<Location>,
    /// The value.
    pub value: OptionValue,
}

impl OptionEntry {
    /// A value, with its place in formats that tell it.
    #[must_use]
    pub const fn new(location: Option<Location>, value: OptionValue) -> Self {
        Self { location, value }
    }

    fn without_locations(&self) -> Self {
        let value = match &self.value {
            OptionValue::List(entries) => {
                OptionValue::List(entries.iter().map(Self::without_locations).collect())
            }
            OptionValue::Table(OptionTable(rows)) => {
                let row = |(key, _, entry): &Row| (key.clone(), None, entry.without_locations());
                OptionValue::Table(OptionTable(rows.iter().map(row).collect()))
            }
            plain => plain.clone(),
        };
        Self { location: None, value }
    }

    /// The entry at a key: of a table by name, of a list by position.
    pub(super) fn child(&self, key: &str) -> Option<&Self> {
        match &self.value {
            OptionValue::Table(table) => table.get(key),
            OptionValue::List(entries) => entries.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    pub(super) fn child_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.value {
            OptionValue::Table(table) => {
                table.0.iter_mut().find(|(name, ..)| name == key).map(|(.., entry)| entry)
            }
            OptionValue::List(entries) => entries.get_mut(key.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The place of the key at a path, or of the innermost table on the way to it.
    pub(super) fn key_location(&self, path: &[String]) -> Option<Location> {
        let inner = match (path, &self.value) {
            ([key], OptionValue::Table(table)) => {
                table.iter().find(|(name, ..)| name == key).and_then(|(_, place, _)| place)
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
            Self::Placeholder(_) => "Placeholder",
        })
    }
}

impl fmt::Debug for OptionEntry {
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
        // What is too large for any option is left to whoever reads it, who knows its path.
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
            entries.push(OptionEntry { location: None, value });
        }
        Ok(OptionValue::List(entries))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OptionValue, A::Error> {
        let mut table = OptionTable::new();
        while let Some((key, value)) = map.next_entry::<String, _>()? {
            if table.get(&key).is_some() {
                let key = ConfigProblem::join([key.as_str()]);
                return Err(de::Error::custom(format_args!("the key `{key}` is given twice")));
            }
            table.0.push((key, None, OptionEntry { location: None, value }));
        }
        Ok(OptionValue::Table(table))
    }
}

/// One key of a table: its name, where it stood, and its value.
pub(super) type Row = (String, Option<Location>, OptionEntry);

/// A table of a configuration, in the order of the file. No key stands in it twice.
#[derive(Clone, Default)]
pub struct OptionTable(pub(super) Vec<Row>);

impl OptionTable {
    /// A table without keys.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&OptionEntry> {
        self.0.iter().find(|(name, ..)| name == key).map(|(.., entry)| entry)
    }

    /// Keys, the places of the keys in formats that tell them, and entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<Location>, &OptionEntry)> {
        self.0.iter().map(|(key, place, entry)| (key.as_str(), *place, entry))
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, ..)| key)
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A copy with some keys alone.
    #[must_use]
    pub fn only(&self, keys: &[&str]) -> Self {
        Self(self.0.iter().filter(|(key, ..)| keys.contains(&key.as_str())).cloned().collect())
    }

    /// A copy with another table laid over it: an entry of the other one takes the place of the entry of its name, and tables
    /// are laid over tables. The places of the entries below are forgotten, so that a problem is placed at what lies over them.
    #[must_use]
    pub fn overlaid_with(&self, over: &Self) -> Self {
        let below = self.0.iter().map(|(key, _, own)| {
            let entry = match (&own.value, over.get(key)) {
                (
                    OptionValue::Table(own),
                    Some(OptionEntry { location, value: OptionValue::Table(over) }),
                ) => OptionEntry { location: *location, value: OptionValue::Table(own.overlaid_with(over)) },
                (_, Some(entry)) => entry.clone(),
                (_, None) => own.without_locations(),
            };
            (key.clone(), over.key_location(key), entry)
        });
        let new = over.0.iter().filter(|(key, ..)| self.get(key).is_none()).cloned();
        Self(below.chain(new).collect())
    }

    fn key_location(&self, key: &str) -> Option<Location> {
        self.0.iter().find(|(name, ..)| name == key).and_then(|(_, place, _)| *place)
    }

    /// A copy without some keys.
    #[must_use]
    pub fn without(&self, keys: &[&str]) -> Self {
        Self(self.0.iter().filter(|(key, ..)| !keys.contains(&key.as_str())).cloned().collect())
    }
}

/// Of a key that comes twice the first entry is kept.
impl FromIterator<(String, Option<Location>, OptionEntry)> for OptionTable {
    fn from_iter<I: IntoIterator<Item = (String, Option<Location>, OptionEntry)>>(rows: I) -> Self {
        let rows: Vec<Row> = rows.into_iter().collect();
        // Looking each key up would be quadratic, and repeated keys are rare.
        let mut keys: Vec<&str> = rows.iter().map(|(key, ..)| key.as_str()).collect();
        keys.sort_unstable();
        if keys.windows(2).all(|pair| pair[0] != pair[1]) {
            return Self(rows);
        }
        let mut table = Self::new();
        for row in rows {
            if table.get(&row.0).is_none() {
                table.0.push(row);
            }
        }
        table
    }
}

/// Names alone: values may be literal secrets.
impl fmt::Debug for OptionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OptionValue;

    fn table(rows: &[(&str, &str)]) -> OptionTable {
        let row = |(key, text): &(&str, &str)| {
            let entry = OptionEntry::new(None, OptionValue::Text((*text).to_owned()));
            ((*key).to_owned(), Some(Location::new(1, 2)), entry)
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn keys_keep_their_order_and_the_first_of_a_name_counts() {
        let table = table(&[("kind", "nxos"), ("api_key", "canary"), ("kind", "other")]);
        assert!(table.keys().eq(["kind", "api_key"]));
        let kind = table.get("kind").map(|entry| &entry.value);
        assert!(matches!(kind, Some(OptionValue::Text(kind)) if kind == "nxos"));
        assert!(table.without(&["kind"]).keys().eq(["api_key"]));
        assert!(table.get("Kind").is_none() && OptionTable::new().is_empty());
    }

    #[test]
    fn a_table_over_another_one_replaces_its_rows_and_nothing_else() {
        let inner = |rows: &[(&str, &str)]| {
            let entry = OptionEntry::new(Some(Location::new(9, 9)), OptionValue::Table(table(rows)));
            let row = ("words".to_owned(), Some(Location::new(9, 1)), entry);
            OptionTable(table(&[("vendor", "Acme")]).0.into_iter().chain([row]).collect())
        };
        let below = inner(&[("done", "in_review"), ("gone", "expired")]);
        let mut over = inner(&[("done", "approved"), ("lost", "failed")]);
        over.0.remove(0);
        let both = below.overlaid_with(&over);
        let text = |entry: &OptionEntry| match &entry.value {
            OptionValue::Text(text) => text.clone(),
            _ => String::new(),
        };
        assert!(both.keys().eq(["vendor", "words"]));
        let Some(OptionEntry { location: at, value: OptionValue::Table(words) }) = both.get("words") else {
            panic!()
        };
        let rows: Vec<_> =
            words.iter().map(|(key, place, entry)| (key, text(entry), place.is_some())).collect();
        let row = |key, text: &str, placed| (key, text.to_owned(), placed);
        assert_eq!(
            rows,
            [row("done", "approved", true), row("gone", "expired", false), row("lost", "failed", true)]
        );
        assert!(at.is_some() && both.get("vendor").is_some_and(|entry| entry.location.is_none()));
        assert!(below.only(&["vendor", "absent"]).keys().eq(["vendor"]));
    }

    #[test]
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", table(&[("api_key", "canary")])), r#"["api_key"]"#);
    }
}
