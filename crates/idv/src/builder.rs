//! From a configuration to a registry.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use idv_core::{
    AfterRejection, BuildContext, Clock, ConfigProblem, Error, OsRandomness, ProviderFactory, ProviderId,
    Randomness, Result, SecretResolver, SecretSource, VerificationProvider,
};
use secrecy::SecretString;

use crate::config::{ConfigDocument, HttpConfig, Outline, ProviderEntry};
use crate::registry::Inner;
use crate::shield::{Shield, Unclaimed};
use crate::{Catalogue, ProcessSecrets, Registry, Retrying, SystemClock};

/// Builds a [`Registry`]. What is not set comes from the real world and from the compiled-in vendors.
#[derive(Debug, Default)]
pub struct RegistryBuilder {
    catalogue: Catalogue,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Randomness>>,
    secrets: Option<Arc<dyn SecretResolver>>,
    unclaimed: Unclaimed,
}

impl RegistryBuilder {
    /// Adds a kind of provider.
    #[must_use]
    pub fn factory(mut self, factory: impl ProviderFactory) -> Self {
        self.catalogue.add(factory);
        self
    }

    /// Takes the kinds of a catalogue, in place of all that were known so far. Without it, those of the compiled-in
    /// vendors are known.
    #[must_use]
    pub fn catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// Takes the time from elsewhere than the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Takes random bits from elsewhere than the operating system.
    #[must_use]
    pub fn randomness(mut self, random: Arc<dyn Randomness>) -> Self {
        self.random = Some(random);
        self
    }

    /// Takes secrets from elsewhere than environment and files.
    #[must_use]
    pub fn secrets(mut self, secrets: Arc<dyn SecretResolver>) -> Self {
        self.secrets = Some(secrets);
        self
    }

    /// Says who gets the outcome of a call whose caller went away; without it, a warning is logged and the outcome is
    /// found again by `check` or `find`.
    #[must_use]
    pub fn on_unclaimed(mut self, unclaimed: Unclaimed) -> Self {
        self.unclaimed = unclaimed;
        self
    }

    /// Builds all providers of a configuration. Every configured secret is resolved.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong.
    pub fn build(self, document: &ConfigDocument) -> Result<Registry> {
        let outline = document.outline();
        let mut built = Built { problems: outline.problems.clone(), ..Built::default() };
        for entry in &outline.providers {
            self.build_one(document, entry, &mut built);
        }
        built.check_successors(&outline);
        match outline.active {
            Some(active) if built.problems.is_empty() => {
                let Built { providers, warnings, .. } = built;
                Ok(Registry::new(Inner { active, providers, warnings }))
            }
            _ => {
                built.problems.sort_by_key(|problem| (problem.line, problem.column));
                Err(Error::config(built.problems))
            }
        }
    }

    fn build_one(&self, document: &ConfigDocument, entry: &ProviderEntry, built: &mut Built) {
        let secrets = self.secrets.clone().unwrap_or_else(|| Arc::new(ProcessSecrets::new(document.base())));
        let http = HttpConfig::resolve(&entry.http, document, &*secrets);
        let Some(factory) = self.catalogue.get(&entry.kind) else {
            built.problems.push(self.unknown_kind(entry));
            built.problems.extend(http.err().into_iter().flatten());
            return;
        };
        let watched = Arc::new(WatchedSecrets { inner: secrets, literal: AtomicBool::new(false) });
        let context = self.context(Arc::clone(&watched));
        let (options, policy) = http.clone().unwrap_or_default();
        let random = Arc::clone(&context.random);
        match factory.build(&entry.id, &entry.options, &context.with_http(options)) {
            Ok(provider) => {
                let retrying = Retrying::new(provider, policy, random);
                let shielded = Shield::new(retrying, self.unclaimed.clone());
                built.providers.insert(entry.id.clone(), Arc::new(shielded));
            }
            Err(problems) => built.problems.extend(problems),
        }
        built.problems.extend(http.err().into_iter().flatten());
        if watched.literal.load(Ordering::Relaxed) {
            let message =
                "a secret stands in the configuration itself: use { env = \"…\" } or { file = \"…\" }";
            built.warnings.push(entry.options.problem("", message));
        }
    }

    fn context(&self, secrets: Arc<WatchedSecrets>) -> BuildContext {
        let clock = self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock));
        let random = self.random.clone().unwrap_or_else(|| Arc::new(OsRandomness));
        BuildContext::new(clock, random, secrets)
    }

    fn unknown_kind(&self, entry: &ProviderEntry) -> ConfigProblem {
        let mut problem = entry.kind_problem.clone();
        problem.message =
            format!("unknown kind{}", crate::config::near(&entry.kind, &self.catalogue.kinds()));
        problem
    }
}

#[derive(Default)]
struct Built {
    providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    problems: Vec<ConfigProblem>,
    warnings: Vec<ConfigProblem>,
}

impl Built {
    /// A provider that hands over to another one needs that other one to be there, and of the right kind.
    fn check_successors(&mut self, outline: &Outline) {
        for entry in &outline.providers {
            let Some(provider) = self.providers.get(&entry.id) else { continue };
            let AfterRejection::Retry { via: Some(successor), .. } = &provider.profile().actions.rejected
            else {
                continue;
            };
            let found = outline.providers.iter().find(|other| other.id == successor.provider);
            let message = match found {
                Some(other) if other.kind == successor.kind.as_str() => continue,
                Some(_) => format!("must name a provider of kind `{}`", successor.kind),
                None if outline.is_broken(&successor.provider) => continue,
                None => {
                    let ids: Vec<&str> = outline.providers.iter().map(|other| other.id.as_str()).collect();
                    let known = crate::config::near(successor.provider.as_str(), &ids);
                    format!("no provider of this name is configured{known}")
                }
            };
            self.problems.push(entry.options.problem("successor", message));
        }
    }
}

/// Notices when a secret is written into the configuration itself.
#[derive(Debug)]
struct WatchedSecrets {
    inner: Arc<dyn SecretResolver>,
    literal: AtomicBool,
}

impl SecretResolver for WatchedSecrets {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        if matches!(source, SecretSource::Literal(_)) {
            self.literal.store(true, Ordering::Relaxed);
        }
        self.inner.resolve(source)
    }
}
