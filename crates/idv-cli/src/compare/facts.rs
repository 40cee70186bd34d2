//! The profiles of providers, side by side.

use std::collections::{BTreeMap, BTreeSet};

use idv::adapter::HumanDuration;
use idv::profile::{Capability, InputNeed, Lifetime, Limit, MappingRow, ProviderProfile};
use idv::{IdentityField, Input, Operation, VerificationReason, VerificationStatus};

use super::paper::{NOTHING, Paper, joined};

/// The boolean capabilities of a provider; webhooks are listed apart, because they come in grades.
pub(crate) fn plain_capabilities() -> impl Iterator<Item = Capability> {
    Capability::ALL.iter().copied().filter(|capability| *capability != Capability::Webhooks)
}

/// Prints the facts of flows, which have these names.
pub(crate) fn print(paper: &mut Paper, flows: &[&str], profiles: &[&ProviderProfile]) {
    let mut section = |title: &str, first: &[&str], rows: Vec<Vec<String>>| {
        paper.heading(1, title);
        paper.grid(first.iter().chain(flows).copied(), rows);
    };
    section("Capabilities", &["capability"], capabilities(profiles));
    section("Verified identity, as configured", &["fact"], identity(profiles));
    section("Inputs", &["operation", "input"], inputs(profiles));
    section("Lifetimes, polling and limits", &["fact"], times(profiles));
    section("Statuses", &["status"], statuses(profiles));
    section("Next actions", &["status"], actions(profiles));
    section("Reasons", &["reason"], reasons(profiles));
}

fn row(
    first: impl IntoIterator<Item = String>,
    profiles: &[&ProviderProfile],
    fact: impl Fn(&ProviderProfile) -> String,
) -> Vec<String> {
    first.into_iter().chain(profiles.iter().map(|profile| fact(profile))).collect()
}

fn capabilities(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let plain = plain_capabilities().map(|capability| {
        row([capability.to_string()], profiles, |profile| yes_no(profile.capabilities.has(capability)))
    });
    let webhooks = row(["webhooks".to_owned()], profiles, |profile| {
        profile.capabilities.webhooks.map_or_else(|| NOTHING.to_owned(), |grade| grade.to_string())
    });
    plain.chain([webhooks]).collect()
}

/// The facts that some profile gives of the verified identity.
fn identity(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let given =
        |field: &&IdentityField| profiles.iter().any(|profile| profile.identity_fields.contains(field));
    let of = |field: &IdentityField| {
        row([field.to_string()], profiles, |profile| yes_no(profile.identity_fields.contains(field)))
    };
    IdentityField::ALL.iter().filter(given).map(of).collect()
}

fn yes_no(able: bool) -> String {
    if able { "yes" } else { NOTHING }.to_owned()
}

/// Every input of an operation that some profile knows.
pub(crate) fn known_inputs(profiles: &[&ProviderProfile], operation: Operation) -> BTreeSet<Input> {
    let declared = profiles.iter().flat_map(|profile| profile.inputs.declared(operation));
    declared.map(|(input, _)| input.clone()).collect()
}

fn inputs(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for operation in Operation::ALL {
        for input in known_inputs(profiles, *operation) {
            rows.push(row([operation.to_string(), input.to_string()], profiles, |profile| {
                match profile.inputs.need(*operation, &input) {
                    InputNeed::Unused => NOTHING.to_owned(),
                    need => need.to_string(),
                }
            }));
        }
    }
    rows
}

pub(crate) fn lifetime(lifetime: &Lifetime) -> String {
    format!("{} {} ({})", lifetime.what, HumanDuration::from(lifetime.duration), lifetime.certainty)
}

pub(crate) fn limit(limit: &Limit) -> String {
    match limit.per {
        Some(per) => format!("{} {} in {}", limit.count, limit.scope, HumanDuration::from(per)),
        None => format!("{} {}", limit.count, limit.scope),
    }
}

fn times(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    type Fact = (&'static str, fn(&ProviderProfile) -> String);
    let facts: [Fact; 4] = [
        ("lifetimes", |profile| joined(profile.lifetimes.iter().map(lifetime))),
        ("poll while the applicant is busy", |profile| {
            HumanDuration::from(profile.actions.cadence.applicant_busy).to_string()
        }),
        ("poll while the vendor decides", |profile| {
            HumanDuration::from(profile.actions.cadence.vendor_busy).to_string()
        }),
        ("limits", |profile| joined(profile.limits.iter().map(limit))),
    ];
    facts.iter().map(|(name, fact)| row([(*name).to_owned()], profiles, fact)).collect()
}

/// The vendor's words that mean one of ours, grouped by surface.
pub(crate) fn words(profile: &ProviderProfile, wanted: impl Fn(&MappingRow) -> bool) -> Vec<String> {
    let mut surfaces: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in profile.mapping.iter().filter(|row| wanted(row)) {
        surfaces.entry(row.surface.as_str()).or_default().push(&row.word);
    }
    surfaces.iter().map(|(surface, words)| format!("{surface} {}", words.join(", "))).collect()
}

fn statuses(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let of = |status: &VerificationStatus| {
        row([status.to_string()], profiles, |profile| {
            joined(words(profile, |row| row.status == Some(*status)))
        })
    };
    VerificationStatus::ALL.iter().map(of).collect()
}

/// Whether some word of the vendor means the status. An unknown word can come from every vendor.
pub(crate) fn can_occur(profile: &ProviderProfile, status: VerificationStatus) -> bool {
    status == VerificationStatus::Unrecognized || profile.mapping.iter().any(|row| row.status == Some(status))
}

fn actions(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let of = |status: &VerificationStatus| {
        row([status.to_string()], profiles, |profile| match can_occur(profile, *status) {
            true => crate::output::text::view::action(&profile.next_action(*status)),
            false => NOTHING.to_owned(),
        })
    };
    VerificationStatus::ALL.iter().map(of).collect()
}

fn reasons(profiles: &[&ProviderProfile]) -> Vec<Vec<String>> {
    let of = |reason: &VerificationReason| {
        row([reason.to_string()], profiles, |profile| {
            joined(words(profile, |row| row.reason == Some(*reason)))
        })
    };
    VerificationReason::ALL.iter().map(of).collect()
}
