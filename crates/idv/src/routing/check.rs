//! Validation of the `routing` table: from the table to a router, with all problems reported at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv_core::{
    Clock, ConfigProblem, CountryCode, ProviderId, ProviderOptions, SecretResolver, SecretSlip,
    VerificationProvider,
};
use secrecy::{ExposeSecret, SecretString};

use super::caps::StartedHere;
use super::condition::Condition;
use super::failover::Failover;
use super::router::{Rule, Target, inability};
use super::split::RendezvousHash;
use super::{ConditionConfig, Router, RoutingConfig, RuleConfig, SessionCounts, SkipReason};
use crate::util::suggestion::unknown_provider;

/// Fewer bytes than this can be guessed.
const SHORTEST_KEY: usize = 16;

/// The facts that a router is made of besides its table.
pub(crate) struct Known<'a> {
    pub(crate) active: ProviderId,
    /// Every provider of the configuration, broken ones included.
    pub(crate) ids: Vec<&'a str>,
    pub(crate) providers: &'a BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    /// Those that take no new sessions.
    pub(crate) retired: &'a BTreeSet<ProviderId>,
    pub(crate) secrets: &'a dyn SecretResolver,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counts: Option<Arc<dyn SessionCounts>>,
    /// The router of the configuration before this one.
    pub(crate) earlier: Option<&'a Router>,
}

/// Makes a router, and warns of unwise settings. Without a table everything goes to the active provider.
pub(crate) fn router(
    table: Option<&ProviderOptions>,
    known: &Known<'_>,
) -> Result<(Router, Vec<ConfigProblem>), Vec<ConfigProblem>> {
    let config: RoutingConfig = table.map(ProviderOptions::parse).transpose()?.unwrap_or_default();
    let empty =
        ProviderOptions::new("routing", None, idv_core::OptionValue::Table(idv_core::OptionTable::new()));
    let mut check =
        Check { table: table.unwrap_or(&empty), known, problems: Vec::new(), warnings: Vec::new() };
    let rules = check.rules(&config.rules);
    let outage = check.ids("outage.providers", &config.outage.providers).into_iter().collect();
    let caps = check.caps(&config.caps);
    let failover = config.failover.map(|failover| {
        let order = check.ids("failover.order", &failover.order);
        if failover.order.is_empty() {
            check.refuse("failover.order", "must name at least one provider");
        }
        check.retired_in_order(&order);
        let on = failover.on.iter().map(|word| (*word).into()).collect();
        Failover::new(order, on)
    });
    let key = config.key.and_then(|source| check.key(known.secrets.resolve(&source)));
    let shares = RendezvousHash::new(key.as_ref().map(|key| key.expose_secret().as_bytes()));
    if !check.problems.is_empty() {
        return Err(check.problems);
    }
    let router = Router {
        active: known.active.clone(),
        providers: known.providers.clone(),
        retired: known.retired.clone(),
        rules,
        outage,
        caps,
        failover,
        shares,
        counts: known.counts.clone(),
        started: StartedHere::new(
            known.providers.keys().cloned(),
            known.earlier.map(|earlier| &earlier.started),
        ),
        clock: Arc::clone(&known.clock),
    };
    Ok((router, check.warnings))
}

struct Check<'a> {
    table: &'a ProviderOptions,
    known: &'a Known<'a>,
    problems: Vec<ConfigProblem>,
    warnings: Vec<ConfigProblem>,
}

