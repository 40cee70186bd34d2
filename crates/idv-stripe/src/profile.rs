//! The profile of Stripe Identity: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, Limit, LimitScope, NotStarted, Note, Operation, PolicyAction,
    ProviderProfile, Surface, VerificationStatus,
};

use crate::auth::Mode;
use crate::{KIND, StripeConfig, identity, mapping};

const SESSION: &str = "docs.stripe.com, the VerificationSession object";
const LIFE: &str = "docs.stripe.com, \"How sessions work\"";
const LIMITS: &str = "docs.stripe.com, \"Rate limits\"";
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// How long a link is good for. Stripe documents the time, and its answers do not give the end.
pub(crate) const LINK_LIFETIME: Duration = Duration::from_secs(48 * 3600);
/// How long a client secret is good for (docs.stripe.com, the VerificationSession object: `client_secret`).
pub(crate) const SECRET_LIFETIME: Duration = Duration::from_secs(24 * 3600);

pub(crate) fn of(config: &StripeConfig, mode: Option<Mode>) -> ProviderProfile {
    let mut can = Capabilities::new()
        .with_refresh()
        .with_find()
        .with_cancel()
        .with_erase()
        .with_webhooks(Assurance::Signed)
        .with_idempotent_start()
        .with_identity();
    can.embed = config.embed;
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(Duration::from_secs(15)).with_applicant_busy(Duration::from_secs(30));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence)
        .with_exception(VerificationStatus::Abandoned, PolicyAction::ResumeSession)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, "Stripe Identity", can, inputs(), actions);
    profile.key_prefix = mapping::KEY;
    profile.identity_fields = identity::fields(config.sensitive_results);
    profile.default_workflow = config.workflow_id.clone();
    profile.lifetimes = lifetimes(config);
    profile.limits = limits(mode);
    profile.decision_times = vec![
        Note::new("most checks take less than a minute", LIFE),
        Note::new("an erasure takes up to four days", "docs.stripe.com, \"Redact a VerificationSession\""),
    ];
    profile.documents =
        vec![Note::new("passport, ID card or driver's licence, and a selfie where it is asked for", SESSION)];
    profile.mapping = mapping::rows(Surface::CheckStatus, Surface::CheckReason);
    profile.mapping.extend(mapping::rows(Surface::WebhookStatus, Surface::WebhookReason));
    profile
}

fn lifetimes(config: &StripeConfig) -> Vec<Lifetime> {
    let handoff = match config.embed {
        true => Lifetime::new("client secret", SECRET_LIFETIME, Certainty::Documented, SESSION),
        false => Lifetime::new("link", LINK_LIFETIME, Certainty::Documented, SESSION),
    };
    let key = "docs.stripe.com, \"Idempotent requests\"";
    vec![handoff, Lifetime::new("idempotency key", 24 * HOUR, Certainty::Documented, key)]
}

/// All calls of an account together, and those to one endpoint.
fn limits(mode: Option<Mode>) -> Vec<Limit> {
    let calls = if mode == Some(Mode::Live) { 100 } else { 25 };
    [(LimitScope::Calls, calls), (LimitScope::Reads, 25), (LimitScope::Writes, 25)]
        .map(|(scope, count)| Limit::new(scope, count, Some(SECOND), LIMITS))
        .into()
}

fn inputs() -> InputTable {
    InputTable::new().with(
        Operation::Start,
        InputNeed::Optional,
        [Input::EMAIL, Input::PHONE, Input::REDIRECT_URL, Input::WORKFLOW, Input::IDEMPOTENCY_KEY],
    )
}
