//! From a configuration to a registry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv_core::{
    AfterRejection, BuildContext, Clock, ConfigProblem, Error, OsRandomness, ProviderFactory, ProviderId,
    Randomness, Result, SecretResolver, VendorWord, VerificationProvider,
};

use crate::config::{ConfigDocument, HttpConfig, LimitsConfig, Outline, ProviderEntry};
use crate::layers::{Drain, Layer, Layered, OwnLayers, Parts, assemble};
use crate::origin::Origin;
use crate::registry::Inner;
use crate::routing::{self, Router};
use crate::watched_secrets::WatchedSecrets;
use crate::{Catalogue, Observation, ProcessSecrets, Registry, SessionCounts, SystemClock, Unclaimed};

const LITERAL: &str = "a secret stands in the configuration itself: use { env = \"…\" } or { file = \"…\" }";

/// Builds a [`Registry`]. What is not set comes from the real world and from the compiled-in vendors.
#[derive(Debug, Default)]
pub struct RegistryBuilder {
    catalogue: Catalogue,
    clock: Option<Arc<dyn Clock>>,
    random: Option<Arc<dyn Randomness>>,
    secrets: Option<Arc<dyn SecretResolver>>,
    unclaimed: Unclaimed,
    counts: Option<Arc<dyn SessionCounts>>,
    observation: Observation,
    layers: OwnLayers,
    attempt_layers: OwnLayers,
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

    /// Says what counts against the caps of `[routing.caps]`; without it, the sessions that the registry has started.
    #[must_use]
    pub fn session_counts(mut self, counts: Arc<dyn SessionCounts>) -> Self {
        self.counts = Some(counts);
        self
    }

    /// Says what the application wants to be told of its calls.
    #[must_use]
    pub fn observation(mut self, observation: Observation) -> Self {
        self.observation = observation;
        self
    }

