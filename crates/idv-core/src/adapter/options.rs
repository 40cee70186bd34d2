//! The options of one provider: a tree of values that knows where each stood, and reads into any serde type with all
//! problems reported at once.

mod de;
#[cfg(feature = "toml")]
mod depth;
mod recovery;
#[cfg(feature = "toml")]
mod toml_tree;
mod value;

use std::fmt;

use serde::de::DeserializeOwned;

pub use value::{Location, OptionEntry, OptionTable, OptionValue};

use crate::ConfigProblem;

use de::{Expected, TreeDeserializer};

/// The result of reading options, as far as they could be read.
pub(crate) struct Reading<T> {
    /// The value, with placeholders where something was wrong.
    pub(crate) value: Option<T>,
    pub(crate) problems: Vec<ConfigProblem>,
    /// The keys that lead to each problem.
    pub(crate) places: Vec<Vec<String>>,
}

/// The options of one provider, as they stood in the configuration.
#[derive(Clone)]
pub struct ProviderOptions {
    path: String,
    root: OptionEntry,
    known_keys: Vec<&'static str>,
}

impl ProviderOptions {
    /// Options found at a path such as `providers.primary`.
    #[must_use]
    pub fn new(path: impl Into<String>, location: Option<Location>, table: OptionValue) -> Self {
        Self { path: path.into(), root: OptionEntry { location, value: table }, known_keys: Vec::new() }
    }

    /// Names further keys of the same table that other code reads, so that a misspelt one is recognised.
    #[must_use]
    pub fn known_keys(mut self, keys: &'static [&'static str]) -> Self {
        self.known_keys.extend(keys);
        self
    }

    /// Where the options stood, such as `providers.primary`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The table of the options, with the places of its entries; `None` where something else than a table was given.
    #[must_use]
    pub fn table(&self) -> Option<&OptionTable> {
        match &self.root.value {
            OptionValue::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Another table at the same place.
    #[must_use]
    pub fn with_table(&self, table: OptionTable) -> Self {
        let root = OptionEntry { location: self.root.location, value: OptionValue::Table(table) };
        Self { path: self.path.clone(), root, known_keys: self.known_keys.clone() }
    }

    /// The keys that are given.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.table().into_iter().flat_map(OptionTable::iter).map(|(key, ..)| key)
    }

    /// Reads the options into a type. Unknown keys, wrong types and missing keys are all reported, each with its place;
    /// no message repeats a value.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Vec<ConfigProblem>> {
        let reading = self.read();
        match reading.value {
            Some(parsed) if reading.problems.is_empty() => Ok(parsed),
            _ => Err(reading.problems),
        }
    }

    /// Reads the options as far as they can be read: a value that is wrong is left out, or a placeholder takes its place.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Reading<T> {
        let mut tree = self.root.clone();
        let mut problems: Vec<ConfigProblem> = Vec::new();
        let mut places: Vec<Vec<String>> = Vec::new();
        loop {
            let failure = match T::deserialize(TreeDeserializer::new(&tree)) {
                Ok(parsed) => return Reading { value: Some(parsed), problems, places },
                Err(failure) => failure,
            };
            let place = failure.place();
            // A value that was taken out may be missed further out, and its placeholder may not satisfy the types inside.
            let follows = |told: &Vec<String>| {
                place.starts_with(told) || (!place.is_empty() && told.starts_with(&place))
            };
            if !places.iter().any(follows) {
                problems.push(self.describe(&failure));
                places.push(place);
            }
            if !recovery::remove_offending_entry(&mut tree, &failure) {
                return Reading { value: None, problems, places };
            }
        }
    }

    /// A problem at a key of these options; dots lead into inner tables, and an empty key means the whole table. An
    /// absent key is placed at its table.
    #[must_use]
    pub fn problem(&self, key: &str, message: impl Into<String>) -> ConfigProblem {
        let keys: Vec<String> = key.split('.').filter(|key| !key.is_empty()).map(str::to_owned).collect();
        self.problem_at(&keys, self.root.nearest_location(&keys), message.into())
    }

    fn describe(&self, failure: &de::Failure) -> ConfigProblem {
        let place = failure.place();
        let location = match failure.expected {
            Expected::KnownKey { .. } => self.root.key_location(&place),
            _ => self.root.nearest_location(&place),
        };
        self.problem_at(
            &place,
            location,
            failure.message(if place.len() == 1 { &self.known_keys } else { &[] }),
        )
    }

    fn problem_at(&self, keys: &[String], location: Option<Location>, message: String) -> ConfigProblem {
        let inner = ConfigProblem::join(keys.iter().map(String::as_str));
        let path = [self.path.as_str(), &inner].into_iter().filter(|part| !part.is_empty());
        let mut problem = ConfigProblem::new(path.collect::<Vec<_>>().join("."), message);
        (problem.line, problem.column) = (location.map(|at| at.line), location.map(|at| at.column));
        problem
    }
}

impl fmt::Debug for ProviderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderOptions").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{BaseUrl, HumanDuration, SecretSource};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Options {
        api_key: SecretSource,
        base_url: BaseUrl,
        wait: Option<HumanDuration>,
        #[serde(default)]
        secrets: Vec<SecretSource>,
        retries: u8,
    }

    fn problems(json: &str) -> Vec<String> {
        let table: OptionValue = serde_json::from_str(json).unwrap();
        let options = ProviderOptions::new("providers.a", None, table);
        options.parse::<Options>().unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn good_options_are_read() {
        let json = r#"{"api_key":{"env":"K"},"base_url":"https://a.example","wait":"3s","secrets":["x",{"file":"f"}],"retries":3}"#;
        let table: OptionValue = serde_json::from_str(json).unwrap();
        let options: Options = ProviderOptions::new("providers.a", None, table).parse().unwrap();
        assert_eq!((options.retries, options.secrets.len()), (3, 2));
        assert!(matches!(options.api_key, SecretSource::Env(name) if name == "K"));
    }

    #[test]
    fn everything_is_reported_with_its_path() {
        assert_eq!(
            problems(r#"{"api_kye":"canary","wait":3,"secrets":[{"env":"A"},5],"retries":300}"#),
            [
                "providers.a.api_kye: unknown key; did you mean `api_key`? Known keys: api_key, base_url, wait, secrets, retries",
                "providers.a.wait: expected a text",
                "providers.a.secrets.1: expected { env = \"NAME\" }, { file = \"path\" } or a text",
                "providers.a.retries: expected a whole number from 0 to 255",
                "providers.a.api_key: is required",
                "providers.a.base_url: is required",
            ]
        );
    }

    #[test]
    fn no_message_repeats_a_value() {
        for json in [
            r#"{"api_key":12345678,"base_url":"canary","retries":"canary"}"#,
            r#"{"api_key":{"env":{"x":"canary"}},"base_url":"http://canary.example","retries":true}"#,
            r#"{"api_key":["canary"],"base_url":["canary"],"wait":"canary","retries":-12345678}"#,
            r#"{"api_key":{"env":"A","file":"canary"},"base_url":"https://canary@a.example","retries":1.5}"#,
        ] {
            let text = problems(json).join("\n");
            assert!(!text.contains("canary") && !text.contains("12345678"), "{text}");
            assert!(text.contains("providers.a.base_url") && text.contains("providers.a.retries"), "{text}");
        }
    }
}
