//! The page of a described vendor in documentation, in Markdown.

use std::fmt::Write as _;

use idv_core::{
    Assurance, Capability, HumanDuration, Input, InputNeed, Operation, ProviderProfile, VerificationReason,
    VerificationStatus,
};

use crate::KIND;
use crate::description::Document;
use crate::description::spec::{ApiSpec, FindWay};

/// The page. `preset` is the name of a built-in description; a description in a file has none.
pub(super) fn page(
    preset: Option<&str>,
    text: &str,
    document: &Document,
    spec: &ApiSpec,
    profile: &ProviderProfile,
) -> String {
    let mut page = format!("# {}\n", profile.vendor);
    section(&mut page, &introduction(text));
    section(&mut page, &format!("## Configuration\n\n{}", configuration(preset, spec, profile)));
    section(&mut page, &format!("## Operations\n\n{}", operations(profile)));
    section(&mut page, &format!("## Words\n\n{}", words(profile)));
    section(&mut page, &format!("## Facts\n\n{}", facts(profile)));
    let sources = document.sources.iter().map(|(place, source)| vec![format!("`{place}`"), source.clone()]);
    let sources: Vec<Vec<String>> = sources.collect();
    if !sources.is_empty() {
        section(
            &mut page,
            &format!("## Sources\n\n{}", table(&["place in the description", "source"], &sources)),
        );
    }
    page
}

fn section(page: &mut String, text: &str) {
    if !text.is_empty() {
        let _ = write!(page, "\n{}\n", text.trim_end());
    }
}

/// The comment at the head of a document, as a paragraph.
fn introduction(text: &str) -> String {
    let comment = text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
    comment.collect::<Vec<_>>().join("\n")
}

/// The options of an instance with every key that the vendor needs.
fn configuration(preset: Option<&str>, spec: &ApiSpec, profile: &ProviderProfile) -> String {
    let name = preset.unwrap_or("described");
    let variable = name.to_ascii_uppercase().replace('-', "_");
    let mut text = format!("```toml\nactive = \"{name}\"\n\n[providers.{name}]\nkind = \"{KIND}\"\n");
    let _ = match preset {
        Some(preset) => writeln!(text, "preset = \"{preset}\""),
        None => writeln!(text, "description = \"description.toml\""),
    };
    if spec.base_url.is_none() {
        text.push_str("base_url = \"https://api.vendor.example\"\n");
    }
    let _ = writeln!(text, "api_key = {{ env = \"{variable}_API_KEY\" }}");
    let mut secrets: Vec<&str> = spec.auth.secrets().collect();
    secrets.sort_unstable();
    secrets.dedup();
    for secret in secrets {
        let own = secret.to_ascii_uppercase();
        let _ = writeln!(text, "secrets.{secret} = {{ env = \"{variable}_{own}\" }}");
    }
    let needs_workflow = spec.find.as_ref().is_some_and(FindWay::needs_workflow);
    match profile.inputs.need(Operation::Start, &Input::WORKFLOW) {
        InputNeed::Required if needs_workflow => text.push_str("workflow_id = \"workflow-1\"\n"),
        InputNeed::Required => {
            text.push_str("workflow_id = \"workflow-1\"           # or named by each start\n");
        }
        _ => {}
    }
    if profile.capabilities.webhooks.is_some_and(|assurance| assurance != Assurance::Unsigned) {
        let prefix = spec.webhook.as_ref().map_or("", |webhook| &webhook.secret_prefix);
        let note = if prefix.is_empty() { String::new() } else { format!("   # `{prefix}…`") };
        let _ = writeln!(text, "webhook_secrets = [{{ env = \"{variable}_WEBHOOK_SECRET\" }}]{note}");
    }
    text.push_str("```\n");
    text
}

