//! The profile of a provider: facts that need no I/O, for people, for documentation and for programs that choose.

mod capability;
mod input;
mod limits;
mod mapping;

use std::borrow::Cow;

use crate::{ActionPolicy, IdentityField, NextAction, Operation, ProviderKind, VerificationStatus};

pub use capability::{Capabilities, Capability, CapabilityError};
pub use input::{Input, InputNeed, InputTable};
pub use limits::{Certainty, Lifetime, Limit, LimitScope};
pub use mapping::{MappingRow, Surface};

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
    /// The beginning of the key of each reference, such as `id:`; empty where the adapter has none.
    pub key_prefix: &'static str,
    /// The workflow of a start that names none, where one is configured.
    pub default_workflow: Option<String>,
    /// The capabilities of the provider.
    pub capabilities: Capabilities,
    /// The facts that a check can give of the verified identity, in the order of [`IdentityField::ALL`]; none without
    /// [`Capabilities::identity`]. Which of them are there depends on the workflow and the documents of the applicant.
    pub identity_fields: Vec<IdentityField>,
    /// The inputs that each operation needs.
    pub inputs: InputTable,
    /// How long links, tokens and sessions live.
    pub lifetimes: Vec<Lifetime>,
    /// How the next action follows from a status, and how often to poll.
    pub actions: ActionPolicy,
    /// The vendor's limits on use.
    pub limits: Vec<Limit>,
    /// The most calls that one start makes; the rate limiter counts a start as so many.
    pub start_calls: u32,
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
            key_prefix: "",
            default_workflow: None,
            capabilities,
            identity_fields: Vec::new(),
            inputs,
            lifetimes: Vec::new(),
            actions,
            limits: Vec::new(),
            start_calls: 1,
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

/// A fact for people to know, with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Note {
    /// The statement.
    pub text: Cow<'static, str>,
    /// Which page of the vendor says so.
    pub source: Cow<'static, str>,
}

impl Note {
    /// States a fact.
    #[must_use]
    pub fn new(text: impl Into<Cow<'static, str>>, source: impl Into<Cow<'static, str>>) -> Self {
        Self { text: text.into(), source: source.into() }
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
        profile.actions.cadence = Cadence::every(std::time::Duration::ZERO);
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
