//! The assembly of a registry: from a configuration to providers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv_core::{
    AfterRejection, BuildContext, BuiltProvider, Clock, ConfigProblem, Error, OsRandomness, ProviderId,
    Randomness, Result, SecretResolver, VendorWord, VerificationProvider,
};

use super::instance::Instance;
use super::recording_resolver::RecordingResolver;
use super::snapshot::Snapshot;
use crate::adapter::{ProcessSecrets, SystemClock};
use crate::catalogue::Catalogue;
use crate::config::{ConfigDocument, HttpConfig, LimitsConfig, ParsedConfig, ProviderEntry, TrackerTable};
use crate::layers::UnclaimedHandler;
use crate::layers::{Drain, Layered, OwnLayers, Parts, assemble};
use crate::observe::Observation;
use crate::routing::SessionCounts;
use crate::routing::{self, Router};

const LITERAL: &str = "a secret stands in the configuration itself: use { env = \"…\" } or { file = \"…\" }";

/// The dependencies of a registry. Those that are not set are the clock, randomness and secrets of the system and the
/// compiled-in vendors.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    pub(super) catalogue: Catalogue,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) random: Option<Arc<dyn Randomness>>,
    pub(super) secrets: Option<Arc<dyn SecretResolver>>,
    pub(super) unclaimed: UnclaimedHandler,
    pub(super) counts: Option<Arc<dyn SessionCounts>>,
    pub(super) observation: Observation,
    pub(super) layers: OwnLayers,
    pub(super) attempt_layers: OwnLayers,
}

impl Assembly {
    /// Builds all providers of a configuration. Those of an earlier one that would be built from the same are carried over.
    pub(super) fn build(&self, document: &ConfigDocument, earlier: Option<&Snapshot>) -> Result<Snapshot> {
        let parsed = document.parsed();
        let mut built = Built { problems: parsed.problems.clone(), ..Built::default() };
        for entry in &parsed.providers {
            self.build_one(document, entry, earlier, &mut built);
        }
        built.check_successors(&parsed);
        built.check_tracker(&parsed);
        let router = self.build_router(document, &parsed, earlier, &mut built);
        match (parsed.active, router) {
            (Some(active), Some(router)) if built.problems.is_empty() => {
                let routing = parsed.routing_table;
                let Built { providers, retired, instances, warnings, .. } = built;
                let unclaimed = self.unclaimed.clone();
                let observation = self.observation.clone();
                let clock = self.clock_in_use();
                let router = Arc::new(router);
                Ok(Snapshot {
                    active,
                    providers,
                    retired,
                    instances,
                    router,
                    routing,
                    warnings,
                    unclaimed,
                    observation,
                    clock,
                })
            }
            _ => {
                built.problems.sort_by_key(|problem| (problem.line, problem.column));
                Err(Error::config(built.problems))
            }
        }
    }

