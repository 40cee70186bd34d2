//! What is true of Acme, or is said to be.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, Input, InputNeed, InputTable,
    Lifetime, MappingRow, NotStarted, Operation, ProviderKind, ProviderProfile, Surface, VerificationStatus,
};

use super::TOKEN_LIFETIME;
use crate::flaw::Flaw;
use crate::subject;

pub(super) fn of(kind: ProviderKind, flaw: Option<Flaw>) -> ProviderProfile {
    let capabilities = Capabilities {
        refresh: flaw != Some(Flaw::DeniesRefresh),
        find: true,
        import: true,
        cancel: true,
        erase: true,
        redirect: true,
        webhooks: Some(Assurance::Signed),
        embed: true,
        idempotent_start: true,
    };
    let optional = [Input::REDIRECT_URL, Input::INVITES, Input::IDEMPOTENCY_KEY];
    let inputs = InputTable::new().with(Operation::Start, InputNeed::Required, [Input::EMAIL]).with(
        Operation::Start,
        InputNeed::Optional,
        optional,
    );
    let actions = ActionPolicy {
        not_started: NotStarted::StartSession,
        rejected: AfterRejection::ContactSupport,
        cadence: Cadence { applicant_busy: Duration::from_secs(10), vendor_busy: Duration::from_secs(30) },
        recheck_after: None,
    };
    let mut profile = ProviderProfile::new(kind, "Acme", capabilities, inputs, actions);
    profile.lifetimes =
        vec![Lifetime::new("token", TOKEN_LIFETIME, Certainty::Documented, "acme.example/docs")];
    profile.mapping = subject::words();
    if flaw == Some(Flaw::ShowsAnotherTable) {
        profile.mapping.push(MappingRow::status(Surface::Rest, "parked", VerificationStatus::OnHold));
    }
    profile
}
