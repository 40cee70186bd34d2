//! The report on a description: for programs, and for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use idv::adapter::Description;
use idv_conformance::Failed;
use serde_json::{Map, Value, json};

use super::kit::Findings;
use crate::output::{Cell, Table};

/// The most complaints of one check that are told to people.
const MOST: usize = 3;

pub(super) fn facts(description: &Description, findings: &Findings) -> Value {
    let samples = description.samples().into_iter().map(|sample| {
        let seen: Map<String, Value> =
            sample.seen.into_iter().map(|(name, fact)| (name.to_owned(), fact.into())).collect();
        json!({"name": sample.name, "holds": sample.differences.is_empty(), "seen": seen, "error": sample.error, "differences": sample.differences})
    });
    let sources = description.sources().map(|(place, source)| (place.to_owned(), source.into()));
    let not_applicable =
        findings.not_applicable.iter().map(|(check, reason)| json!({"check": check, "reason": reason}));
    let failed = findings
        .failed
        .iter()
        .map(|failed| json!({"check": failed.scenario(), "complaints": failed.complaints()}));
    let profile = description.profile();
    json!({"description": {
        "vendor": profile.vendor,
        "capabilities": profile.capabilities,
        "samples": samples.collect::<Vec<_>>(),
        "conformance": {
            "passed": findings.passed,
            "not_applicable": not_applicable.collect::<Vec<_>>(),
            "failed": failed.collect::<Vec<_>>(),
        },
        "sources": sources.collect::<Map<String, Value>>(),
    }})
}

pub(super) fn words(description: &Description, findings: &Findings) -> String {
    let profile = description.profile();
    let can: Vec<&str> = profile.capabilities.iter().map(|capability| capability.as_str()).collect();
    let able = ["start", "check"].into_iter().chain(can).collect::<Vec<_>>().join(", ");
    let samples = match description.samples().is_empty() {
        true => {
            "There are no samples: the words and places of this description are proved by nothing.".to_owned()
        }
        false => samples(description).to_string(),
    };
    format!("{}: {able}\n\n{samples}\n\n{}", profile.vendor, kit(findings))
}

fn samples(description: &Description) -> Table {
    let mut table = Table::new(["sample", "holds", "an application sees"]);
    for sample in description.samples() {
        let holds = if sample.differences.is_empty() { "yes" } else { "no" };
        let seen = sample.seen.iter().map(|(name, fact)| format!("{name}: {fact}"));
        let lines: Vec<String> = seen
            .chain(sample.error.clone())
            .chain(sample.differences.iter().map(|one| format!("! {one}")))
            .collect();
        table.row([Cell::strong(&sample.name), Cell::plain(holds), Cell::plain(lines.join("\n"))]);
    }
    table
}

/// The result of the kit: how many checks pass, and do not apply for which reason, and all that fail.
fn kit(findings: &Findings) -> String {
    let (failed, other) = (findings.failed.len(), findings.not_applicable.len());
    let mut text = format!(
        "The conformance kit, at a vendor that behaves as this document says: {} checks pass, {other} do not apply, {failed} fail",
        findings.passed
    );
    for one in &findings.failed {
        complaints(&mut text, one);
    }
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, reason) in &findings.not_applicable {
        *reasons.entry(reason).or_default() += 1;
    }
    if !reasons.is_empty() {
        text.push_str("\nThose that do not apply:");
    }
    for (reason, count) in reasons {
        let _ = write!(text, "\n  {count:>2}  {reason}");
    }
    text
}

fn complaints(text: &mut String, failed: &Failed) {
    let _ = write!(text, "\n! {}", failed.scenario());
    for complaint in failed.complaints().iter().take(MOST) {
        let _ = write!(text, "\n    {complaint}");
    }
    let more = failed.complaints().len().saturating_sub(MOST);
    if more > 0 {
        let _ = write!(text, "\n    and {more} more: see --json");
    }
}
