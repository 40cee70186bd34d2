//! The profile of Baanx: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, Limit, LimitScope, MappingRow, NotStarted, Note, Operation,
    ProviderKind, ProviderProfile, Successor, Surface, VERIFF_REASONS,
};

use crate::{BaanxRegistrationConfig, BaanxUserConfig, REGISTRATION_KIND, Region, USER_KIND, mapping};

const USER: &str = "docs.baanx.com, \"Start User Verification\"";
const REGISTRATION: &str = "docs.baanx.com, \"Generate KYC Verification Session\"";

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a link of the user flow lives: "typically expires after 24 hours" (docs.baanx.com, "Start User
/// Verification").
pub(crate) const USER_LINK: Duration = DAY;

/// How long a link of the registration flow lives: "typically expires after 7 days" (docs.baanx.com, "Generate KYC
/// Verification Session").
pub(crate) const REGISTRATION_LINK: Duration = Duration::from_secs(7 * 24 * 3600);

pub(crate) fn user(config: &BaanxUserConfig) -> ProviderProfile {
    let rejected = AfterRejection::Retry { cooldown: Some(DAY), via: None };
    let mut profile = common(USER_KIND, Input::USER_TOKEN, rejected, config.recheck_after);
    profile.lifetimes = vec![
        Lifetime::new("link, single use", USER_LINK, Certainty::Estimated, USER),
        Lifetime::new("user token", 6 * HOUR, Certainty::Documented, USER),
    ];
    profile.limits = vec![
        Limit::new(LimitScope::SessionsPerUser, 10, Some(DAY), USER),
        Limit::new(LimitScope::OpenSessionsPerUser, 3, None, USER),
        Limit::new(LimitScope::FailuresPerUser, 3, Some(HOUR), USER),
    ];
    let usual = match config.region {
        Region::International => "typically 5 to 30 minutes",
        Region::Us => "typically 15 to 60 minutes in the US environment",
    };
    profile.decision_times = vec![Note::new(usual, USER), Note::new("complex cases 1 to 24 hours", USER)];
    profile.documents = documents(USER);
    if config.region == Region::Us {
        profile.documents.push(Note::new("social security number, in the US environment", USER));
    }
    profile
}

pub(crate) fn registration(config: &BaanxRegistrationConfig) -> ProviderProfile {
    let successor = config.successor.clone();
    let via = successor.map(|provider| Successor::new(provider, USER_KIND));
    let rejected = AfterRejection::Retry { cooldown: None, via };
    let mut profile = common(REGISTRATION_KIND, Input::ONBOARDING_ID, rejected, config.recheck_after);
    profile.lifetimes = vec![
        Lifetime::new("link, reusable until complete", REGISTRATION_LINK, Certainty::Estimated, REGISTRATION),
        // "Typically 30-60 minutes": the shorter, since checks fail with 400 or 404 from then on.
        Lifetime::new("onboarding id", HOUR / 2, Certainty::Estimated, REGISTRATION),
    ];
    profile.decision_times = vec![
        Note::new("automated checks 5 to 15 minutes, manual review 15 to 60 minutes", REGISTRATION),
        Note::new("complex cases 1 to 24 hours", REGISTRATION),
    ];
    profile.documents = documents(REGISTRATION);
    profile
}

/// The part of the profile that both flows share. `credential` is the input that identifies the subject in every call.
fn common(
    kind: ProviderKind,
    credential: Input,
    rejected: AfterRejection,
    recheck_after: Option<HumanDuration>,
) -> ProviderProfile {
    let capabilities = Capabilities::new().with_refresh().with_webhooks(Assurance::Signed);
    let cadence = Cadence::every(Duration::from_secs(5));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence)
        .with_recheck_after(recheck_after.map(HumanDuration::get));
    let inputs = [Operation::Start, Operation::Refresh, Operation::Check]
        .into_iter()
        .fold(InputTable::new(), |table, operation| {
            table.with(operation, InputNeed::Required, [credential.clone()])
        });
    let mut profile = ProviderProfile::new(kind, "Baanx (Veriff)", capabilities, inputs, actions);
    profile.mapping = mapping_rows();
    profile
}

fn documents(page: &'static str) -> Vec<Note> {
    vec![
        Note::new("passport, driver's licence, national ID card or residence permit, not expired", page),
        Note::new("live selfie or video", page),
        Note::new("proof of address of the last 3 months, where the region asks for it", page),
    ]
}

fn mapping_rows() -> Vec<MappingRow> {
    let status = |surface, table: &'static [(&'static str, _)]| {
        table.iter().map(move |(word, status)| MappingRow::status(surface, *word, *status))
    };
    let codes = VERIFF_REASONS.iter();
    status(Surface::CheckStatus, mapping::STATES)
        .chain(status(Surface::WebhookStatus, mapping::WEBHOOK_WORDS))
        .chain(codes.map(|(code, reason)| MappingRow::reason(Surface::WebhookReason, *code, *reason)))
        .collect()
}
