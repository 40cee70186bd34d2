//! The profile of Veriff: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, MappingRow, NotStarted, Note, Operation, ProviderProfile, Surface,
    VERIFF_REASONS,
};

use crate::{KIND, VeriffConfig, identity, mapping};

const SESSIONS: &str = "devdocs.veriff.com, \"POST /v1/sessions\"";
const STATUSES: &str = "devdocs.veriff.com, \"Verification session status codes\"";
const DELETE: &str = "devdocs.veriff.com, \"DELETE /v1/sessions/{id}\"";

/// How long a link is good for: seven days, or until a decision (devdocs.veriff.com, "Verification session status codes").
pub(crate) const LINK_LIFETIME: Duration = Duration::from_secs(7 * 24 * 3600);

const CAPABILITIES: Capabilities =
    Capabilities::new().with_webhooks(Assurance::Signed).with_erase().with_identity();

/// The attribute with the application's own id of the person, a UUID.
pub(crate) const END_USER_ID: Input = Input::from_static("endUserId");

pub(crate) fn of(config: &VeriffConfig) -> ProviderProfile {
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(Duration::from_secs(60)).with_applicant_busy(Duration::from_secs(15));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, "Veriff", CAPABILITIES, inputs(), actions);
    profile.identity_fields = identity::FIELDS.to_vec();
    profile.lifetimes = vec![Lifetime::new("link", LINK_LIFETIME, Certainty::Documented, STATUSES)];
    profile.documents =
        vec![Note::new("passport, ID card, driver's licence or residence permit, and a selfie", SESSIONS)];
    profile.decision_times = vec![
        Note::new(
            "a request to resubmit is announced after five minutes",
            "devdocs.veriff.com, \"Decision webhook\"",
        ),
        Note::new("an erasure takes up to twelve hours; 5 an hour and 10 a day are allowed", DELETE),
    ];
    profile.mapping = mapping();
    profile
}

fn inputs() -> InputTable {
    InputTable::new().with(
        Operation::Start,
        InputNeed::Optional,
        [
            Input::FIRST_NAME,
            Input::LAST_NAME,
            Input::EMAIL,
            Input::PHONE,
            Input::DATE_OF_BIRTH,
            Input::COUNTRY,
            Input::REDIRECT_URL,
            END_USER_ID,
        ],
    )
}

fn mapping() -> Vec<MappingRow> {
    let states = |surface: Surface| {
        mapping::STATUSES.iter().map(move |(word, status)| MappingRow::status(surface, *word, *status))
    };
    let reasons = |surface: Surface| {
        VERIFF_REASONS.iter().map(move |(code, reason)| MappingRow::reason(surface, *code, *reason))
    };
    states(Surface::CheckStatus)
        .chain(reasons(Surface::CheckReason))
        .chain(states(Surface::WebhookStatus))
        .chain(reasons(Surface::WebhookReason))
        .collect()
}
