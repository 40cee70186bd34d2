//! Answers in words.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use idv::adapter::HumanDuration;
use idv::health::Finding;
use idv::profile::{Capabilities, Capability, InputNeed};
use idv::routing::{DecidedBy, Decision};
use idv::{
    Certainty, ConfigProblem, Erasure, ErasureState, NextAction, Operation, ProviderId, RedirectOutcome,
    Registry, ReportedReason, SessionUrl, Verification, VerificationProvider, VerificationSession,
    WebhookEvent, WebhookOutcome,
};

use crate::output::available::{Available, available};
use crate::output::document::WatchEnd;
use crate::output::table::{Cell, Table, facts};

/// The text in place of a link if a session is handed over by token alone.
const NO_LINK: &str = "there is none: the vendor has no page of its own";

pub(super) fn session(session: &VerificationSession) -> String {
    let expires = session.expires_at.map_or_else(
        || "not known".to_owned(),
        |expiry| {
            let estimated = if expiry.certainty == Certainty::Estimated { " (estimated)" } else { "" };
            format!("{}{estimated}", expiry.at)
        },
    );
    let mut rows = vec![
        ("reference", Cell::strong(&session.reference)),
        ("status", Cell::status(session.status)),
        ("link", Cell::plain(session.url().map_or(NO_LINK, SessionUrl::expose))),
        ("opens", Cell::plain(if session.single_use { "once" } else { "as often as needed" })),
        ("expires", Cell::plain(expires)),
    ];
    if session.access_token().is_some() {
        rows.push(("access token", Cell::plain("there is one for an embedded page: see --json")));
    }
    if !session.unused_inputs.is_empty() {
        let names: Vec<&str> = session.unused_inputs.iter().map(idv::Input::as_str).collect();
        rows.push(("not used", Cell::plain(names.join(", "))));
    }
    let mut text = facts(rows);
    let handed = match session.url() {
        Some(_) => "Hand the link to the applicant",
        None => "Give the access token to the vendor's component",
    };
    let _ = write!(text, "\n\n{handed}, then: idv check {}", session.reference);
    text
}

pub(super) fn verification(verification: &Verification) -> String {
    let mut rows = vec![
        ("reference", Cell::strong(&verification.reference)),
        ("status", Cell::status(verification.status)),
        ("vendor says", Cell::plain(&verification.provider_status)),
        ("next action", Cell::plain(action(&verification.next_action))),
    ];
    if !verification.reasons.is_empty() {
        rows.push(("reasons", Cell::plain(reasons(&verification.reasons))));
    }
    if let Some(kind) = verification.subject_kind {
        rows.push(("subject", Cell::plain(kind)));
    }
    if let Some(at) = verification.updated_at {
        rows.push(("updated", Cell::plain(at)));
    }
    rows.extend(
        verification
            .correlation
            .iter()
            .map(|(name, id)| ("vendor's id", Cell::plain(format!("{name} {id}")))),
    );
    facts(rows)
}

pub(super) fn erasure(erasure: &Erasure) -> String {
    let meaning = match erasure.state {
        ErasureState::Accepted => "the vendor has taken the request and deletes later",
        ErasureState::Done => "the vendor has deleted the data",
        ErasureState::AlreadyGone => "the vendor does not know the applicant, or not any more",
        _ => "see the vendor's documentation",
    };
    let rows = vec![
        ("reference", Cell::strong(&erasure.reference)),
        ("state", Cell::plain(erasure.state)),
        ("meaning", Cell::plain(meaning)),
    ];
    facts(rows)
}

pub(super) fn verifications(found: &[Verification]) -> String {
    if found.is_empty() {
        return "no session with this reference".to_owned();
    }
    let mut table = Table::new(["reference", "status", "vendor says", "next action", "updated"]);
    for one in found {
        table.row([
            Cell::strong(&one.reference),
            Cell::status(one.status),
            Cell::plain(&one.provider_status),
            Cell::plain(action(&one.next_action)),
            Cell::plain(one.updated_at.map(|at| at.to_string()).unwrap_or_default()),
        ]);
    }
    table.to_string()
}

