//! The routing decision, with its reasons.

use std::fmt;

use idv_core::{Capability, Input, ProviderId};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::Portability;

/// A routing decision: where a session goes, and why it goes nowhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The provider that gets the session; `None` when no provider can take it now.
    pub provider: Option<ProviderId>,
    /// The rule that applies, counted from 0 as in `routing.rules.0`; `None` when `active` is meant.
    pub rule: Option<usize>,
    /// The part of the routing that decided.
    pub decided_by: DecidedBy,
    /// Where the start goes next, in this order, if it fails in a way that certainly leaves no session.
    pub failover: Vec<ProviderId>,
    /// Every other provider, and why it does not get the session.
    pub passed_over: Vec<PassedOver>,
    /// Whether the earlier approval still counts, where one was named.
    pub earlier_approval: Option<Portability>,
}

impl Decision {
    /// Why a provider does not get the session.
    #[must_use]
    pub fn why_not(&self, provider: &ProviderId) -> Option<&SkipReason> {
        self.passed_over.iter().find(|passed| passed.provider == *provider).map(|passed| &passed.why)
    }

    /// Reports providers whose cap was reached after the decision.
    pub(crate) fn add_capped(&mut self, full: Vec<ProviderId>) {
        self.passed_over.retain(|passed| !full.contains(&passed.provider));
        self.passed_over
            .extend(full.into_iter().map(|provider| PassedOver { provider, why: SkipReason::AtCap }));
    }
}

/// The part of the routing that decided about a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DecidedBy {
    /// No rule applies: `active` is meant.
    Active,
    /// The rule names one provider.
    Rule,
    /// The rule splits, and the reference belongs to this share.
    Split,
    /// The intended provider cannot take it; this is the first of `[routing.failover]` that can.
    Failover,
    /// The intended provider cannot take it, and no other may.
    #[serde(rename = "nobody")]
    NoProvider,
}

impl DecidedBy {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Rule => "rule",
            Self::Split => "split",
            Self::Failover => "failover",
            Self::NoProvider => "nobody",
        }
    }
}

/// A provider that does not get the session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PassedOver {
    /// The provider.
    pub provider: ProviderId,
    /// Why not.
    pub why: SkipReason,
}

impl Serialize for PassedOver {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut row = serializer.serialize_struct("PassedOver", 3)?;
        row.serialize_field("provider", &self.provider)?;
        row.serialize_field("reason", self.why.as_str())?;
        let detail = match &self.why {
            SkipReason::Lacks(capability) => Some(capability.as_str()),
            SkipReason::RequiresPersonInput(input) => Some(input.as_str()),
            _ => None,
        };
        row.serialize_field("detail", &detail)?;
        row.end()
    }
}

/// Why a provider does not get a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// It is retired: it serves its existing sessions only.
    Retired,
    /// The request excludes it.
    Excluded,
    /// The outage switch is on.
    Outage,
    /// Its cap is reached.
    AtCap,
    /// It cannot do what the session needs.
    Lacks(Capability),
    /// It requires an input that only a natural person has, and the subject is a business.
    RequiresPersonInput(Input),
    /// The country of the request is none of ISO 3166-1, so no rule can be meant.
    UnknownCountry,
    /// Its weight in the split is 0.
    NoWeight,
    /// The reference belongs to another share of the split.
    OtherShare,
    /// Neither the rule nor `active` names it.
    NotTargeted,
}

impl SkipReason {
    /// The word used in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Retired => "retired",
            Self::Excluded => "excluded",
            Self::Outage => "outage",
            Self::AtCap => "at_cap",
            Self::Lacks(_) => "lacks",
            Self::RequiresPersonInput(_) => "needs_of_a_person",
            Self::UnknownCountry => "unknown_country",
            Self::NoWeight => "no_weight",
            Self::OtherShare => "other_share",
            Self::NotTargeted => "not_meant",
        }
    }

    /// Whether it passes without a change of the request.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(self, Self::Outage | Self::AtCap)
    }
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Retired => f.write_str("retired: it takes no new sessions"),
            Self::Excluded => f.write_str("excluded by the request"),
            Self::Outage => f.write_str("switched off by routing.outage"),
            Self::AtCap => f.write_str("its cap is reached"),
            Self::Lacks(capability) => write!(f, "cannot do what is needed: {capability}"),
            Self::RequiresPersonInput(input) => write!(f, "wants what a business does not have: {input}"),
            Self::UnknownCountry => f.write_str("the country of the request is no code of ISO 3166-1"),
            Self::NoWeight => f.write_str("its weight is 0"),
            Self::OtherShare => f.write_str("the reference belongs to another share"),
            Self::NotTargeted => f.write_str("not named for this request"),
        }
    }
}
