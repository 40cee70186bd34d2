//! The `routing` table of a configuration.

use std::collections::BTreeMap;

use idv_core::{Capability, SecretSource, SubjectKind};
use serde::Deserialize;

use super::failover::FailoverConfig;

/// The `routing` table. Without it every new session goes to `active`.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RoutingConfig {
    /// The key under which references are hashed into shares; default: one that is the same everywhere. With a secret key, a
    /// party that chooses references cannot choose the share. A new key deals all references anew.
    pub key: Option<SecretSource>,
    /// The rules, in order: the first one that applies decides. Where none applies, `active` gets the session.
    #[serde(default)]
    pub rules: Vec<RuleConfig>,
    /// The outage switch.
    #[serde(default)]
    pub outage: OutageConfig,
    /// Caps: how many sessions a provider gets at most, by its id. The count never starts anew. The
    /// application can supply it (`SessionCounts`); default: the sessions that this process has started with this registry, over
    /// all its reloads.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<idv_core::ProviderId, u64>"))]
    pub caps: BTreeMap<String, u64>,
    /// Where a start goes when it fails; default: nowhere else.
    pub failover: Option<FailoverConfig>,
}

/// One rule: its condition, and the providers of its sessions.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", schemars(extend("oneOf" = [{"required": ["use"]}, {"required": ["split"]}])))]
#[non_exhaustive]
#[doc(alias = "weighted routing")]
pub struct RuleConfig {
    /// The condition of the rule; default: it holds for every session.
    #[serde(default)]
    pub when: ConditionConfig,
    /// The id of the provider that gets all of these sessions.
    #[serde(rename = "use")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<idv_core::ProviderId>"))]
    pub provider: Option<String>,
    /// The providers that share these sessions, each with its weight. A reference stays with its provider as long as the weights
    /// stay; a weight of 0 takes no new reference.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<BTreeMap<idv_core::ProviderId, u32>>", extend("minProperties" = 1))
    )]
    pub split: Option<BTreeMap<String, u32>>,
    /// Whether a start under this rule may go to the providers of `[routing.failover]`; default: true. With `false` the
    /// sessions stay with the providers that the rule names.
    #[serde(default = "yes")]
    pub failover: bool,
}

fn yes() -> bool {
    true
}

/// The condition of a rule. Everything that is given has to hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConditionConfig {
    /// The countries, as ISO 3166-1 alpha-2 codes in either case: `GB` and not `UK`. `XK` is taken for Kosovo.
    #[cfg_attr(feature = "schema", schemars(length(min = 1), inner(regex(pattern = "^[A-Za-z]{2}$"))))]
    pub country: Option<Vec<String>>,
    /// Whom the verification is about.
    pub subject: Option<SubjectKind>,
    /// The workflow that is asked for.
    pub workflow: Option<String>,
    /// Attributes that the application passes, each with the value that it must have.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Capabilities that these sessions need of their provider. They do not narrow down the condition: a provider of the rule
    /// that lacks one of these is refused when the configuration is read, and one of `[routing.failover]` is passed over.
    #[serde(default)]
    pub needs: Vec<Capability>,
}

/// The outage switch: providers that get no new sessions for now. Sessions that they have go on.
#[derive(Debug, Clone, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OutageConfig {
    /// The ids of the providers.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "std::collections::BTreeSet<idv_core::ProviderId>"))]
    pub providers: Vec<String>,
}