impl Check<'_> {
    fn refuse(&mut self, key: &str, message: impl Into<String>) {
        self.problems.push(self.table.problem(key, message));
    }

    /// The id of a configured provider. One that is configured but broken is no problem of this table.
    fn id(&mut self, key: &str, name: &str) -> Option<ProviderId> {
        if self.known.ids.contains(&name) {
            return name.parse().ok();
        }
        self.refuse(key, unknown_provider(name, &self.known.ids));
        None
    }

    fn ids(&mut self, key: &str, names: &[String]) -> Vec<ProviderId> {
        let mut ids = Vec::new();
        for (index, name) in names.iter().enumerate() {
            let key = format!("{key}.{index}");
            match self.id(&key, name) {
                Some(id) if ids.contains(&id) => self.refuse(&key, "is given twice"),
                id => ids.extend(id),
            }
        }
        ids
    }

    fn key(&mut self, secret: Result<SecretString, String>) -> Option<SecretString> {
        let secret = secret.and_then(|key| match SecretSlip::of(key.expose_secret()) {
            Some(slip) => Err(slip.to_string()),
            None => Ok(key),
        });
        match secret {
            Ok(key) if key.expose_secret().len() < SHORTEST_KEY => {
                self.refuse("key", format!("must be at least {SHORTEST_KEY} bytes long"));
                None
            }
            Ok(key) => Some(key),
            Err(message) => {
                self.refuse("key", message);
                None
            }
        }
    }

    fn caps(&mut self, caps: &BTreeMap<String, u64>) -> BTreeMap<ProviderId, u64> {
        let mut known = BTreeMap::new();
        for (name, cap) in caps {
            known.extend(self.id(&in_table("caps", name), name).map(|id| (id, *cap)));
        }
        known
    }

    fn rules(&mut self, rules: &[RuleConfig]) -> Vec<Rule> {
        let conditions: Vec<Condition> =
            rules.iter().enumerate().map(|(index, rule)| self.condition(index, &rule.when)).collect();
        let mut checked = Vec::new();
        for (index, (rule, when)) in rules.iter().zip(&conditions).enumerate() {
            let earlier: Vec<&Condition> = conditions.iter().take(index).collect();
            if when.is_taken_by(&earlier) && !rule.when.names_no_country() {
                let message = "can never apply: the rules before it take everybody for whom it is";
                self.refuse(&format!("rules.{index}"), message);
            }
            let Some(to) = self.target(index, rule) else { continue };
            self.check_ability(index, &rule.when, &to);
            self.check_retired(index, &to);
            let needs: BTreeSet<_> = rule.when.needs.iter().copied().collect();
            checked.push(Rule { when: when.clone(), needs, to, failover: rule.failover });
        }
        checked
    }

    fn condition(&mut self, index: usize, when: &ConditionConfig) -> Condition {
        let key = format!("rules.{index}.when.country");
        if when.names_no_country() {
            self.refuse(&key, "must name at least one country");
        }
        let mut countries = BTreeSet::new();
        for (place, code) in when.country.iter().flatten().enumerate() {
            match code.parse::<CountryCode>() {
                Ok(country) => {
                    countries.insert(country);
                }
                Err(error) => self.refuse(&format!("{key}.{place}"), error.to_string()),
            }
        }
        Condition {
            countries: when.country.as_ref().map(|_| countries),
            subject: when.subject,
            workflow: when.workflow.clone(),
            attributes: when.attributes.clone(),
        }
    }

    fn target(&mut self, index: usize, rule: &RuleConfig) -> Option<Target> {
        let key = format!("rules.{index}");
        match (&rule.provider, &rule.split) {
            (Some(name), None) => self.id(&format!("{key}.use"), name).map(Target::One),
            (None, Some(split)) => self.split(&format!("{key}.split"), split).map(Target::Split),
            _ => {
                self.refuse(&key, "expected exactly one of `use` and `split`");
                None
            }
        }
    }

    fn split(&mut self, key: &str, split: &BTreeMap<String, u32>) -> Option<BTreeMap<ProviderId, u32>> {
        if split.values().all(|weight| *weight == 0) {
            self.refuse(key, "at least one weight must be more than 0");
        }
        let mut weights = BTreeMap::new();
        for (name, weight) in split {
            weights.extend(self.id(&in_table(key, name), name).map(|id| (id, *weight)));
        }
        (!weights.is_empty()).then_some(weights)
    }

    /// A provider of a rule has to be able to serve all of its sessions.
    fn check_ability(&mut self, index: usize, when: &ConditionConfig, to: &Target) {
        for id in to.providers() {
            let Some(provider) = self.known.providers.get(id) else { continue };
            let Some(inability) = inability(provider.profile(), when.subject, when.needs.iter().copied())
            else {
                continue;
            };
            let key = match to {
                Target::One(_) => format!("rules.{index}.use"),
                Target::Split(_) => format!("rules.{index}.split.{id}"),
            };
            self.refuse(&key, cannot_serve(id, &inability));
        }
    }

    /// A rule must not send sessions to a retired provider. With a weight of 0 it may stand there: so it is drained.
    fn check_retired(&mut self, index: usize, to: &Target) {
        let named: Vec<(String, &ProviderId, &str)> = match to {
            Target::One(id) => vec![(format!("rules.{index}.use"), id, "name another one")],
            Target::Split(weights) => {
                let taking = weights.iter().filter(|(_, weight)| **weight > 0);
                let place = |id| format!("rules.{index}.split.{id}");
                taking.map(|(id, _)| (place(id), id, "give it the weight 0, or name another one")).collect()
            }
        };
        for (key, id, advice) in named.into_iter().filter(|(_, id, _)| self.known.retired.contains(*id)) {
            self.refuse(&key, format!("`{id}` is retired and takes no new sessions: {advice}"));
        }
    }

    /// A failover to retired providers only is refused; where others are left, a retired one is passed over.
    fn retired_in_order(&mut self, order: &[ProviderId]) {
        let is_retired = |id: &&ProviderId| self.known.retired.contains(*id);
        if !order.is_empty() && order.iter().all(|id| is_retired(&id)) {
            let message = "every provider here is retired and takes no new sessions: name another one";
            return self.refuse("failover.order", message);
        }
        let passed = order.iter().enumerate().filter(|(_, id)| is_retired(id));
        let warnings = passed.map(|(index, id)| {
            let message = format!("`{id}` is retired: a start that fails passes it over");
            self.table.problem(&format!("failover.order.{index}"), message)
        });
        let warnings: Vec<_> = warnings.collect();
        self.warnings.extend(warnings);
    }
}

fn cannot_serve(id: &ProviderId, inability: &SkipReason) -> String {
    match inability {
        SkipReason::Lacks(capability) => {
            format!("`{id}` cannot serve this rule: it lacks `{capability}`, which the rule needs")
        }
        SkipReason::RequiresPersonInput(input) => {
            format!("`{id}` cannot serve this rule: it requires `{input}`, which a business never has")
        }
        _ => format!("`{id}` cannot serve this rule"),
    }
}

impl ConditionConfig {
    fn names_no_country(&self) -> bool {
        self.country.as_ref().is_some_and(Vec::is_empty)
    }
}

/// The place of a row that is named by a provider. A name that is no id could lead elsewhere, so its table is named instead.
fn in_table(table: &str, name: &str) -> String {
    if name.parse::<ProviderId>().is_ok() { format!("{table}.{name}") } else { table.to_owned() }
}
