//! A table of a configuration.

use std::fmt;

use super::{Entry, Location};

/// One key of a table: its name, where it stood, and its value.
pub(super) type Row = (String, Option<Location>, Entry);

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
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.0.iter().find(|(name, ..)| name == key).map(|(.., entry)| entry)
    }

    /// Keys, the places of the keys in formats that tell them, and entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<Location>, &Entry)> {
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

    /// A copy without some keys.
    #[must_use]
    pub fn without(&self, keys: &[&str]) -> Self {
        Self(self.0.iter().filter(|(key, ..)| !keys.contains(&key.as_str())).cloned().collect())
    }
}

/// Of a key that comes twice the first entry is kept.
impl FromIterator<(String, Option<Location>, Entry)> for OptionTable {
    fn from_iter<I: IntoIterator<Item = (String, Option<Location>, Entry)>>(rows: I) -> Self {
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
            let entry = Entry::new(None, OptionValue::Text((*text).to_owned()));
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
    fn debug_shows_no_value() {
        assert_eq!(format!("{:?}", table(&[("api_key", "canary")])), r#"["api_key"]"#);
    }
}
