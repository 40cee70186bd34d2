//! The profile of Sumsub: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, Limit, LimitScope, MappingRow, NotStarted, Note, Operation,
    ProviderProfile, Surface,
};

use crate::config::ApplicantType;
use crate::{KIND, SumsubConfig, identity, labels, mapping};

const LINK: &str = "docs.sumsub.com, \"Generate WebSDK external link\"";
const STATUSES: &str = "docs.sumsub.com, \"Applicant statuses\"";

/// The default limits, by method: GET and POST (docs.sumsub.com, "Rate limits").
const LIMITS: &str = "docs.sumsub.com, \"Rate limits\"";
const LIMITED: Duration = Duration::from_secs(5);

/// How long a link or a token is good for, unless the options say otherwise.
pub(crate) const LINK_LIFETIME: Duration = Duration::from_secs(30 * 60);

/// The inputs that only the call takes which makes an applicant (docs.sumsub.com, "Create applicant").
const STATED: [Input; 4] = [Input::FIRST_NAME, Input::LAST_NAME, Input::DATE_OF_BIRTH, Input::COUNTRY];

pub(crate) fn of(config: &SumsubConfig) -> ProviderProfile {
    let mut can = Capabilities::new()
        .with_refresh()
        .with_find()
        .with_cancel()
        .with_webhooks(Assurance::Signed)
        .with_identity();
    can.embed = config.embed;
    let cadence = Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(15));
    let actions = ActionPolicy::new(NotStarted::StartSession, AfterRejection::ContactSupport, cadence)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, "Sumsub", can, inputs(config), actions);
    profile.key_prefix = mapping::KEY;
    profile.identity_fields = identity::FIELDS.to_vec();
    profile.default_workflow = config.level.clone();
    profile.lifetimes = vec![Lifetime::new("link", lifetime(config), Certainty::Documented, LINK)];
    profile.limits = vec![
        Limit::new(LimitScope::Reads, 300, Some(LIMITED), LIMITS),
        Limit::new(LimitScope::Writes, 50, Some(LIMITED), LIMITS),
    ];
    // With the call that makes the applicant.
    profile.start_calls = if config.applicant_type == ApplicantType::Individual { 2 } else { 1 };
    profile.decision_times = vec![Note::new("minutes; longer where a compliance officer decides", STATUSES)];
    profile.documents =
        vec![Note::new("the documents of the level, and a selfie where it asks for one", LINK)];
    profile.mapping = mapping();
    profile
}

pub(crate) fn lifetime(config: &SumsubConfig) -> Duration {
    config.link_lifetime.map_or(LINK_LIFETIME, HumanDuration::get)
}

fn inputs(config: &SumsubConfig) -> InputTable {
    let mut optional = vec![Input::EMAIL, Input::PHONE];
    if config.applicant_type == ApplicantType::Individual {
        optional.extend(STATED);
    }
    if !config.embed {
        optional.extend([Input::REDIRECT_URL, Input::LANGUAGE]);
    }
    let level = if config.level.is_some() { InputNeed::Optional } else { InputNeed::Required };
    InputTable::new().with(Operation::Start, InputNeed::Optional, optional).with(
        Operation::Start,
        level,
        [Input::WORKFLOW],
    )
}

fn mapping() -> Vec<MappingRow> {
    let states = |surface: Surface| {
        mapping::rows().into_iter().map(move |(word, status)| MappingRow::status(surface, word, status))
    };
    let reasons = |surface: Surface| {
        labels::LABELS.iter().map(move |(label, reason)| MappingRow::reason(surface, *label, *reason))
    };
    states(Surface::CheckStatus)
        .chain(reasons(Surface::CheckReason))
        .chain(states(Surface::WebhookStatus))
        .chain(reasons(Surface::WebhookReason))
        .collect()
}