    /// Puts a layer of the application's own around every provider, outside of the registry's layers: it sees each call once,
    /// with what came of all its attempts. A layer that is added later goes around those before it. Every provider gets a clone,
    /// also after a reload, so state that is shared belongs into an [`Arc`].
    ///
    /// A call whose caller goes away ends here; what was begun further inside is still seen through.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer + Clone) -> Self {
        self.layers.add(layer);
        self
    }

    /// Puts a layer of the application's own around every attempt, inside of the registry's layers: it sees what is sent to the
    /// vendor, and nothing that a limit or the circuit breaker refused. The rest is as for [`layer`](Self::layer).
    #[must_use]
    pub fn attempt_layer(mut self, layer: impl Layer + Clone) -> Self {
        self.attempt_layers.add(layer);
        self
    }

    /// Builds all providers of a configuration. Every configured secret is resolved.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with everything that is wrong.
    pub fn build(self, document: &ConfigDocument) -> Result<Registry> {
        self.build_after(document, None)
    }

    /// Carries over the providers of an earlier registry that would be built from the same.
    pub(crate) fn build_after(
        &self,
        document: &ConfigDocument,
        earlier: Option<&Registry>,
    ) -> Result<Registry> {
        let outline = document.outline();
        let mut built = Built { problems: outline.problems.clone(), ..Built::default() };
        for entry in &outline.providers {
            self.build_one(document, entry, earlier, &mut built);
        }
        built.check_successors(&outline);
        let router = self.build_router(document, &outline, earlier, &mut built);
        match (outline.active, router) {
            (Some(active), Some(router)) if built.problems.is_empty() => {
                let routing = outline.routing_table;
                let Built { providers, retired, origins, warnings, .. } = built;
                let unclaimed = self.unclaimed.clone();
                let observation = self.observation.clone();
                let clock = self.clock_in_use();
                Ok(Registry::new(Inner {
                    active,
                    providers,
                    retired,
                    origins,
                    router,
                    routing,
                    warnings,
                    unclaimed,
                    observation,
                    clock,
                }))
            }
            _ => {
                built.problems.sort_by_key(|problem| (problem.line, problem.column));
                Err(Error::config(built.problems))
            }
        }
    }

    /// Without an active provider the rules are looked at all the same, for what is wrong with them.
    fn build_router(
        &self,
        document: &ConfigDocument,
        outline: &Outline,
        earlier: Option<&Registry>,
        built: &mut Built,
    ) -> Option<Router> {
        let active = outline.active.clone().or_else(|| built.providers.keys().next().cloned())?;
        let inner = self.secrets.clone().unwrap_or_else(|| Arc::new(ProcessSecrets::new(document.base())));
        let secrets = WatchedSecrets::new(inner);
        let known = routing::Known {
            active,
            ids: document.provider_ids(),
            providers: &built.providers,
            retired: &built.retired,
            secrets: &secrets,
            clock: self.clock_in_use(),
            counts: self.counts.clone(),
            earlier: earlier.map(Registry::router),
        };
        let router = routing::router(outline.routing.as_ref(), &known);
        if let (true, Some(table)) = (!secrets.seen().literal.is_empty(), &outline.routing) {
            built.warnings.push(table.problem("key", LITERAL));
        }
        match router {
            Ok((router, unwise)) => {
                built.warnings.extend(unwise);
                Some(router)
            }
            Err(problems) => {
                built.problems.extend(problems);
                None
            }
        }
    }

    fn build_one(
        &self,
        document: &ConfigDocument,
        entry: &ProviderEntry,
        earlier: Option<&Registry>,
        built: &mut Built,
    ) {
        let secrets = self.secrets.clone().unwrap_or_else(|| Arc::new(ProcessSecrets::new(document.base())));
        let http = HttpConfig::resolve(&entry.http, document, &*secrets);
        let limits = LimitsConfig::resolve(&entry.limits);
        let Some(factory) = self.catalogue.get(&entry.kind) else {
            built.problems.push(self.unknown_kind(entry));
            built.problems.extend(http.err().into_iter().chain(limits.err()).flatten());
            return;
        };
        let watched = Arc::new(WatchedSecrets::new(secrets));
        let (options, policy) = http.clone().unwrap_or_default();
        let context = self.context(Arc::clone(&watched)).with_http(options);
        let made = factory.build(&entry.id, &entry.options, &context);
        let seen = watched.seen();
        let written_at = seen.written_at(&entry.table);
        match made {
            Ok(bare) => {
                let limits = limits.clone().unwrap_or_default();
                built.problems.extend(limits.unfit(&entry.limits, bare.profile()));
                let parts = Parts {
                    limits: &limits,
                    retry: policy,
                    random: &context.random,
                    clock: &context.clock,
                    observation: &self.observation,
                    unclaimed: &self.unclaimed,
                };
                let attempts = self.attempt_layers.around(Arc::clone(&bare));
                let (provider, gauges, observer) = assemble(attempts, &parts);
                let provider = Arc::new(provider);
                let doubts = factory.doubts(&entry.options, &context);
                let table = entry.table.clone();
                let secrets = seen.taken;
                let origin = Origin { table, context, secrets, doubts, bare, gauges, observer, provider };
                built.insert(entry, origin.or_the_same_of(earlier), &self.layers);
            }
            Err(problems) => {
                built.problems.extend(problems.into_iter().map(|problem| entry.placed(problem)));
            }
        }
        built.problems.extend(http.err().into_iter().chain(limits.err()).flatten());
        let written = written_at.iter().map(|key| entry.options.problem(key, LITERAL));
        built.warnings.extend(written);
    }

    fn context(&self, secrets: Arc<WatchedSecrets>) -> BuildContext {
        let clock = self.clock_in_use();
        let random = self.random.clone().unwrap_or_else(|| Arc::new(OsRandomness));
        let context = BuildContext::new(clock, random, secrets);
        match self.observation.source() {
            Some(source) => context.with_trace(source),
            None => context,
        }
    }

    fn clock_in_use(&self) -> Arc<dyn Clock> {
        self.clock.clone().unwrap_or_else(|| Arc::new(SystemClock))
    }

    fn unknown_kind(&self, entry: &ProviderEntry) -> ConfigProblem {
        let mut problem = entry.kind_problem.clone();
        let known = crate::config::near(&entry.kind, &self.catalogue.kinds());
        problem.message = format!("unknown kind `{}`{known}", VendorWord::new(&entry.kind));
        problem
    }
}

#[derive(Default)]
struct Built {
    providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    retired: BTreeSet<ProviderId>,
    origins: BTreeMap<ProviderId, Arc<Origin>>,
    problems: Vec<ConfigProblem>,
    warnings: Vec<ConfigProblem>,
}

impl Built {
    fn insert(&mut self, entry: &ProviderEntry, origin: Arc<Origin>, layers: &OwnLayers) {
        let live = Arc::clone(&origin.provider);
        let provider: Arc<dyn VerificationProvider> = if entry.retired {
            Arc::new(Layered::around(Drain::observed(Arc::clone(&origin.observer)), live))
        } else {
            live
        };
        self.providers.insert(entry.id.clone(), layers.around(provider));
        self.origins.insert(entry.id.clone(), origin);
        if entry.retired {
            self.retired.insert(entry.id.clone());
        }
    }

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
                Some(other) if other.kind == successor.kind.as_str() => {
                    if other.retired && !entry.retired {
                        let message =
                            "is retired: whoever is rejected can be checked there, but not tried again";
                        self.warnings.push(entry.options.problem("successor", message));
                    }
                    continue;
                }
                Some(_) => format!("must name a provider of kind `{}`", successor.kind),
                None if outline.is_broken(&successor.provider) => continue,
                None => {
                    let ids: Vec<&str> = outline.providers.iter().map(|other| other.id.as_str()).collect();
                    crate::config::unknown_provider(successor.provider.as_str(), &ids)
                }
            };
            self.problems.push(entry.options.problem("successor", message));
        }
    }
}
