//! A snapshot: the providers and the router of one configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv_core::{
    Clock, ConfigProblem, Error, ErrorKind, Operation, OptionValue, ProviderId, Result, Target,
    VerificationProvider,
};

use super::instance::{Instance, same};
use crate::layers::UnclaimedHandler;
use crate::layers::observe::Observer;
use crate::observe::Observation;
use crate::routing::Router;

/// A snapshot: one configuration, built. It never changes: a reload makes another one.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) active: ProviderId,
    pub(crate) providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    pub(crate) retired: BTreeSet<ProviderId>,
    pub(crate) instances: BTreeMap<ProviderId, Arc<Instance>>,
    pub(crate) router: Arc<Router>,
    /// The table from which the router was made.
    pub(crate) routing: Option<OptionValue>,
    pub(crate) warnings: Vec<ConfigProblem>,
    pub(crate) unclaimed: UnclaimedHandler,
    pub(crate) observation: Observation,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Snapshot {
    pub(crate) fn provider(&self, id: &ProviderId) -> Result<&Arc<dyn VerificationProvider>> {
        self.providers.get(id).ok_or_else(|| {
            let configured: Vec<&str> = self.providers.keys().map(ProviderId::as_str).collect();
            let message = format!("no provider `{id}` is configured (configured: {})", configured.join(", "));
            Error::new(ErrorKind::Config, message).with_provider(id.clone())
        })
    }

    /// The provider that is asked for. A missing one is observed like any other outcome.
    pub(crate) fn asked(
        &self,
        id: &ProviderId,
        operation: Operation,
        target: Target<'_>,
    ) -> Result<&Arc<dyn VerificationProvider>> {
        self.provider(id).map_err(|error| self.observer(Some(id)).refused(operation, target, error))
    }

    /// The observer of a call that no provider takes.
    pub(crate) fn observer(&self, asked_for: Option<&ProviderId>) -> Observer {
        Observer::of_nobody(asked_for.cloned(), self.observation.clone(), Arc::clone(&self.clock))
    }

    /// Whether new sessions are routed as by an earlier configuration.
    pub(crate) fn routes_like(&self, earlier: &Self) -> bool {
        let rules = match (&self.routing, &earlier.routing) {
            (Some(now), Some(then)) => same(now, then),
            (now, then) => now.is_none() && then.is_none(),
        };
        rules && self.router.deals_like(&earlier.router)
    }

    /// Whether a provider is the very instance of an earlier configuration.
    pub(crate) fn is_carried_over(&self, earlier: &Self, id: &ProviderId) -> bool {
        match (self.instances.get(id), earlier.instances.get(id)) {
            (Some(now), Some(then)) => Arc::ptr_eq(now, then),
            _ => false,
        }
    }
}
