//! The profile of a provider: facts that need no I/O, for people, for documentation and for programs that choose.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::string_enum::string_enum;
use crate::{
    ActionPolicy, Capabilities, Capability, Input, InputNeed, NextAction, Operation, ProviderKind,
    VerificationReason, VerificationStatus,
};

/// Facts about a configured provider. Reading them does no I/O.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProviderProfile {
    /// The adapter.
    pub kind: ProviderKind,
    /// The vendor's name, for people.
    pub vendor: Cow<'static, str>,
    /// The vendor's system that the instance talks to, such as host and port: an approval of one system is unknown to another
    /// one. `None` where the adapter does not say.
    pub system: Option<String>,
    /// The workflow of a start that names none, where one is configured.
    pub default_workflow: Option<String>,
    /// The capabilities of the provider.
    pub capabilities: Capabilities,
    /// The inputs that each operation needs.
    pub inputs: InputTable,
    /// How long links, tokens and sessions live.
    pub lifetimes: Vec<Lifetime>,
    /// How the next action follows from a status, and how often to poll.
    pub actions: ActionPolicy,
    /// The vendor's limits on use.
    pub limits: Vec<Limit>,
    /// How long decisions take.
    pub decision_times: Vec<Note>,
    /// The documents that applicants have to show.
    pub documents: Vec<Note>,
    /// How the vendor's words are read, surface by surface.
    pub mapping: Vec<MappingRow>,
}

impl ProviderProfile {
    /// A profile without lifetimes, limits and other facts; an adapter fills in what is known.
    #[must_use]
    pub fn new(
        kind: ProviderKind,
        vendor: impl Into<Cow<'static, str>>,
        capabilities: Capabilities,
        inputs: InputTable,
        actions: ActionPolicy,
    ) -> Self {
        Self {
            kind,
            vendor: vendor.into(),
            system: None,
            default_workflow: None,
            capabilities,
            inputs,
            lifetimes: Vec::new(),
            actions,
            limits: Vec::new(),
            decision_times: Vec::new(),
            documents: Vec::new(),
            mapping: Vec::new(),
        }
    }

    /// Whether the provider can do an operation; any other one is `unsupported`.
    #[must_use]
    pub const fn supports(&self, operation: Operation) -> bool {
        match Capability::of(operation) {
            Some(needed) => self.capabilities.has(needed),
            None => true,
        }
    }

    /// The next action of the application after a check that gave a status. Where the vendor has no fresh links, a
    /// resubmission goes on with the link in hand.
    #[must_use]
    pub fn next_action(&self, status: VerificationStatus) -> NextAction {
        match self.actions.next(status) {
            NextAction::ResumeSession if !self.capabilities.refresh => NextAction::ContinueSession,
            action => action,
        }
    }

    /// The next action for a session that the application found by its own reference. Lists hold no links: where the vendor
    /// has no fresh ones either, a session whose link was lost cannot go on.
    #[must_use]
    pub fn next_action_when_found(&self, status: VerificationStatus) -> NextAction {
        match self.next_action(status) {
            NextAction::ContinueSession if !self.capabilities.refresh => NextAction::StartSession,
            action => action,
        }
    }

    /// The next action after a signed webhook: a verdict is acted on, everything else is looked up.
    #[must_use]
    pub fn next_action_after_event(&self, status: Option<VerificationStatus>) -> NextAction {
        match status {
            Some(verdict) if verdict.is_decision() => self.next_action(verdict),
            _ => NextAction::Check,
        }
    }
}

/// The need of each operation for each input. Inputs that are not declared are unused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InputTable(BTreeMap<Operation, BTreeMap<Input, InputNeed>>);

impl InputTable {
    /// A table in which start needs the caller's reference, as it does everywhere.
    #[must_use]
    pub fn new() -> Self {
        let mut table = Self::default();
        table.declare(Operation::Start, InputNeed::Required, [Input::REFERENCE]);
        table
    }

    /// Declares inputs of an operation.
    pub fn declare(
        &mut self,
        operation: Operation,
        need: InputNeed,
        inputs: impl IntoIterator<Item = Input>,
    ) {
        let row = self.0.entry(operation).or_default();
        row.extend(inputs.into_iter().map(|input| (input, need)));
    }

    /// Declares inputs of an operation, as part of a chain.
    #[must_use]
    pub fn with(
        mut self,
        operation: Operation,
        need: InputNeed,
        inputs: impl IntoIterator<Item = Input>,
    ) -> Self {
        self.declare(operation, need, inputs);
        self
    }

    /// The need of an operation for an input.
    #[must_use]
    pub fn need(&self, operation: Operation, input: &Input) -> InputNeed {
        self.0.get(&operation).and_then(|row| row.get(input)).copied().unwrap_or(InputNeed::Unused)
    }

    /// The inputs without which an operation fails.
    pub fn required(&self, operation: Operation) -> impl Iterator<Item = &Input> {
        self.declared(operation).filter(|(_, need)| *need == InputNeed::Required).map(|(input, _)| input)
    }

    /// The inputs that an operation knows.
    pub fn declared(&self, operation: Operation) -> impl Iterator<Item = (&Input, InputNeed)> {
        self.0.get(&operation).into_iter().flatten().map(|(input, need)| (input, *need))
    }
}

impl Serialize for InputTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

string_enum! {
    /// How sure a fact is.
    pub enum Certainty {
        /// The vendor's documentation says so.
        Documented = "documented",
        /// The documentation says "typically" or "about", or it was inferred.
        Estimated = "estimated",
    }
}

