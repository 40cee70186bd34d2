//! `idv demo`, and the configuration that `idv sandbox` prints.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::support::{Desk, idv};

#[tokio::test]
async fn the_demonstration_reaches_every_outcome() {
    let desk = Desk::new("");
    let document = desk.json(&["demo"]).await;
    let rows = document["demo"]["rows"].as_array().unwrap();
    let reached =
        |flow: &str, status: &str| rows.iter().any(|row| row["flow"] == flow && row["status"] == status);
    for (flow, statuses) in [
        (
            "nxos",
            &[
                "not_started",
                "in_progress",
                "resubmission_required",
                "on_hold",
                "approved",
                "rejected",
                "unrecognized",
            ][..],
        ),
        ("baanx-user", &["not_started", "in_review", "approved", "rejected", "unrecognized"]),
        ("baanx-registration", &["not_started", "in_review", "approved", "rejected", "unrecognized"]),
        (
            "session-api",
            &[
                "not_started",
                "in_progress",
                "in_review",
                "approved",
                "rejected",
                "cancelled",
                "expired",
                "failed",
                "abandoned",
                "unrecognized",
            ],
        ),
        (
            "sumsub",
            &[
                "in_progress",
                "in_review",
                "on_hold",
                "resubmission_required",
                "approved",
                "rejected",
                "cancelled",
                "unrecognized",
            ],
        ),
        (
            "veriff",
            &[
                "not_started",
                "in_progress",
                "in_review",
                "resubmission_required",
                "approved",
                "rejected",
                "abandoned",
                "expired",
                "unrecognized",
            ],
        ),
        (
            "stripe-identity",
            &[
                "in_progress",
                "in_review",
                "resubmission_required",
                "approved",
                "abandoned",
                "cancelled",
                "unrecognized",
            ],
        ),
        (
            "persona",
            &[
                "not_started",
                "in_progress",
                "in_review",
                "on_hold",
                "approved",
                "rejected",
                "expired",
                "failed",
            ],
        ),
        (
            "didit",
            &[
                "not_started",
                "on_hold",
                "resubmission_required",
                "approved",
                "rejected",
                "abandoned",
                "expired",
            ],
        ),
        ("idenfy", &["in_progress", "in_review", "on_hold", "approved", "rejected", "expired", "cancelled"]),
        ("shufti", &["in_progress", "in_review", "approved", "rejected", "abandoned", "expired"]),
        ("plaid", &["in_progress", "in_review", "approved", "rejected", "expired", "cancelled"]),
        (
            "onfido",
            &["in_progress", "in_review", "on_hold", "approved", "rejected", "abandoned", "unrecognized"],
        ),
    ] {
        for status in statuses {
            assert!(reached(flow, status), "{flow} never becomes {status}");
        }
    }
    let config = document["demo"]["config"].as_str().unwrap();
    assert!(config.contains("{ env = \"NXOS_API_KEY\" }"), "the configuration that was used: {config}");
}

#[tokio::test]
async fn people_see_every_flow_without_colours_in_a_pipe() {
    let human = Desk::new("").run(&["demo"]).await;
    assert_eq!(human.code, 0);
    for word in [
        "nxos",
        "baanx-registration",
        "session-api",
        "sumsub",
        "veriff",
        "stripe-identity",
        "persona",
        "plaid",
        "onfido",
        "retry_with_new_session",
    ] {
        assert!(human.stdout.contains(word), "{word}: {}", human.stdout);
    }
    assert!(!human.stdout.contains('\u{1b}') && !human.stderr.contains('\u{1b}'), "{}", human.stdout);
}

/// The demo needs no configuration, and does not look at the one that is there.
#[test]
fn the_demo_needs_nothing() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("idv.toml"), "this is no TOML").unwrap();
    idv("demo --json").dir(dir.path()).run().found("demo");
}

/// Whatever becomes of it: no file is written.
#[tokio::test]
async fn the_demonstration_leaves_nothing_behind() {
    let desk = Desk::new("");
    let folder = tempfile::tempdir().unwrap();
    let desk = desk.env("TMPDIR", folder.path().to_str().unwrap());
    for arguments in [&["demo"][..], &["demo", "--json"]] {
        assert_eq!(desk.run(arguments).await.code, 0);
    }
    let mut child = desk.command(&["demo"]).stdout(Stdio::piped()).spawn().unwrap();
    interrupt(&child);
    child.wait().unwrap();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The simulated vendors as a command: what it prints is a configuration, and it works.
#[tokio::test]
async fn the_sandbox_prints_a_configuration_that_works() {
    let desk = Desk::new("");
    let mut child = desk.command(&["sandbox"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut config = String::new();
    for line in lines.by_ref() {
        let line = line.unwrap();
        config.push_str(&line);
        config.push('\n');
        if line.contains("webhook_secrets") && config.contains("preset = \"deepidv\"") {
            break;
        }
    }
    desk.file("idv.toml", config);
    let document = desk.json(&["start", "--reference", "c1"]).await;
    assert_eq!(document["session"]["reference"], "primary:self");
    assert_eq!(desk.json(&["check", "primary:self"]).await["verification"]["status"], "in_progress");
    interrupt(&child);
    let status = child.wait().unwrap();
    assert!(status.success(), "Ctrl-C is clean: {status}");
}

/// Sends what Ctrl-C sends.
fn interrupt(child: &std::process::Child) {
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}
