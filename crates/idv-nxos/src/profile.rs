//! The profile of nxos: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, Limit, LimitScope, MappingRow, NotStarted, Note, Operation,
    ProviderProfile, Surface,
};

use crate::{KIND, NxosConfig, mapping};

const GUIDE: &str = "docs.nxos.io, guide \"Verification\"";
const START: &str = "docs.nxos.io, \"Start verification\"";

/// How long an access token lives: "~30 min" (docs.nxos.io, "Start verification").
pub(crate) const TOKEN_LIFETIME: Duration = Duration::from_secs(30 * 60);

const CAPABILITIES: Capabilities = Capabilities::new()
    .with_refresh()
    .with_import()
    .with_webhooks(Assurance::Signed)
    .with_embed()
    .with_idempotent_start();

pub(crate) fn of(config: &NxosConfig) -> ProviderProfile {
    let cadence = Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(15));
    let actions = ActionPolicy::new(NotStarted::StartSession, AfterRejection::ContactSupport, cadence)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, "nxos (Sumsub)", CAPABILITIES, inputs(), actions);
    profile.lifetimes = vec![
        Lifetime::new("access token", TOKEN_LIFETIME, Certainty::Estimated, START),
        Lifetime::new(
            "idempotency key",
            Duration::from_secs(24 * 3600),
            Certainty::Documented,
            "docs.nxos.io, \"Idempotency and rate limits\"",
        ),
    ];
    profile.limits = vec![Limit::new(LimitScope::Calls, 1000, Some(Duration::from_secs(60)), START)];
    profile.decision_times = vec![
        Note::new("usually a few minutes", GUIDE),
        Note::new("manual review can take hours or a business day", GUIDE),
    ];
    profile.documents = vec![Note::new("documents, and selfies if required", GUIDE)];
    profile.mapping = [Surface::CheckStatus, Surface::WebhookStatus]
        .into_iter()
        .flat_map(|surface| {
            mapping::STATUSES.iter().map(move |(word, status)| MappingRow::status(surface, *word, *status))
        })
        .collect();
    profile
}

fn inputs() -> InputTable {
    InputTable::new()
        .with(Operation::Start, InputNeed::Optional, [Input::ORGANIZATION, Input::IDEMPOTENCY_KEY])
        .with(Operation::Import, InputNeed::Required, [Input::SHARE_TOKEN])
        .with(Operation::Import, InputNeed::Optional, [Input::ORGANIZATION])
}
