//! Conditions of routing rules, and rules that leave no session to later ones.

use std::collections::{BTreeMap, BTreeSet};

use idv_core::{CountryCode, SubjectKind};

use super::RouteRequest;

/// The condition of a rule. Everything that is given has to hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    pub(super) countries: Option<BTreeSet<CountryCode>>,
    pub(super) subject: Option<SubjectKind>,
    pub(super) workflow: Option<String>,
    pub(super) attributes: BTreeMap<String, String>,
}

impl Condition {
    pub(super) fn holds(&self, route: &RouteRequest) -> bool {
        let is_within = |codes: &BTreeSet<CountryCode>| {
            let country = route.country.as_deref().and_then(|country| country.parse().ok());
            country.is_some_and(|country| codes.contains(&country))
        };
        self.rest_holds(route) && self.countries.as_ref().is_none_or(is_within)
    }

    fn rest_holds(&self, route: &RouteRequest) -> bool {
        self.subject.is_none_or(|subject| route.subject == Some(subject))
            && (self.workflow.is_none() || self.workflow == route.workflow)
            && self.attributes.iter().all(|(name, value)| route.attributes.get(name) == Some(value))
    }

    /// Whether rules before this one take every session that it would take.
    pub(super) fn is_taken_by(&self, earlier: &[&Self]) -> bool {
        let rests: Vec<&Self> = earlier.iter().copied().filter(|one| one.rest_takes(self)).collect();
        let taken = |code: &CountryCode| {
            rests.iter().any(|one| one.countries.as_ref().is_none_or(|codes| codes.contains(code)))
        };
        match &self.countries {
            Some(codes) => codes.iter().all(taken),
            None => rests.iter().any(|one| one.countries.is_none()),
        }
    }

    /// Whether this rule, apart from its countries, takes every session that the other one would take.
    fn rest_takes(&self, other: &Self) -> bool {
        (self.subject.is_none() || self.subject == other.subject)
            && (self.workflow.is_none() || self.workflow == other.workflow)
            && self.attributes.iter().all(|(name, value)| other.attributes.get(name) == Some(value))
    }
}