    /// Without an active provider the rules are checked all the same.
    fn build_router(
        &self,
        document: &ConfigDocument,
        parsed: &ParsedConfig,
        earlier: Option<&Snapshot>,
        built: &mut Built,
    ) -> Option<Router> {
        let active = parsed.active.clone().or_else(|| built.providers.keys().next().cloned())?;
        let inner = self.secrets.clone().unwrap_or_else(|| Arc::new(ProcessSecrets::new(document.base())));
        let secrets = RecordingResolver::new(inner);
        let known = routing::Known {
            active,
            ids: document.provider_ids(),
            providers: &built.providers,
            retired: &built.retired,
            secrets: &secrets,
            clock: self.clock_in_use(),
            counts: self.counts.clone(),
            earlier: earlier.map(|earlier| &*earlier.router),
        };
        let router = routing::router(parsed.routing.as_ref(), &known);
        if let (true, Some(table)) = (!secrets.seen().literal.is_empty(), &parsed.routing) {
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
        earlier: Option<&Snapshot>,
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
        let watched = Arc::new(RecordingResolver::new(secrets));
        let (options, policy) = http.clone().unwrap_or_default();
        let context = self.context(Arc::clone(&watched)).with_http(options);
        let made = factory.build(&entry.id, &entry.options, &context);
        let seen = watched.seen();
        let written_at = seen.written_at(&entry.table);
        match made {
            Ok(BuiltProvider { provider: bare, warnings, .. }) => {
                let limits = limits.clone().unwrap_or_default();
                built.problems.extend(limits.unfit(&entry.limits, bare.profile()));
                let parts = Parts {
                    rate_limit: limits.limit_policy(bare.profile()),
                    concurrency: limits.concurrency_policy(),
                    breaker: limits.has_breaker().then(|| limits.breaker_policy()),
                    retry: policy,
                    random: &context.random,
                    clock: &context.clock,
                    observation: &self.observation,
                    unclaimed: &self.unclaimed,
                };
                let attempts = self.attempt_layers.around(Arc::clone(&bare));
                let (provider, gauges, observer) = assemble(attempts, &parts);
                let provider = Arc::new(provider);
                let table = entry.table.clone();
                let secrets = seen.taken;
                let instance =
                    Instance { table, context, secrets, warnings, bare, gauges, observer, provider };
                built.insert(
                    entry,
                    instance.reuse_if_unchanged(earlier.map(|earlier| &earlier.instances)),
                    &self.layers,
                );
            }
            Err(problems) => {
                built.problems.extend(problems.into_iter().map(|problem| entry.placed(problem)));
            }
        }
        built.problems.extend(http.err().into_iter().chain(limits.err()).flatten());
        let written = written_at.iter().map(|key| entry.options.problem(key, LITERAL));
        built.warnings.extend(written);
    }

    fn context(&self, secrets: Arc<RecordingResolver>) -> BuildContext {
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
        let mut problem = entry.kind_location.clone();
        let known = crate::config::suggestion(&entry.kind, &self.catalogue.kinds());
        problem.message = format!("unknown kind `{}`{known}", VendorWord::new(&entry.kind));
        problem
    }
}

#[derive(Default)]
struct Built {
    providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    retired: BTreeSet<ProviderId>,
    instances: BTreeMap<ProviderId, Arc<Instance>>,
    problems: Vec<ConfigProblem>,
    warnings: Vec<ConfigProblem>,
}

impl Built {
    fn insert(&mut self, entry: &ProviderEntry, instance: Arc<Instance>, layers: &OwnLayers) {
        let live = Arc::clone(&instance.provider);
        let provider: Arc<dyn VerificationProvider> = if entry.retired {
            Arc::new(Layered::around(Drain::observed(Arc::clone(&instance.observer)), live))
        } else {
            live
        };
        self.providers.insert(entry.id.clone(), layers.around(provider));
        self.instances.insert(entry.id.clone(), instance);
        if entry.retired {
            self.retired.insert(entry.id.clone());
        }
    }

    /// The table of a tracker has to be right even where no tracker reads it.
    fn check_tracker(&mut self, parsed: &ParsedConfig) {
        let Some(table) = &parsed.tracker else { return };
        match TrackerTable::read(table) {
            Ok(config) => {
                let keys = config.literal_secrets();
                self.warnings.extend(keys.iter().map(|key| table.problem(key, LITERAL)));
            }
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// A provider that hands over to another one needs that other one to be there, and of the right kind.
    fn check_successors(&mut self, parsed: &ParsedConfig) {
        for entry in &parsed.providers {
            let Some(provider) = self.providers.get(&entry.id) else { continue };
            let AfterRejection::Retry { via: Some(successor), .. } = &provider.profile().actions.rejected
            else {
                continue;
            };
            let found = parsed.providers.iter().find(|other| other.id == successor.provider);
            let message = match found {
                Some(other) if other.kind == successor.kind.as_str() => {
                    if other.retired && !entry.retired {
                        let message = "is retired: applicants who are rejected can be checked there, but not tried again";
                        self.warnings.push(entry.options.problem("successor", message));
                    }
                    continue;
                }
                Some(_) => format!("must name a provider of kind `{}`", successor.kind),
                None if parsed.is_broken(&successor.provider) => continue,
                None => {
                    let ids: Vec<&str> = parsed.providers.iter().map(|other| other.id.as_str()).collect();
                    crate::config::unknown_provider(successor.provider.as_str(), &ids)
                }
            };
            self.problems.push(entry.options.problem("successor", message));
        }
    }
}
