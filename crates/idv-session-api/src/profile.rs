//! The profile of a session API: facts that need no I/O.

use std::time::Duration;

use idv_core::{
    ActionPolicy, AfterRejection, Assurance, Cadence, Capabilities, HumanDuration, MappingRow, NotStarted,
    ProviderProfile, Surface,
};

use crate::mapping::Row;
use crate::spec::ApiSpec;
use crate::webhook::WebhookShape;
use crate::{KIND, SessionApiConfig};

/// deepidv names no cadence. These are ours: an applicant takes minutes, and 25 calls a second are allowed.
const CADENCE: Cadence = Cadence::every(Duration::from_secs(30)).with_applicant_busy(Duration::from_secs(10));

pub(crate) fn of(config: &SessionApiConfig, spec: &ApiSpec) -> ProviderProfile {
    let mut capabilities = Capabilities::new();
    capabilities.find = spec.find.is_some();
    capabilities.redirect = spec.redirect.is_some();
    capabilities.webhooks = spec.webhook.as_ref().map(WebhookShape::assurance);
    let rejected = AfterRejection::Retry { cooldown: None, via: None };
    let actions = ActionPolicy::new(NotStarted::ContinueSession, rejected, CADENCE)
        .with_recheck_after(config.recheck_after.map(HumanDuration::get));
    let mut profile = ProviderProfile::new(KIND, spec.vendor.clone(), capabilities, spec.inputs(), actions);
    profile.limits = spec.facts.limits.clone();
    profile.decision_times = spec.facts.decision_times.clone();
    profile.documents = spec.facts.documents.clone();
    profile.mapping = mapping(spec);
    profile
}

fn mapping(spec: &ApiSpec) -> Vec<MappingRow> {
    let words = &spec.vocabulary;
    let detail = spec.record.detail.name();
    // Nothing binds the body of a notice to its secret, so no word of it is read.
    let signed = spec.webhook.as_ref().is_some_and(|webhook| webhook.assurance() == Assurance::Signed);
    let mut rows = Vec::new();
    for surface in [Surface::CheckStatus].into_iter().chain(signed.then_some(Surface::WebhookStatus)) {
        rows.extend(words.statuses.rows().map(|row| status(spec, surface, row, detail)));
    }
    rows.extend(
        words
            .reasons
            .rows()
            .map(|row| MappingRow::reason(Surface::CheckReason, row.word.clone(), row.meaning)),
    );
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

fn status(
    spec: &ApiSpec,
    surface: Surface,
    row: &Row<idv_core::VerificationStatus>,
    detail: &str,
) -> MappingRow {
    let mut mapped = MappingRow::status(surface, text(row, detail), row.meaning);
    mapped.reason = spec.vocabulary.status_reasons.meaning(&row.word, row.detail.as_deref());
    mapped
}

/// A row's word, with its condition.
fn text<T>(row: &Row<T>, detail: &str) -> String {
    match &row.detail {
        Some(value) => format!("{} with {detail} {value}", row.word),
        None => row.word.clone(),
    }
}
