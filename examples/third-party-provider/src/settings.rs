//! The options of Lumen in the configuration, and the facts about it.

use std::time::Duration;

use idv::adapter::{BaseUrl, SecretSource};
use idv::profile::{
    ActionPolicy, AfterRejection, Cadence, Capabilities, InputNeed, InputTable, MappingRow, NotStarted,
    ProviderProfile, Surface,
};
use idv::{Input, Operation, ProviderKind, VerificationStatus};
use serde::Deserialize;

pub(crate) const KIND: ProviderKind = ProviderKind::from_static("lumen");

/// The vendor's words. Any other one is `unrecognized`: never an error, and never a decision.
pub(crate) const WORDS: &[(&str, VerificationStatus)] = &[
    ("OPEN", VerificationStatus::InProgress),
    ("GOOD", VerificationStatus::Approved),
    ("BAD", VerificationStatus::Rejected),
];

/// The options. An unknown one is an error that names it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) base_url: BaseUrl,
    pub(crate) api_key: SecretSource,
}

pub(crate) fn profile() -> ProviderProfile {
    let inputs = InputTable::new().with(Operation::Start, InputNeed::Required, [Input::LAST_NAME]);
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(Duration::from_secs(30));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence);
    let mut profile = ProviderProfile::new(KIND, "Lumen", Capabilities::new(), inputs, actions);
    let row = |(word, status): &(&'static str, VerificationStatus)| {
        MappingRow::status(Surface::CheckStatus, *word, *status)
    };
    profile.mapping = WORDS.iter().map(row).collect();
    profile
}