/// How long something lives.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lifetime {
    /// Its subject: "access token", "link".
    pub what: &'static str,
    /// For how long.
    pub duration: Duration,
    /// How sure that is.
    pub certainty: Certainty,
    /// Which page of the vendor says so.
    pub source: &'static str,
}

impl Lifetime {
    /// States a lifetime.
    #[must_use]
    pub const fn new(
        what: &'static str,
        duration: Duration,
        certainty: Certainty,
        source: &'static str,
    ) -> Self {
        Self { what, duration, certainty, source }
    }
}

string_enum! {
    /// The unit that a limit counts. Units that layers enforce say so.
    pub enum LimitScope {
        /// Calls in a time, enforced by the rate limiter.
        Calls = "calls",
        /// Calls at once after a rest, enforced together with those of a second.
        Burst = "calls in a burst",
        /// Sessions of one user in a time, enforced by the rate limiter.
        SessionsPerUser = "sessions of one user",
        /// Sessions of one user that are open. Calls do not show how many are.
        OpenSessionsPerUser = "open sessions of one user",
        /// Failed sessions of one user before the next one has to wait. Calls do not show them.
        FailuresPerUser = "failures in a row of one user; the next session",
    }
}

/// A limit on use.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limit {
    /// The unit that is counted.
    pub scope: LimitScope,
    /// How many.
    pub count: u32,
    /// In what time; `None` for a number at any one time.
    pub per: Option<Duration>,
    /// Which page of the vendor says so.
    pub source: Cow<'static, str>,
}

impl Limit {
    /// States a limit.
    #[must_use]
    pub fn new(
        scope: LimitScope,
        count: u32,
        per: Option<Duration>,
        source: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { scope, count, per, source: source.into() }
    }
}

/// A fact for people to know, with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The statement.
    pub text: &'static str,
    /// Which page of the vendor says so.
    pub source: &'static str,
}

impl Note {
    /// States a fact.
    #[must_use]
    pub const fn new(text: &'static str, source: &'static str) -> Self {
        Self { text, source }
    }
}

string_enum! {
    /// Where a vendor's word occurs.
    pub enum Surface {
        /// A status in the answer to a check.
        Rest = "rest",
        /// A status in a webhook.
        Webhook = "webhook",
        /// A reason in the answer to a check.
        Reason = "reason",
        /// A reason in a webhook.
        FailureCode = "failure code",
        /// A status in a return URL.
        Redirect = "redirect",
        /// A reason in a return URL.
        RedirectReason = "redirect reason",
    }
}

/// How one word of a vendor is read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MappingRow {
    /// Where the word occurs.
    pub surface: Surface,
    /// The vendor's word, with a condition where it has one.
    pub word: Cow<'static, str>,
    /// The status that it means, where it means one.
    pub status: Option<VerificationStatus>,
    /// The reason that it means, where it means one.
    pub reason: Option<VerificationReason>,
}

impl MappingRow {
    /// A word that means a status.
    #[must_use]
    pub fn status(surface: Surface, word: impl Into<Cow<'static, str>>, status: VerificationStatus) -> Self {
        Self { surface, word: word.into(), status: Some(status), reason: None }
    }

    /// A word that means a reason.
    #[must_use]
    pub fn reason(surface: Surface, word: impl Into<Cow<'static, str>>, reason: VerificationReason) -> Self {
        Self { surface, word: word.into(), status: None, reason: Some(reason) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Assurance, Cadence, NotStarted, testing};

    fn profile(refresh: bool) -> ProviderProfile {
        let mut profile = testing::profile();
        profile.capabilities.refresh = refresh;
        profile.actions.not_started = NotStarted::ContinueSession;
        profile.actions.cadence = Cadence::every(Duration::ZERO);
        profile
    }

    #[test]
    fn no_action_needs_a_link_that_nobody_can_have() {
        use VerificationStatus::{Approved, NotStarted, ResubmissionRequired};
        let actions = |refresh: bool, status: VerificationStatus| {
            let profile = profile(refresh);
            (profile.next_action(status).as_str(), profile.next_action_when_found(status).as_str())
        };
        assert_eq!(actions(true, ResubmissionRequired), ("resume_session", "resume_session"));
        assert_eq!(actions(false, ResubmissionRequired), ("continue_session", "start_session"));
        assert_eq!(actions(true, NotStarted), ("continue_session", "continue_session"));
        assert_eq!(actions(false, NotStarted), ("continue_session", "start_session"));
        assert_eq!(actions(false, Approved), ("none", "none"));
    }

    #[test]
    fn an_operation_is_supported_where_its_capability_is_there() {
        let supported = |can: Capabilities| {
            let mut profile = testing::profile();
            profile.capabilities = can;
            let of = Operation::ALL.iter().copied().filter(|operation| profile.supports(*operation));
            of.map(Operation::as_str).collect::<Vec<_>>().join(" ")
        };
        let none = Capabilities::new();
        assert_eq!(supported(none), "start check");
        assert_eq!(supported(none.with_refresh().with_find()), "start refresh check find");
        assert_eq!(supported(none.with_import().with_redirect()), "start check import redirect");
        assert_eq!(supported(none.with_webhooks(Assurance::SharedSecret)), "start check webhook");
        assert_eq!(supported(none.with_embed().with_idempotent_start()), "start check");
    }

    #[test]
    fn a_signed_event_without_a_verdict_asks_for_a_check() {
        let profile = profile(true);
        for status in [None, Some(VerificationStatus::InReview), Some(VerificationStatus::Unrecognized)] {
            assert_eq!(profile.next_action_after_event(status), NextAction::Check);
        }
        assert_eq!(profile.next_action_after_event(Some(VerificationStatus::Approved)).as_str(), "none");
    }
}