pub(super) fn route(decision: &Decision) -> String {
    let rule = decision.rule.map_or_else(|| "active".to_owned(), |index| format!("routing.rules.{index}"));
    let why = match decision.decided_by {
        DecidedBy::Active => "active: no rule applies".to_owned(),
        DecidedBy::Rule => rule,
        DecidedBy::Split => format!("{rule}, and the share that the reference belongs to"),
        DecidedBy::Failover => format!("routing.failover: no provider of {rule} can take it"),
        _ => format!("no provider of {rule} can take it, and no other may"),
    };
    let provider = decision.provider.as_ref().map_or("no provider", ProviderId::as_str);
    let mut rows = vec![("goes to", Cell::strong(provider)), ("because of", Cell::plain(why))];
    if !decision.failover.is_empty() {
        let next: Vec<&str> = decision.failover.iter().map(ProviderId::as_str).collect();
        rows.push(("if that fails", Cell::plain(next.join(", then "))));
    }
    let others = &decision.passed_over;
    rows.extend(others.iter().map(|one| ("not to", Cell::plain(format!("{}: {}", one.provider, one.why)))));
    facts(rows)
}

pub(super) fn redirect(outcome: &RedirectOutcome) -> String {
    let said = match &outcome.provider_reason {
        Some(reason) => format!("{} ({reason})", outcome.provider_status),
        None => outcome.provider_status.to_string(),
    };
    let mut rows = vec![
        ("reference", Cell::strong(&outcome.reference)),
        ("claims", Cell::status(outcome.status())),
        ("the URL says", Cell::plain(said)),
    ];
    if let Some(reason) = outcome.reason {
        rows.push(("reason", Cell::plain(reason)));
    }
    rows.push(("trusted", Cell::plain("no: anybody can write a URL")));
    facts(rows) + &format!("\n\nRead the truth: idv check {}", outcome.reference)
}

pub(super) fn webhook(outcome: &WebhookOutcome) -> String {
    match outcome {
        WebhookOutcome::Event(event) => self::event(event),
        WebhookOutcome::Ignored { provider_event_type, .. } => {
            format!("authentic, and not about a verification: {provider_event_type}. Answer 2xx.")
        }
        _ => String::new(),
    }
}

fn event(event: &WebhookEvent) -> String {
    let mut rows = vec![
        ("event", Cell::strong(&event.id)),
        ("type", Cell::plain(&event.provider_event_type)),
        ("assurance", Cell::plain(event.assurance())),
        ("reference", Cell::plain(event.reference.as_ref().map_or("-".to_owned(), ToString::to_string))),
    ];
    if let (Some(status), Some(word)) = (event.status(), event.provider_status()) {
        rows.push(("status", Cell::status(status)));
        rows.push(("vendor says", Cell::plain(word)));
    }
    if !event.reasons().is_empty() {
        rows.push(("reasons", Cell::plain(reasons(event.reasons()))));
    }
    rows.extend(
        event.correlation.iter().map(|(name, id)| ("vendor's id", Cell::plain(format!("{name} {id}")))),
    );
    rows.push(("next action", Cell::plain(action(&event.next_action))));
    facts(rows)
}

pub(super) fn providers(registry: &Registry) -> String {
    let mut table =
        Table::new(["provider", "kind", "start needs", "check needs", "can", "links live", "poll every"]);
    for provider in registry.providers() {
        let profile = provider.profile();
        let mark = match provider.id() {
            id if *id == registry.active() => " (active)",
            id if registry.is_retired(id) => " (retired)",
            _ => "",
        };
        let lives: Vec<String> = profile
            .lifetimes
            .iter()
            .map(|life| format!("{} {}", life.what, HumanDuration::from(life.duration)))
            .collect();
        let cadence = profile.actions.cadence;
        let poll = format!(
            "{}, {}",
            HumanDuration::from(cadence.applicant_busy),
            HumanDuration::from(cadence.vendor_busy)
        );
        table.row([
            Cell::strong(format!("{}{mark}", provider.id())),
            Cell::plain(&profile.kind),
            Cell::plain(needs(&*provider, Operation::Start)),
            Cell::plain(needs(&*provider, Operation::Check)),
            Cell::plain(abilities(profile.capabilities)),
            Cell::plain(lives.join(", ")),
            Cell::plain(poll),
        ]);
    }
    format!("{table}\n\nA configuration can name:\n{}", can_be_named())
}

