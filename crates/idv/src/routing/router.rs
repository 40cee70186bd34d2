//! The router: decides where new sessions go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use idv_core::{
    Capability, Clock, CountryCode, Error, ErrorKind, Input, InputProblem, Operation, Problem, ProviderId,
    ProviderProfile, SubjectKind, VerificationProvider,
};

use super::caps::StartedHere;
use super::condition::Condition;
use super::failover::Failover;
use super::split::RendezvousHash;
use super::{DecidedBy, Decision, PassedOver, RouteRequest, SessionCounts, SkipReason};

/// Decides where new sessions go. It is made from `[routing]` of the configuration; without that table everything goes to
/// `active`.
///
/// The first rule that applies decides. Its providers are passed over where they are retired, excluded, switched off, at
/// their cap or unable; a split then goes on among those that are left. Only if none of them is left, and `[routing.failover]`
/// is there, one of its providers is taken.
#[derive(Debug)]
pub struct Router {
    pub(super) active: ProviderId,
    pub(super) providers: BTreeMap<ProviderId, Arc<dyn VerificationProvider>>,
    pub(super) retired: BTreeSet<ProviderId>,
    pub(super) rules: Vec<Rule>,
    pub(super) outage: BTreeSet<ProviderId>,
    pub(super) caps: BTreeMap<ProviderId, u64>,
    pub(super) failover: Option<Failover>,
    pub(super) shares: RendezvousHash,
    pub(super) counts: Option<Arc<dyn SessionCounts>>,
    pub(super) started: StartedHere,
    pub(super) clock: Arc<dyn Clock>,
}

/// One rule.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) when: Condition,
    pub(super) needs: BTreeSet<Capability>,
    pub(super) to: Target,
    pub(super) failover: bool,
}

/// Where the sessions of a rule go.
#[derive(Debug)]
pub(super) enum Target {
    One(ProviderId),
    Split(BTreeMap<ProviderId, u32>),
}

/// A provider for a session, with those that were asked before it: less than a [`Decision`], for a start whose caller wants
/// its session only.
#[derive(Debug)]
pub(crate) struct Choice<'a> {
    rule: Option<usize>,
    decided_by: DecidedBy,
    /// The providers to try, best first.
    pub(crate) order: Vec<&'a ProviderId>,
    /// The reasons of the providers that were asked before.
    skipped: Vec<(&'a ProviderId, SkipReason)>,
}

impl Choice<'_> {
    fn skip_reason(&self, id: &ProviderId) -> Option<SkipReason> {
        self.skipped.iter().find(|(known, _)| *known == id).map(|(_, skip_reason)| skip_reason.clone())
    }
}

impl Target {
    pub(super) fn providers(&self) -> Vec<&ProviderId> {
        match self {
            Self::One(id) => vec![id],
            Self::Split(weights) => weights.keys().collect(),
        }
    }
}

/// The reason why a provider cannot serve such sessions at all.
pub(super) fn inability(
    profile: &ProviderProfile,
    subject: Option<SubjectKind>,
    mut needs: impl Iterator<Item = Capability>,
) -> Option<SkipReason> {
    /// Inputs that only a natural person has.
    const OF_A_PERSON: [Input; 4] =
        [Input::FIRST_NAME, Input::LAST_NAME, Input::USER_TOKEN, Input::ONBOARDING_ID];
    if let Some(lacking) = needs.find(|need| !profile.capabilities.has(*need)) {
        return Some(SkipReason::Lacks(lacking));
    }
    if subject != Some(SubjectKind::Business) {
        return None;
    }
    let personal = profile.inputs.required(Operation::Start).find(|input| OF_A_PERSON.contains(input));
    personal.map(|input| SkipReason::RequiresPersonInput(input.clone()))
}

impl Router {
    /// Whether references are dealt into shares as an earlier router did.
    pub(crate) fn deals_like(&self, earlier: &Self) -> bool {
        self.shares.deal_like(&earlier.shares)
    }