fn operations(profile: &ProviderProfile) -> String {
    let can = profile.capabilities;
    let webhooks = can.webhooks.map_or("no", Assurance::as_str);
    let yes = |able: bool| if able { "yes" } else { "no" }.to_owned();
    let mut rows = vec![
        vec!["start needs".to_owned(), inputs(profile, InputNeed::Required)],
        vec!["start can use".to_owned(), inputs(profile, InputNeed::Optional)],
    ];
    for (name, capability) in [
        ("fresh link for the same session", Capability::Refresh),
        ("search by your reference", Capability::Find),
        ("withdrawal of an open session", Capability::Cancel),
        ("deletion of an applicant's data", Capability::Erase),
        ("return URL with a status", Capability::Redirect),
        ("token for an embedded page", Capability::Embed),
        ("start can be repeated under a key", Capability::IdempotentStart),
    ] {
        rows.push(vec![name.to_owned(), yes(can.has(capability))]);
    }
    rows.push(vec!["webhooks".to_owned(), webhooks.to_owned()]);
    let facts: Vec<String> = profile.identity_fields.iter().map(code).collect();
    let facts = if facts.is_empty() { "–".to_owned() } else { facts.join(", ") };
    rows.push(vec!["verified identity".to_owned(), facts]);
    table(&["", ""], &rows)
}

fn inputs(profile: &ProviderProfile, need: InputNeed) -> String {
    let declared = profile.inputs.declared(Operation::Start).filter(|(_, own)| *own == need);
    let names: Vec<String> = declared.map(|(input, _)| format!("`{input}`")).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

fn words(profile: &ProviderProfile) -> String {
    let row = |row: &idv_core::MappingRow| {
        vec![
            row.surface.to_string(),
            format!("`{}`", row.word),
            row.status.map_or_else(|| "–".to_owned(), code::<VerificationStatus>),
            row.reason.map_or_else(|| "–".to_owned(), code::<VerificationReason>),
            row.status.map_or_else(|| "–".to_owned(), |status| next(profile, row.surface, status)),
        ]
    };
    let rows: Vec<Vec<String>> = profile.mapping.iter().map(row).collect();
    table(&["where", "the vendor's word", "status", "reason", "next action"], &rows)
}

fn code<T: std::fmt::Display>(word: T) -> String {
    format!("`{word}`")
}

/// The action after a status; a return URL is a hint, after which an application checks.
fn next(profile: &ProviderProfile, surface: idv_core::Surface, status: VerificationStatus) -> String {
    let action = match surface {
        idv_core::Surface::CheckStatus => profile.next_action(status),
        idv_core::Surface::WebhookStatus => profile.next_action_after_event(Some(status)),
        _ => return code("check"),
    };
    code(action.as_str())
}

fn facts(profile: &ProviderProfile) -> String {
    let cadence = profile.actions.cadence;
    let mut rows = vec![vec![
        "poll".to_owned(),
        format!(
            "every {} while the applicant is busy, every {} while the vendor decides",
            HumanDuration::from(cadence.applicant_busy),
            HumanDuration::from(cadence.vendor_busy)
        ),
        "–".to_owned(),
    ]];
    for limit in &profile.limits {
        let per = limit.per.map_or_else(String::new, |per| format!(" in {}", HumanDuration::from(per)));
        rows.push(vec![
            "limit".to_owned(),
            format!("{} {}{per}", limit.count, limit.scope),
            limit.source.to_string(),
        ]);
    }
    for life in &profile.lifetimes {
        let text = format!("{} {} ({})", life.what, HumanDuration::from(life.duration), life.certainty);
        rows.push(vec!["lifetime".to_owned(), text, life.source.to_string()]);
    }
    for (name, notes) in [("decision", &profile.decision_times), ("documents", &profile.documents)] {
        rows.extend(
            notes.iter().map(|note| vec![name.to_owned(), note.text.to_string(), note.source.to_string()]),
        );
    }
    table(&["fact", "", "source"], &rows)
}

/// A table, whose cells cannot break out of it.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.iter().map(|cell| (*cell).to_owned()).collect());
    let _ = writeln!(text, "|{}", "---|".repeat(head.len()));
    for row in rows {
        text.push_str(&line(row.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect()));
    }
    text
}
