//! Conditions of checks: what a vendor must have for a check to apply, decided without running the check.

use idv_core::{
    Input, InputNeed, MappingRow, Operation, ProviderProfile, StartRequest, Surface, VerificationStatus,
};

use crate::applicant::applicant;
use crate::subject::Subject;

/// A condition under which a check applies.
#[derive(Clone, Copy)]
pub(crate) struct Condition {
    holds: fn(&Facts<'_>) -> bool,
    otherwise: &'static str,
}

impl Condition {
    /// A condition, and the reason to give where it does not hold.
    pub(crate) const fn new(holds: fn(&Facts<'_>) -> bool, otherwise: &'static str) -> Self {
        Self { holds, otherwise }
    }

    /// The reason why the condition does not hold; `None` where it does.
    pub(crate) fn unmet(&self, facts: &Facts<'_>) -> Option<&'static str> {
        (!(self.holds)(facts)).then_some(self.otherwise)
    }
}

/// The facts on which conditions depend: the description of the vendor and the adapter's profile.
#[derive(Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) subject: &'a dyn Subject,
    pub(crate) profile: &'a ProviderProfile,
}

impl Facts<'_> {
    /// Whether the profile supports an operation.
    pub(crate) fn can(&self, operation: Operation) -> bool {
        self.profile.supports(operation)
    }

    /// Whether a start uses an input.
    pub(crate) fn takes(&self, input: &Input) -> bool {
        self.profile.inputs.need(Operation::Start, input) != InputNeed::Unused
    }

    /// The subject's rows of one surface.
    pub(crate) fn rows(&self, surface: Surface) -> Vec<MappingRow> {
        self.subject.words().into_iter().filter(|row| row.surface == surface).collect()
    }

    /// The words of a surface to compare verdicts with each other: an approval, a rejection, and one that is neither.
    pub(crate) fn opposites(&self, surface: Surface) -> Vec<[String; 2]> {
        let rows = self.rows(surface);
        let word = |fits: &dyn Fn(VerificationStatus) -> bool| {
            rows.iter().find(|row| row.status.is_some_and(fits)).map(|row| row.word.to_string())
        };
        let approved = word(&|status| status == VerificationStatus::Approved);
        let others =
            [word(&|status| status == VerificationStatus::Rejected), word(&|status| !status.is_decision())];
        let pairs = others.into_iter().flatten().filter_map(|other| Some([approved.clone()?, other]));
        pairs.flat_map(|[one, other]| [[one.clone(), other.clone()], [other, one]]).collect()
    }

    /// The word of the first row of the REST surface.
    pub(crate) fn a_word(&self) -> String {
        let first = self.rows(Surface::CheckStatus).into_iter().next();
        first.map(|row| row.word.to_string()).unwrap_or_default()
    }

    /// All inputs of an applicant, as the subject needs them.
    pub(crate) fn applicant(&self, number: usize) -> StartRequest {
        applicant(self.subject, number)
    }
}

/// The vendor has webhooks, or the adapter or its description says so.
pub(crate) const WEBHOOKS: Condition = Condition::new(
    |facts| facts.subject.webhooks().is_some() || facts.can(Operation::Webhook),
    "the vendor has no webhooks",
);

/// A find gives all sessions of a reference.
pub(crate) const FINDS: Condition =
    Condition::new(|facts| facts.can(Operation::Find), "the vendor has no search by reference");