    /// Decides where a session goes. Nothing is sent and nothing is counted.
    #[must_use]
    pub fn decide(&self, route: &RouteRequest) -> Decision {
        self.explain(route, &self.choose(route))
    }

    /// Looks for a provider, and asks only those that come before it.
    fn choose(&self, route: &RouteRequest) -> Choice<'_> {
        let rule = self.rules.iter().position(|rule| rule.when.holds(route));
        let applied = rule.and_then(|index| self.rules.get(index));
        let mut skipped: Vec<(&ProviderId, SkipReason)> = Vec::new();
        let mut is_free = |id| {
            if skipped.iter().any(|(known, _)| *known == id) {
                return false;
            }
            let skip_reason = self.skip_reason(id, route, applied);
            let is_free = skip_reason.is_none();
            skipped.extend(skip_reason.map(|skip_reason| (id, skip_reason)));
            is_free
        };
        let (target, by) = self.target(route, applied, &mut is_free);
        let mut order: Vec<&ProviderId> = target.into_iter().collect();
        for id in self.failover_order(applied) {
            if !order.contains(&id) && is_free(id) {
                order.push(id);
            }
        }
        let decided_by = match (target, order.is_empty()) {
            (Some(_), _) => by,
            (None, false) => DecidedBy::Failover,
            (None, true) => DecidedBy::NoProvider,
        };
        Choice { rule, decided_by, order, skipped }
    }

    /// Explains a choice: why no other provider was taken.
    pub(crate) fn explain(&self, route: &RouteRequest, choice: &Choice<'_>) -> Decision {
        let provider = choice.order.first().copied();
        Decision {
            rule: choice.rule,
            decided_by: choice.decided_by,
            failover: choice.order.iter().skip(1).copied().cloned().collect(),
            passed_over: self.passed_over(route, choice),
            earlier_approval: self.portability(route, provider),
            provider: provider.cloned(),
        }
    }

    /// The reason why a provider does not take this session.
    fn skip_reason(&self, id: &ProviderId, route: &RouteRequest, rule: Option<&Rule>) -> Option<SkipReason> {
        if route.country.as_deref().is_some_and(|country| country.parse::<CountryCode>().is_err()) {
            return Some(SkipReason::UnknownCountry);
        }
        if self.retired.contains(id) {
            return Some(SkipReason::Retired);
        }
        if route.exclude.contains(id) {
            return Some(SkipReason::Excluded);
        }
        if self.outage.contains(id) {
            return Some(SkipReason::Outage);
        }
        if self.caps.get(id).is_some_and(|cap| self.sessions(id) >= *cap) {
            return Some(SkipReason::AtCap);
        }
        let of_rule = rule.into_iter().flat_map(|rule| rule.needs.iter());
        let needs = of_rule.chain(&route.needs).copied();
        self.providers.get(id).and_then(|provider| inability(provider.profile(), route.subject, needs))
    }

    /// The provider that is target for the session, if it can take it.
    fn target<'a>(
        &'a self,
        route: &RouteRequest,
        rule: Option<&'a Rule>,
        mut is_free: impl FnMut(&'a ProviderId) -> bool,
    ) -> (Option<&'a ProviderId>, DecidedBy) {
        match rule.map(|rule| &rule.to) {
            None => (Some(&self.active).filter(|id| is_free(id)), DecidedBy::Active),
            Some(Target::One(id)) => (Some(id).filter(|id| is_free(id)), DecidedBy::Rule),
            Some(Target::Split(weights)) => {
                let left = weights.iter().filter(|(id, _)| is_free(id)).map(|(id, weight)| (id, *weight));
                let picked = self.shares.pick(&route.reference, left);
                (picked, DecidedBy::Split)
            }
        }
    }

    fn failover_order(&self, rule: Option<&Rule>) -> &[ProviderId] {
        match &self.failover {
            Some(failover) if rule.is_none_or(|rule| rule.failover) => failover.order(),
            _ => &[],
        }
    }

    fn passed_over(&self, route: &RouteRequest, choice: &Choice<'_>) -> Vec<PassedOver> {
        let rule = choice.rule.and_then(|index| self.rules.get(index));
        let taken = choice.order.first().copied();
        let others = self.providers.keys().filter(|id| Some(*id) != taken);
        let of_split = |id: &ProviderId| match rule.map(|rule| &rule.to) {
            Some(Target::Split(weights)) => weights.get(id).copied(),
            _ => None,
        };
        let passed = others.map(|id| {
            let why = choice.skip_reason(id).or_else(|| self.skip_reason(id, route, rule));
            let why = why.unwrap_or_else(|| match of_split(id) {
                Some(0) => SkipReason::NoWeight,
                Some(_) => SkipReason::OtherShare,
                None => SkipReason::NotTargeted,
            });
            PassedOver { provider: id.clone(), why }
        });
        passed.collect()
    }

    fn portability(&self, route: &RouteRequest, to: Option<&ProviderId>) -> Option<super::Portability> {
        let profile = |id: &ProviderId| self.providers.get(id).map(|provider| provider.profile());
        route.earlier.as_ref().map(|approval| {
            let (made_by, goes_to) = (profile(&approval.provider), to.and_then(profile));
            approval.at(made_by, goes_to, route.workflow.as_deref(), self.clock.now())
        })
    }

    /// How many sessions count against the cap of a provider now.
    #[must_use]
    pub fn sessions(&self, provider: &ProviderId) -> u64 {
        match &self.counts {
            Some(counts) => counts.sessions(provider),
            None => self.started.sessions(provider),
        }
    }

    /// Chooses, and counts the start that follows. Others may take the last place at the same moment: then it is chosen anew.
    pub(crate) fn claim(&self, route: &RouteRequest) -> Choice<'_> {
        loop {
            let choice = self.choose(route);
            match choice.order.first() {
                Some(provider) if !self.begin(provider) => {}
                _ => return choice,
            }
        }
    }

    /// Counts a start; `false` when the registry's own count says that the cap is reached.
    pub(crate) fn begin(&self, provider: &ProviderId) -> bool {
        let cap = self.caps.get(provider).filter(|_| self.counts.is_none());
        self.started.begin(provider, cap.copied().unwrap_or(u64::MAX))
    }

    /// Counts a start at a provider of choice, to which no cap applies.
    pub(crate) fn begin_uncapped(&self, provider: &ProviderId) {
        let _ = self.started.begin(provider, u64::MAX);
    }

    /// Takes back a start that made no session.
    pub(crate) fn undo(&self, provider: &ProviderId) {
        self.started.undo(provider);
    }

    /// Whether a start that failed may go to the next provider.
    pub(crate) fn should_fail_over(&self, error: &Error) -> bool {
        self.failover.as_ref().is_some_and(|failover| failover.should_fail_over(error))
    }

    /// The error for a session that no provider can take.
    pub(crate) fn nobody(route: &RouteRequest, decision: &Decision) -> Error {
        let country = route.country.as_deref().map(str::parse::<CountryCode>);
        if let Some(Err(error)) = country {
            let problem = InputProblem::new(Input::new("country"), Problem::Invalid, error.to_string());
            return Error::inputs(Operation::Start, vec![problem]);
        }
        let passes = decision.passed_over.iter();
        let listed: Vec<String> =
            passes.clone().map(|passed| format!("{} ({})", passed.provider, passed.why)).collect();
        let temporary = passes.clone().any(|passed| passed.why.is_temporary());
        let kind = if temporary { ErrorKind::Unavailable } else { ErrorKind::Unsupported };
        Error::new(kind, format!("no provider can take this session: {}", listed.join(", ")))
            .with_operation(Operation::Start)
    }
}
