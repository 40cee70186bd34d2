//! The profile of Onfido: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, Certainty, HumanDuration, Input,
    InputNeed, InputTable, Lifetime, Limit, LimitScope, NotStarted, Note, Operation, ProviderProfile,
    Surface,
};

use crate::{KIND, OnfidoConfig, mapping};

const RUN: &str = "OpenAPI specification of Onfido, workflow_runs";
const APPLICANT: &str = "OpenAPI specification of Onfido, applicants";
const LIMITS: &str = "documentation.onfido.com, \"Rate limits\": in production, unless agreed otherwise";
const MINUTE: Duration = Duration::from_secs(60);

/// The applicant of a run, a UUID. A start takes that of an earlier run, which Onfido recommends for another try, and a check gives it
/// under the same name among the vendor's ids. It is no `user_id`: each start without it makes another applicant.
pub(crate) const APPLICANT_ID: Input = Input::from_static("applicant_id");
/// The facts that are told of an applicant who is made.
pub(crate) const STATED: [Input; 5] =
    [Input::FIRST_NAME, Input::LAST_NAME, Input::EMAIL, Input::PHONE, Input::DATE_OF_BIRTH];

pub(crate) fn of(config: &OnfidoConfig) -> ProviderProfile {
    let can = Capabilities::new()
        .with_refresh()
        .with_find()
        .with_erase()
        .with_embed()
        .with_webhooks(Assurance::Signed);
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(Duration::from_secs(20)).with_applicant_busy(Duration::from_secs(30));
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, "Onfido", can, inputs(config), actions);
    profile.default_workflow = config.workflow_id.clone();
    profile.start_calls = 2;
    profile.lifetimes = lifetimes(config);
    profile.limits = vec![Limit::new(LimitScope::Calls, 400, Some(MINUTE), LIMITS)];
    profile.decision_times = vec![
        Note::new("as long as the tasks of the workflow take, and hours where a person reviews", RUN),
        Note::new("an erasure is scheduled and can be undone until then", APPLICANT),
    ];
    profile.documents = vec![Note::new("the documents and pictures that the workflow asks for", RUN)];
    profile.mapping = mapping::rows(Surface::CheckStatus);
    profile.mapping.extend(mapping::rows(Surface::WebhookStatus));
    profile
}

fn lifetimes(config: &OnfidoConfig) -> Vec<Lifetime> {
    let link = config.link_lifetime.map(HumanDuration::get);
    link.map(|link| Lifetime::new("link", link, Certainty::Documented, RUN)).into_iter().collect()
}

/// Names are required, because an applicant cannot be made without them.
fn inputs(config: &OnfidoConfig) -> InputTable {
    let workflow = if config.workflow_id.is_some() { InputNeed::Optional } else { InputNeed::Required };
    InputTable::new()
        .with(Operation::Start, InputNeed::Required, [Input::FIRST_NAME, Input::LAST_NAME])
        .with(Operation::Start, workflow, [Input::WORKFLOW])
        .with(
            Operation::Start,
            InputNeed::Optional,
            [
                Input::EMAIL,
                Input::PHONE,
                Input::DATE_OF_BIRTH,
                Input::REDIRECT_URL,
                Input::LANGUAGE,
                APPLICANT_ID,
            ],
        )
}
