//! A recording secret resolver: the secrets that a provider takes while it is built.

use std::sync::{Arc, Mutex, PoisonError};

use idv_core::{OptionValue, SecretResolver, SecretSource};
use secrecy::{ExposeSecret, SecretString};

/// Records which secrets a provider takes while it is built, and when one is written into the configuration itself.
#[derive(Debug)]
pub(crate) struct RecordingResolver {
    inner: Arc<dyn SecretResolver>,
    /// Nothing once the provider is built: it may go on to read secrets for as long as it lives.
    seen: Mutex<Option<SeenSecrets>>,
}

/// The secrets that were recorded.
#[derive(Debug, Default)]
pub(crate) struct SeenSecrets {
    /// The secrets that were taken, in order.
    pub(crate) taken: Vec<SecretString>,
    /// Those that stand in the configuration itself.
    pub(crate) literal: Vec<SecretString>,
}

impl SeenSecrets {
    /// The keys of a table under which literal secrets stand, with dots between outer and inner ones.
    pub(crate) fn written_at(&self, table: &OptionValue) -> Vec<String> {
        let mut found = Vec::new();
        if !self.literal.is_empty() {
            self.look(table, &mut String::new(), &mut found);
        }
        found
    }

    fn look(&self, value: &OptionValue, path: &mut String, found: &mut Vec<String>) {
        let mut below = |key: &str, value: &OptionValue| {
            let length = path.len();
            path.push_str(if length > 0 { "." } else { "" });
            path.push_str(key);
            self.look(value, path, found);
            path.truncate(length);
        };
        match value {
            OptionValue::List(entries) => {
                let places = entries.iter().enumerate();
                places.for_each(|(place, entry)| below(&place.to_string(), &entry.value));
            }
            OptionValue::Table(table) => table.iter().for_each(|(key, _, entry)| below(key, &entry.value)),
            OptionValue::Text(text) if self.literal.iter().any(|secret| secret.expose_secret() == text) => {
                found.push(path.clone());
            }
            _ => {}
        }
    }
}

impl RecordingResolver {
    pub(crate) fn new(inner: Arc<dyn SecretResolver>) -> Self {
        Self { inner, seen: Mutex::new(Some(SeenSecrets::default())) }
    }

    /// Ends the recording.
    pub(crate) fn seen(&self) -> SeenSecrets {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

impl SecretResolver for RecordingResolver {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        let resolved = self.inner.resolve(source);
        if let Some(seen) = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner) {
            if let SecretSource::Literal(secret) = source {
                seen.literal.push(secret.clone());
            }
            seen.taken.extend(resolved.as_ref().ok().cloned());
        }
        resolved
    }
}
