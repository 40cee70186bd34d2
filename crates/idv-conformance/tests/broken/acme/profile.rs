//! What is true of Acme, or is said to be.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, IdentityField, Input,
    InputNeed, InputTable, Lifetime, MappingRow, NotStarted, Operation, ProviderKind, ProviderProfile,
    Surface, VerificationStatus,
};

use super::TOKEN_LIFETIME;
use crate::flaw::Flaw;
use crate::subject;

pub(super) fn of(kind: ProviderKind, flaw: Option<Flaw>, in_steps: bool) -> ProviderProfile {
    let mut capabilities = Capabilities::new()
        .with_find()
        .with_import()
        .with_cancel()
        .with_erase()
        .with_redirect()
        .with_webhooks(Assurance::Signed)
        .with_embed()
        .with_identity();
    capabilities.idempotent_start = !in_steps;
    capabilities.refresh = flaw != Some(Flaw::DeniesRefresh);
    let keyed = (!in_steps).then_some(Input::IDEMPOTENCY_KEY);
    let optional = [Input::REDIRECT_URL, Input::INVITES].into_iter().chain(keyed);
    let inputs = InputTable::new().with(Operation::Start, InputNeed::Required, [Input::EMAIL]).with(
        Operation::Start,
        InputNeed::Optional,
        optional,
    );
    let cadence = Cadence::every(Duration::from_secs(30)).with_applicant_busy(Duration::from_secs(10));
    let actions = ActionPolicy::new(NotStarted::StartSession, AfterRejection::ContactSupport, cadence);
    let mut profile = ProviderProfile::new(kind, "Acme", capabilities, inputs, actions);
    profile.identity_fields = vec![IdentityField::FullName];
    if flaw == Some(Flaw::PromisesMoreFacts) {
        profile.identity_fields.push(IdentityField::DateOfBirth);
    }
    profile.lifetimes =
        vec![Lifetime::new("token", TOKEN_LIFETIME, Certainty::Documented, "acme.example/docs")];
    profile.mapping = subject::words();
    if flaw == Some(Flaw::ShowsAnotherTable) {
        profile.mapping.push(MappingRow::status(Surface::CheckStatus, "parked", VerificationStatus::OnHold));
    }
    profile
}