/// The kinds, each with its presets.
fn can_be_named() -> String {
    let line = |one: Available| match one.preset {
        Some(preset) => format!("  kind = \"{}\", preset = \"{preset}\"", one.kind),
        None => format!("  kind = \"{}\"", one.kind),
    };
    available().into_iter().map(line).collect::<Vec<_>>().join("\n")
}

fn needs(provider: &dyn VerificationProvider, operation: Operation) -> String {
    let declared = provider.profile().inputs.declared(operation);
    let required =
        declared.filter(|(_, need)| *need == InputNeed::Required).map(|(input, _)| input.to_string());
    required.collect::<Vec<_>>().join(", ")
}

fn abilities(can: Capabilities) -> String {
    let plain = can.iter().filter(|capability| *capability != Capability::Webhooks);
    let plain = plain.map(|capability| capability.as_str().replace('_', " "));
    let webhooks = can.webhooks.map(|assurance| format!("webhooks ({assurance})"));
    plain.chain(webhooks).collect::<Vec<_>>().join(", ")
}

/// One line for a change of state.
pub(super) fn change(state: &Verification, after: Duration) -> String {
    let (after, action) = (elapsed(after), action(&state.next_action));
    format!("{after:>6}  {}  (vendor says {}; next action {action})", state.status, state.provider_status)
}

pub(super) fn watch_end(last: &Verification, end: WatchEnd) -> String {
    let state = verification(last);
    let why = match end {
        _ if last.status.stops_watching() => return format!("\n{state}"),
        WatchEnd::Stopped => "Stopped",
        WatchEnd::Settled | WatchEnd::TimeIsUp => "The time is up",
    };
    format!("\n{why}. To go on: idv watch {}\n\n{state}", last.reference)
}

/// A time in whole seconds.
pub(crate) fn elapsed(time: Duration) -> String {
    let whole = Duration::from_secs(time.as_secs());
    if whole.is_zero() { "0s".to_owned() } else { HumanDuration::from(whole).to_string() }
}

pub(super) fn config(path: &Path, registry: &Registry, warnings: &[ConfigProblem]) -> String {
    let count = registry.providers().count();
    let plural = if count == 1 { "provider" } else { "providers" };
    let mut text =
        format!("{} is fine: {count} {plural}, `{}` is active\n", path.display(), registry.active());
    for warning in warnings {
        let _ = writeln!(text, "warning: {warning}");
    }
    text
}

pub(super) fn health(findings: &[Finding]) -> String {
    let mut table = Table::new(["provider", "check", "outcome", "what was seen"]);
    for finding in findings {
        let seen = match finding.advice {
            Some(advice) => format!("{}\n-> {advice}", finding.message),
            None => finding.message.clone(),
        };
        table.row([
            Cell::strong(&finding.provider),
            Cell::plain(finding.check),
            Cell::outcome(finding.outcome),
            Cell::plain(seen),
        ]);
    }
    table.to_string()
}

/// An action, with what it carries.
pub(crate) fn action(action: &NextAction) -> String {
    let word = action.as_str();
    match action {
        NextAction::Wait { poll_after } => format!("{word} {}", HumanDuration::from(*poll_after)),
        NextAction::RetryWithNewSession { cooldown, via } => {
            let after =
                cooldown.map(|wait| format!(" after {}", HumanDuration::from(wait))).unwrap_or_default();
            let at = via.as_ref().map(|provider| format!(" at {provider}")).unwrap_or_default();
            format!("{word}{after}{at}")
        }
        NextAction::Done { recheck_after: Some(after) } => {
            format!("{word}, look again after {}", HumanDuration::from(*after))
        }
        _ => word.to_owned(),
    }
}

/// Reasons, each with the vendor's own code.
pub(crate) fn reasons(reasons: &[ReportedReason]) -> String {
    let one = |reason: &ReportedReason| match &reason.provider_code {
        Some(code) => format!("{} ({code})", reason.reason),
        None => reason.reason.to_string(),
    };
    reasons.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_where_there_is_no_link() {
        let token = idv::AccessToken::new("token-canary");
        let text = session(&VerificationSession::new("direct:id1".parse().unwrap(), token));
        assert!(text.contains(NO_LINK) && text.contains("Give the access token to"), "{text}");
        assert!(!text.contains("Hand the link") && !text.contains("token-canary"), "{text}");
    }
}
