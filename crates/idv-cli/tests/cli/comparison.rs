//! `idv compare`: every storyline through every flow, and the migration report.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Desk;

const FLOWS: [&str; 8] = [
    "nxos",
    "baanx-user",
    "baanx-registration",
    "session-api",
    "sumsub",
    "veriff",
    "stripe-identity",
    "onfido",
];

/// The vendors of built-in descriptions, which are all of the kind `session-api`.
const DESCRIBED: [&str; 5] = ["persona", "didit", "idenfy", "shufti", "plaid"];

const STORYLINES: [&str; 13] = [
    "happy_path",
    "rejected_then_retried",
    "resubmission",
    "manual_hold",
    "abandoned",
    "expired",
    "lost_answer",
    "webhook_before_redirect",
    "lost_webhook",
    "duplicate_and_reordered_webhooks",
    "late_contradiction",
    "lapsed_approval",
    "unknown_word",
];

/// A desk without a configuration.
fn bare() -> Desk {
    let desk = Desk::new("");
    std::fs::remove_file(desk.path().join("idv.toml")).unwrap();
    desk
}

#[tokio::test]
async fn the_document_has_every_storyline_of_every_flow() {
    let desk = bare();
    let document = desk.json(&["compare"]).await;
    let comparison = &document["comparison"];
    let kinds: Vec<&str> =
        comparison["flows"].as_array().unwrap().iter().map(|flow| flow["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, FLOWS);
    for flow in comparison["flows"].as_array().unwrap() {
        for fact in ["capabilities", "inputs", "lifetimes", "limits", "mapping"] {
            assert!(!flow[fact].is_null(), "{fact}: {flow}");
        }
    }
    let storylines = comparison["storylines"].as_array().unwrap();
    let names: Vec<&str> = storylines.iter().map(|one| one["storyline"].as_str().unwrap()).collect();
    assert_eq!(names, STORYLINES);
    for storyline in storylines {
        for flow in FLOWS {
            let beats = storyline["traces"][flow].as_array().unwrap();
            assert!(beats.len() > 4, "{flow}: {storyline}");
            let known = |beat: &Value| {
                let mut steps = storyline["steps"].as_array().unwrap().iter();
                steps.any(|step| step["step"] == beat["step"])
            };
            assert!(beats.iter().all(known), "{flow}: {storyline}");
        }
        for step in storyline["steps"].as_array().unwrap() {
            let told = !step["differences"].as_array().unwrap().is_empty();
            assert_eq!(step["differs"], told, "{step}");
        }
    }
    for flow in comparison["latency"]["flows"].as_array().unwrap() {
        assert!(flow["start_microseconds"].as_u64().unwrap() > 0, "{flow}");
        assert!(flow["check_relative"].as_f64().unwrap() >= 1.0, "{flow}");
    }
}

/// A column for each vendor of a built-in description is there on request only: a table of all is wide.
#[tokio::test]
async fn the_vendors_of_built_in_descriptions_are_compared_on_request() {
    let desk = bare();
    let document = desk.json(&["compare", "--all"]).await;
    let comparison = &document["comparison"];
    let described: Vec<&str> = comparison["flows"].as_array().unwrap()[FLOWS.len()..]
        .iter()
        .map(|flow| flow["provider"].as_str().unwrap())
        .collect();
    assert_eq!(described, DESCRIBED);
    for storyline in comparison["storylines"].as_array().unwrap() {
        for flow in FLOWS.into_iter().chain(DESCRIBED) {
            assert!(storyline["traces"][flow].as_array().unwrap().len() > 3, "{flow}: {storyline}");
        }
    }
    let both = desk.run(&["compare", "--all", "--from", "persona", "--to", "didit"]).await;
    assert_eq!(both.code, 2, "{}", both.stderr);
}

/// A move between any two flows of the sandbox has a report.
#[tokio::test]
async fn every_pair_has_a_report() {
    let desk = bare();
    let ids = ["primary", "cards", "signup", "sessions", "direct", "veriff", "stripe"];
    for from in DESCRIBED {
        for to in ids.into_iter().chain(DESCRIBED).filter(|to| *to != from) {
            for (from, to) in [(from, to), (to, from)] {
                let report = desk.json(&["compare", "--from", from, "--to", to]).await;
                let changes = report["comparison"]["migration"]["changes"].as_array().unwrap();
                assert!(
                    changes.iter().any(|change| change["topic"] == "sessions_in_flight"),
                    "{from} to {to}"
                );
            }
        }
    }
}

/// What cannot be repeated in a document that is measured is left out of the comparison.
#[tokio::test]
async fn two_runs_tell_the_same() {
    let desk = bare();
    let (one, other) = (desk.json(&["compare"]).await, desk.json(&["compare"]).await);
    assert_eq!(one["comparison"]["storylines"], other["comparison"]["storylines"]);
    assert_eq!(one["comparison"]["flows"], other["comparison"]["flows"]);
}

#[tokio::test]
async fn every_format_tells_the_same_storylines() {
    let desk = bare();
    let table = desk.run(&["compare"]).await;
    let markdown = desk.run(&["compare", "--format", "markdown"]).await;
    let json = desk.run(&["compare", "--format", "json"]).await;
    for run in [&table, &markdown, &json] {
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        assert!(!run.stdout.contains('\u{1b}'), "{}", run.stdout);
        for words in ["Happy path", "Late contradiction", "holds for manual review", "document_unreadable"] {
            assert!(run.stdout.contains(words), "{words}: {}", run.stdout);
        }
    }
    assert!(serde_json::from_str::<Value>(&json.stdout).is_ok());
    assert!(
        markdown.stdout.contains("### Happy path\n")
            && markdown.stdout.contains("| ≠ | application starts |")
    );
    assert!(table.stdout.contains("LATENCY") && !markdown.stdout.contains("Latency"));
    let measured = desk.run(&["compare", "--format", "markdown", "--latency"]).await;
    assert!(measured.stdout.contains("## Latency"), "{}", measured.stdout);
}

fn page() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    crates.parent().unwrap().join("docs/comparison.md")
}

#[tokio::test]
async fn the_comparison_in_the_documentation_is_fresh() {
    const OPEN: &str = "<!-- generated: comparison -->\n";
    const END: &str = "<!-- end -->";
    let run = bare().run(&["compare", "--format", "markdown"]).await;
    assert_eq!(run.code, 0, "{}", run.stderr);
    let written = std::fs::read_to_string(page()).unwrap();
    let (before, rest) = written.split_once(OPEN).expect("the page has a generated part");
    let (_, after) = rest.split_once(END).expect("the generated part has an end");
    let fresh = format!("{before}{OPEN}\n{}\n{END}{after}", run.stdout);
    if std::env::var_os("IDV_WRITE_DOCS").is_some() {
        std::fs::write(page(), fresh).unwrap();
    } else {
        assert!(written == fresh, "docs/comparison.md is stale: run `cargo xtask docs`");
    }
}

/// The changes of a report about one topic, as `change subject`.
fn changes(report: &Value, topic: &str) -> Vec<String> {
    let all = report["comparison"]["migration"]["changes"].as_array().unwrap();
    let of_topic = all.iter().filter(|change| change["topic"] == topic);
    let line = |change: &Value| {
        format!("{} {}", change["change"].as_str().unwrap(), change["subject"].as_str().unwrap())
    };
    of_topic.map(line).collect()
}

#[tokio::test]
async fn a_report_says_what_an_application_notices() {
    let report = bare().json(&["compare", "--from", "primary", "--to", "session-api"]).await;
    let (from, to) = (&report["comparison"]["migration"]["from"], &report["comparison"]["migration"]["to"]);
    assert_eq!(
        (&from["provider"], &from["kind"], &from["configured"]),
        (&"primary".into(), &"nxos".into(), &false.into())
    );
    assert_eq!((&to["provider"], &to["kind"]), (&"sessions".into(), &"session-api".into()));
    assert_eq!(
        changes(&report, "inputs"),
        [
            "appears start.email",
            "appears start.first_name",
            "vanishes start.idempotency_key",
            "appears start.invites",
            "appears start.last_name",
            "vanishes start.organization",
            "appears start.phone",
            "appears start.redirect_url",
            "appears start.workflow",
        ]
    );
    assert_eq!(
        changes(&report, "operations"),
        [
            "vanishes refresh",
            "appears find",
            "vanishes import",
            "appears redirect",
            "vanishes embed",
            "vanishes idempotent_start",
            "changes webhooks",
        ]
    );
    assert_eq!(
        changes(&report, "statuses"),
        [
            "appears in_review",
            "vanishes on_hold",
            "vanishes resubmission_required",
            "appears abandoned",
            "appears expired",
            "appears cancelled",
            "appears failed",
        ]
    );
    assert_eq!(changes(&report, "next_actions"), ["changes not_started", "changes rejected"]);
    assert_eq!(changes(&report, "polling"), ["changes applicant_busy", "changes vendor_busy"]);
    assert_eq!(
        changes(&report, "sessions_in_flight"),
        ["stays references", "stays configuration", "stays ids"]
    );
    let text = report.to_string();
    for words in [
        "contact_support becomes retry_with_new_session",
        "signed becomes shared_secret",
        "keep `[providers.primary]`",
        "10000 calls in 1d, instead of `primary`: 1000 calls in 1m",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

/// The move that most users of nxos can make: to the vendor behind it.
#[tokio::test]
async fn the_move_from_nxos_to_sumsub_keeps_statuses_and_needs_another_endpoint() {
    let report = bare().json(&["compare", "--from", "nxos", "--to", "sumsub"]).await;
    assert_eq!(changes(&report, "statuses"), ["vanishes not_started", "appears in_review"]);
    assert!(changes(&report, "next_actions").is_empty() && changes(&report, "polling").is_empty());
    let operations = changes(&report, "operations");
    for change in ["vanishes import", "appears cancel", "vanishes idempotent_start", "changes webhooks"] {
        assert!(operations.iter().any(|one| one == change), "{change}: {operations:?}");
    }
    assert!(changes(&report, "inputs").contains(&"vanishes start.organization".to_owned()));
    let text = report.to_string();
    for words in ["signed at both: register the endpoint", "may be repeated is in the `retry` of the error"] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[tokio::test]
async fn the_way_back_is_the_other_way_round_and_nothing_changes_in_place() {
    let desk = bare();
    let there = desk.json(&["compare", "--from", "nxos", "--to", "baanx-user"]).await;
    let back = desk.json(&["compare", "--from", "baanx-user", "--to", "nxos"]).await;
    let turned = |report: &Value, topic| -> Vec<String> {
        let swap = |line: &String| match line.split_once(' ').unwrap() {
            ("appears", subject) => format!("vanishes {subject}"),
            ("vanishes", subject) => format!("appears {subject}"),
            _ => line.clone(),
        };
        changes(report, topic).iter().map(swap).collect()
    };
    for topic in ["operations", "statuses", "reasons", "next_actions", "polling"] {
        assert_eq!(changes(&there, topic), turned(&back, topic), "{topic}");
    }
    let dropped = desk.json(&["compare", "--from", "sessions", "--to", "cards"]).await;
    assert_eq!(
        changes(&dropped, "inputs"),
        [
            "vanishes start.email",
            "vanishes start.first_name",
            "vanishes start.invites",
            "vanishes start.last_name",
            "vanishes start.phone",
            "vanishes start.redirect_url",
            "appears start.user_token",
            "vanishes start.workflow",
            "appears refresh.user_token",
            "appears check.user_token",
        ]
    );
    let still = desk.json(&["compare", "--from", "cards", "--to", "baanx-user"]).await;
    let all = still["comparison"]["migration"]["changes"].as_array().unwrap();
    assert!(all.iter().all(|change| change["topic"] == "sessions_in_flight"), "{still}");
}

/// Profiles are facts: neither the network nor a secret is needed, and the configured options count.
#[tokio::test]
async fn configured_providers_come_first_and_their_secrets_are_not_needed() {
    let config = r#"
active = "eu"
[providers.eu]
kind = "nxos"
environment = "production"
api_key = { env = "A_VARIABLE_THAT_IS_NOT_SET" }
webhook_secrets = [{ file = "no-such-file" }]
[providers.cards]
kind = "session-api"
preset = "deepidv"
api_key = { env = "A_VARIABLE_THAT_IS_NOT_SET" }
"#;
    let desk = Desk::new(config);
    let report = desk.json(&["compare", "--from", "eu", "--to", "cards"]).await;
    let migration = &report["comparison"]["migration"];
    assert_eq!(
        (&migration["from"]["configured"], &migration["to"]["configured"]),
        (&true.into(), &true.into())
    );
    assert_eq!(migration["to"]["kind"], "session-api", "the configured `cards` hides the sandbox's");
    // A vendor that is not configured yet can be looked at too.
    let report = desk.json(&["compare", "--from", "eu", "--to", "signup"]).await;
    assert_eq!(report["comparison"]["migration"]["to"]["configured"], false);
    let people = desk.run(&["compare", "--from", "eu", "--to", "cards", "--format", "markdown"]).await;
    assert!(people.stdout.contains("## From eu to cards\n"), "{}", people.stdout);
    assert!(people.stdout.contains("- start: `phone` must be collected"), "{}", people.stdout);
}

#[tokio::test]
async fn what_cannot_be_compared_is_a_usage_error_that_lists_what_can() {
    let desk = bare();
    for arguments in [
        &["compare", "--from", "primary"][..],
        &["compare", "--to", "primary"],
        &["compare", "--from", "primary", "--to", "nobody"],
        &["compare", "--from", "nobody", "--to", "primary"],
    ] {
        let (code, error) = desk.failure(arguments).await;
        assert_eq!((code, &error["kind"]), (2, &"config".into()), "{arguments:?}");
        let message = error["message"].as_str().unwrap();
        for known in ["primary", "cards", "signup", "sessions", "baanx-registration"] {
            assert!(message.contains(known), "{known}: {message}");
        }
    }
    let (code, error) = desk.failure(&["compare", "--format", "table"]).await;
    assert_eq!((code, &error["kind"]), (2, &"config".into()), "two formats contradict each other");
    // `--format json` asks for the error document as `--json` does, whatever is wrong.
    for arguments in
        [&["compare", "--format", "json", "--from", "x"][..], &["compare", "--format=json", "--bogus"]]
    {
        let run = desk.run(arguments).await;
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}");
        let last = run.stderr.lines().last().unwrap();
        assert!(serde_json::from_str::<Value>(last).is_ok(), "{last}");
    }
}

/// The comparison itself needs no configuration; a report does not guess past a broken or a missing one.
#[tokio::test]
async fn a_broken_configuration_matters_to_reports_only() {
    let desk = Desk::new("this is no TOML");
    assert_eq!(desk.run(&["compare", "--format", "markdown"]).await.code, 0);
    for arguments in [
        &["compare", "--from", "nxos", "--to", "cards"][..],
        &["compare", "--from", "nxos", "--to", "cards", "--config", "no-such-file.toml"],
    ] {
        let (code, error) = desk.failure(arguments).await;
        assert_eq!((code, &error["kind"]), (2, &"config".into()), "{arguments:?}");
    }
}
