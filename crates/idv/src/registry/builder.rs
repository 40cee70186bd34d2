//! The builder of a registry.

use std::path::Path;
use std::sync::Arc;

use idv_core::{Clock, ProviderFactory, Randomness, Result, SecretResolver};

use super::Registry;
use super::assembly::Assembly;
use super::source::{Load, Source};
use crate::catalogue::Catalogue;
use crate::config::ConfigDocument;
use crate::layers::{Layer, UnclaimedHandler, UnclaimedOutcome};
use crate::observe::Observation;
use crate::routing::SessionCounts;

/// Builds a [`Registry`]. Dependencies that are not set are the clock, randomness and secrets of the system and the
/// compiled-in vendors.
#[derive(Debug, Default)]
pub struct RegistryBuilder(Assembly);

impl RegistryBuilder {
    /// Adds a kind of provider.
    #[must_use]
    pub fn factory(mut self, factory: impl ProviderFactory) -> Self {
        self.0.catalogue.add(factory);
        self
    }

    /// Takes the kinds of a catalogue, in place of all that were known so far. Without it, those of the compiled-in
    /// vendors are known.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.0.catalogue = catalogue;
        self
    }

    /// Takes the time from elsewhere than the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.0.clock = Some(clock);
        self
    }

    /// Takes random bits from elsewhere than the operating system.
    #[must_use]
    pub fn randomness(mut self, random: Arc<dyn Randomness>) -> Self {
        self.0.random = Some(random);
        self
    }

    /// Takes secrets from elsewhere than environment and files.
    #[must_use]
    pub fn secrets(mut self, secrets: Arc<dyn SecretResolver>) -> Self {
        self.0.secrets = Some(secrets);
        self
    }

    /// Sets the handler of outcomes of calls whose callers went away; without it, a warning is logged and the outcome is
    /// found again by `check` or `find`. See [`UnclaimedHandler::new`] for when it is called.
    #[must_use]
    pub fn on_unclaimed(mut self, handle: impl Fn(UnclaimedOutcome) + Send + Sync + 'static) -> Self {
        self.0.unclaimed = UnclaimedHandler::new(handle);
        self
    }

    /// Sets the counts for the caps of `[routing.caps]`; without it, they are the sessions that the registry has started.
    #[must_use]
    pub fn session_counts(mut self, counts: Arc<dyn SessionCounts>) -> Self {
        self.0.counts = Some(counts);
        self
    }

    /// Sets the observation of calls: audit hook, trace and pseudonyms.
    #[must_use]
    pub fn observation(mut self, observation: Observation) -> Self {
        self.0.observation = observation;
        self
    }

    /// Puts a layer of the application's own around every provider, outside of the registry's layers: it sees each call once,
    /// with the outcome of all its attempts. A layer that is added later goes around those before it. Every provider gets a
    /// clone, also after a reload, so state that is shared belongs into an [`Arc`].
    ///
    /// Where a caller drops its call, this layer is dropped as well; an operation that is detached already runs to completion.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer + Clone) -> Self {
        self.0.layers.add(layer);
        self
    }

    /// Puts a layer of the application's own around every attempt, inside of the registry's layers: it sees the requests that
    /// are sent to the vendor, and none that a limit or the circuit breaker refused. The rest is as for
    /// [`layer`](Self::layer).
    #[must_use]
    pub fn attempt_layer(mut self, layer: impl Layer + Clone) -> Self {
        self.0.attempt_layers.add(layer);
        self
    }

    /// Builds all providers of a configuration. Every configured secret is resolved.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong.
    pub fn build(self, document: &ConfigDocument) -> Result<Registry> {
        self.finish(document, None)
    }

    /// Builds all providers of a configuration that comes from anywhere: a file, a service, another format.
    /// [`Registry::reload`] reads it again from there.
    ///
    /// # Errors
    /// Those of `load`, and [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong.
    pub fn load(self, load: impl Fn() -> Result<ConfigDocument> + Send + Sync + 'static) -> Result<Registry> {
        let document = load()?;
        self.finish(&document, Some(Box::new(load)))
    }

    /// Builds all providers of a TOML file, which [`Registry::reload`] reads again.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong, each problem with line and column.
    pub fn load_toml_file(self, path: impl AsRef<Path>) -> Result<Registry> {
        let path = path.as_ref().to_path_buf();
        self.load(move || ConfigDocument::from_toml_file(&path))
    }

    fn finish(self, document: &ConfigDocument, load: Option<Load>) -> Result<Registry> {
        let snapshot = self.0.build(document, None)?;
        Ok(Registry::new(Arc::new(snapshot), Arc::new(Source::new(self.0, load))))
    }
}

impl Registry {
    /// Builds a registry with other dependencies than the defaults, or with kinds of one's own.
    #[must_use]
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    /// Builds a registry from a TOML file, which [`reload`](Self::reload) reads again.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong, each problem with line and column.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        Self::builder().load_toml_file(path)
    }

    /// Builds a registry from TOML text.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong, each problem with line and column.
    pub fn from_toml_str(text: &str) -> Result<Self> {
        Self::builder().build(&ConfigDocument::from_toml_str(text)?)
    }
}
