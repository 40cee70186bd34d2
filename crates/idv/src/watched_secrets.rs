//! Secrets, seen while a provider is built.

use std::sync::{Arc, Mutex, PoisonError};

use idv_core::{SecretResolver, SecretSource};
use secrecy::SecretString;

/// Notices which secrets a provider takes while it is built, and when one is written into the configuration itself.
#[derive(Debug)]
pub(crate) struct WatchedSecrets {
    inner: Arc<dyn SecretResolver>,
    /// Nothing once the provider is built: it may go on to read secrets for as long as it lives.
    seen: Mutex<Option<SeenSecrets>>,
}

/// What was seen.
#[derive(Debug, Default)]
pub(crate) struct SeenSecrets {
    /// The secrets that were taken, in order.
    pub(crate) taken: Vec<SecretString>,
    /// Whether one of them stands in the configuration.
    pub(crate) literal: bool,
}

impl WatchedSecrets {
    pub(crate) fn new(inner: Arc<dyn SecretResolver>) -> Self {
        Self { inner, seen: Mutex::new(Some(SeenSecrets::default())) }
    }

    /// Ends the watch.
    pub(crate) fn seen(&self) -> SeenSecrets {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

impl SecretResolver for WatchedSecrets {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        let resolved = self.inner.resolve(source);
        if let Some(seen) = &mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner) {
            seen.literal |= matches!(source, SecretSource::Literal(_));
            seen.taken.extend(resolved.as_ref().ok().cloned());
        }
        resolved
    }
}
