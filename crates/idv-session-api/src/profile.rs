//! The profile of a session API: facts that need no I/O.

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, HumanDuration, MappingRow, NotStarted,
    ProviderProfile, Surface, VerificationStatus,
};

use crate::description::spec::{ApiSpec, Identity, WebhookSpec};
use crate::mapping::{Row, Vocabulary};
use crate::{KIND, SessionApiConfig};

pub(crate) fn of(config: &SessionApiConfig, spec: &ApiSpec) -> ProviderProfile {
    let inputs = spec.inputs(config.workflow_id.is_some());
    let mut profile =
        ProviderProfile::new(KIND, spec.vendor.clone(), capabilities(spec), inputs, actions(config, spec));
    profile.limits = spec.facts.limits.clone();
    profile.lifetimes = spec.facts.lifetimes.clone();
    profile.decision_times = spec.facts.decision_times.clone();
    profile.documents = spec.facts.documents.clone();
    profile.mapping = mapping(spec);
    profile.identity_fields = spec.identity.as_ref().map(Identity::fields).unwrap_or_default();
    profile.default_workflow.clone_from(&config.workflow_id);
    profile
}

fn capabilities(spec: &ApiSpec) -> Capabilities {
    let mut capabilities = Capabilities::new();
    capabilities.find = spec.find.is_some();
    capabilities.refresh = spec.refresh.is_some();
    capabilities.cancel = spec.cancel.is_some();
    capabilities.erase = spec.erase.is_some();
    capabilities.redirect = spec.redirect.is_some();
    capabilities.webhooks = spec.webhook.as_ref().map(WebhookSpec::assurance);
    capabilities.embed = !spec.start.link.token.is_nowhere();
    capabilities.idempotent_start = spec.start.key_header.is_some();
    capabilities.identity = spec.identity.is_some();
    capabilities
}

fn actions(config: &SessionApiConfig, spec: &ApiSpec) -> ActionPolicy {
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let cadence = Cadence::every(spec.policy.poll_vendor).with_applicant_busy(spec.policy.poll_applicant);
    let policy = ActionPolicy::new(NotStarted::ContinueSession, rejected, cadence)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let exceptions = spec.policy.next_actions.iter();
    exceptions.fold(policy, |policy, (status, action)| policy.with_exception(*status, *action))
}

fn mapping(spec: &ApiSpec) -> Vec<MappingRow> {
    let mut rows = Vec::new();
    let detail = spec.record.detail.name();
    rows.extend(statuses(&spec.vocabulary, Surface::CheckStatus, detail));
    // Nothing binds the body of a notice to its secret, so no word of it is read.
    if let Some(webhook) = spec.webhook.as_ref().filter(|webhook| webhook.assurance() == Assurance::Signed) {
        let detail = webhook.record.detail.name();
        rows.extend(statuses(&webhook.vocabulary, Surface::WebhookStatus, detail));
    }
    let reasons = spec.vocabulary.reasons.rows();
    rows.extend(reasons.map(|row| MappingRow::reason(Surface::CheckReason, row.word.clone(), row.meaning)));
    if let Some(back) = &spec.redirect {
        rows.extend(back.claims.rows().map(|row| {
            MappingRow::status(Surface::RedirectStatus, text(row, &back.names.reason), row.meaning.status())
        }));
        let reasons = back.reasons.rows();
        rows.extend(
            reasons.map(|row| MappingRow::reason(Surface::RedirectReason, row.word.clone(), row.meaning)),
        );
    }
    rows
}

fn statuses(vocabulary: &Vocabulary, surface: Surface, detail: &str) -> Vec<MappingRow> {
    let row = |row: &Row<VerificationStatus>| {
        let mut mapped = MappingRow::status(surface, text(row, detail), row.meaning);
        mapped.reason = vocabulary.status_reasons.meaning(&row.word, row.detail.as_deref());
        mapped
    };
    vocabulary.statuses.rows().map(row).collect()
}

/// A row's word, with its condition.
fn text<T>(row: &Row<T>, detail: &str) -> String {
    match &row.detail {
        Some(value) => format!("{} with {detail} {value}", row.word),
        None => row.word.clone(),
    }
}
