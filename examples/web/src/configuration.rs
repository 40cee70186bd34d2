//! The configuration of the vendors, of which an operator can change `active` while the application runs.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use idv::config::ConfigDocument;
use idv::registry::Changes;
use idv::{ConfigProblem, Error, ProviderId, Registry, RegistryBuilder, Result};
use serde::Deserialize;

/// Where the configuration comes from, and the operator's choice. The choice lasts as long as the process: one that has to last longer
/// belongs into the file, or into the application's database.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    source: Arc<Source>,
    active: Arc<Mutex<Option<ProviderId>>>,
}

#[derive(Debug)]
pub(crate) enum Source {
    /// A file, read again at each change.
    File(PathBuf),
    /// A text, of simulated vendors.
    Text(String),
}

impl Configuration {
    pub(crate) fn new(source: Source) -> Self {
        Self { source: Arc::new(source), active: Arc::default() }
    }

    /// The registry of its providers.
    pub(crate) fn registry(&self, builder: RegistryBuilder) -> Result<Registry> {
        let own = self.clone();
        builder.load(move || own.document())
    }

    /// Sends new sessions to another provider. Sessions in flight stay where they were made: their references name their provider.
    pub(crate) async fn switch(&self, registry: &Registry, provider: ProviderId) -> Result<Changes> {
        let (own, registry) = (self.clone(), registry.clone());
        let switching = tokio::task::spawn_blocking(move || {
            let before = own.choose(Some(provider));
            let changes = registry.reload();
            if changes.is_err() {
                own.choose(before);
            }
            changes
        });
        switching.await.unwrap_or_else(|_| Err(problem("the change was cut short".to_owned())))
    }

    fn choose(&self, active: Option<ProviderId>) -> Option<ProviderId> {
        std::mem::replace(&mut self.active.lock().unwrap_or_else(PoisonError::into_inner), active)
    }

    /// The document as it is now.
    pub(crate) fn document(&self) -> Result<ConfigDocument> {
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let document = match &*self.source {
            Source::File(path) => ConfigDocument::from_toml_file(path)?,
            Source::Text(text) => ConfigDocument::from_toml_str(text)?,
        };
        let Some(active) = active else { return Ok(document) };
        let mut table: toml::Table =
            self.text()?.parse().map_err(|_| problem("it is not TOML".to_owned()))?;
        table.insert("active".to_owned(), active.as_str().into());
        let changed =
            ConfigDocument::deserialize(table).map_err(|_| problem("it cannot be read".to_owned()))?;
        Ok(changed.with_base(document.base()))
    }

    fn text(&self) -> Result<String> {
        match &*self.source {
            Source::File(path) => fs::read_to_string(path).map_err(|error| problem(error.to_string())),
            Source::Text(text) => Ok(text.clone()),
        }
    }
}

fn problem(message: String) -> Error {
    Error::config(vec![ConfigProblem::new("", message)])
}
