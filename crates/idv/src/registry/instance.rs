//! A built provider, with everything it was built from.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use idv_core::{BuildContext, ConfigProblem, OptionEntry, OptionValue, ProviderId, VerificationProvider};
use secrecy::{ExposeSecret, SecretString};

use crate::layers::observe::Observer;
use crate::layers::{Gauges, Live};

/// A built provider with its sources, to tell whether a later configuration would build the same. It holds secrets, so
/// `Debug` shows nothing of it.
pub(crate) struct Instance {
    /// Its whole table, but for `retired`.
    pub(crate) table: OptionValue,
    /// Its dependencies, with the files and the proxy that its table names, as they were read.
    pub(crate) context: BuildContext,
    /// Its secrets, in the order in which they were read.
    pub(crate) secrets: Vec<SecretString>,
    /// Its factory's warnings.
    pub(crate) warnings: Vec<ConfigProblem>,
    /// The instance as its factory built it, without any layer.
    pub(crate) bare: Arc<dyn VerificationProvider>,
    /// Gauges of its layers.
    pub(crate) gauges: Gauges,
    /// The observer of its calls, for the layer that retires it.
    pub(crate) observer: Arc<Observer>,
    /// The instance with all layers but the one that retires it.
    pub(crate) provider: Arc<Live>,
}

impl Instance {
    /// The instance of an earlier registry, if it was built from the same, and this one otherwise.
    pub(crate) fn reuse_if_unchanged(self, earlier: Option<&BTreeMap<ProviderId, Arc<Self>>>) -> Arc<Self> {
        let before = earlier.and_then(|earlier| earlier.get(self.provider.id()));
        before.filter(|before| before.is_same(&self)).map_or_else(|| Arc::new(self), Arc::clone)
    }

    /// Whether the other instance was built from the same.
    fn is_same(&self, other: &Self) -> bool {
        let exposed = |secret: &SecretString| secret.expose_secret().to_owned();
        let (http, other_http) = (&self.context.http, &other.context.http);
        same(&self.table, &other.table)
            && http.extra_ca == other_http.extra_ca
            && http.proxy.as_ref().map(exposed) == other_http.proxy.as_ref().map(exposed)
            && self.secrets.iter().map(exposed).eq(other.secrets.iter().map(exposed))
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

/// Whether two values say the same, wherever they stand and in whichever order. What cannot be compared differs.
pub(crate) fn same(one: &OptionValue, other: &OptionValue) -> bool {
    match (one, other) {
        (OptionValue::Null, OptionValue::Null) => true,
        (OptionValue::Bool(one), OptionValue::Bool(other)) => one == other,
        (OptionValue::Integer(one), OptionValue::Integer(other)) => one == other,
        (OptionValue::Float(one), OptionValue::Float(other)) => one == other,
        (OptionValue::Text(one), OptionValue::Text(other)) => one == other,
        (OptionValue::List(one), OptionValue::List(other)) => {
            let pair = |(one, other): (&OptionEntry, &OptionEntry)| same(&one.value, &other.value);
            one.len() == other.len() && one.iter().zip(other).all(pair)
        }
        (OptionValue::Table(one), OptionValue::Table(other)) => {
            let is_there = |key: &str, entry: &OptionEntry| {
                other.get(key).is_some_and(|found| same(&entry.value, &found.value))
            };
            one.len() == other.len() && one.iter().all(|(key, _, entry)| is_there(key, entry))
        }
        _ => false,
    }
}
