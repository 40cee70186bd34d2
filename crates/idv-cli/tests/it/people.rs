//! What people see.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use idv_sandbox::{CannedAnswer, Sandbox};
use serde_json::Value;

use crate::support::Desk;

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
    ] {
        for status in statuses {
            assert!(reached(flow, status), "{flow} never becomes {status}");
        }
    }
    let config = document["demo"]["config"].as_str().unwrap();
    assert!(config.contains("{ env = \"NXOS_API_KEY\" }"), "the configuration that was used: {config}");
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

#[tokio::test]
async fn pipes_get_plain_text_and_errors_say_what_to_do() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    for arguments in [&["providers"][..], &["start", "--reference", "c1"], &["check", "primary:self"]] {
        let run = desk.run(arguments).await;
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!run.stdout.contains('\u{1b}') && run.stderr.is_empty(), "{}{}", run.stdout, run.stderr);
    }
    for arguments in [
        &["check", "nobody:x"][..],
        &["check", "x"],
        &["start", "--provider", "sessions", "--reference", "c"],
        &["refresh", "sessions:a"],
    ] {
        let run = desk.run(arguments).await;
        assert!(run.stderr.contains("next: "), "{}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}') && run.stdout.is_empty());
    }
}

#[tokio::test]
async fn a_subject_file_serves_every_flow_and_options_come_first() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let subject = r#"{"reference":"from-file","first_name":"Ada","last_name":"Sample","email":"ada@example.com",
        "phone":"+15195550100","invites":{"email":true}}"#;
    let file = desk.file("subject.json", subject);
    let start = [
        "start",
        "--provider",
        "sessions",
        "--subject",
        file.to_str().unwrap(),
        "--reference",
        "from-option",
        "--invite",
        "sms",
    ];
    desk.json(&start).await;
    let sent: Value = serde_json::from_slice(&sandbox.session_api().requests()[0].body).unwrap();
    assert_eq!(sent["external_id"], "from-option");
    assert_eq!((&sent["send_email_invite"], &sent["send_phone_invite"]), (&false.into(), &true.into()));

    let file = desk.file("subject.json", r#"{"reference":"r","frist_name":"canary","email":7}"#);
    let (exit, error) = desk.failure(&["start", "--subject", file.to_str().unwrap()]).await;
    assert_eq!(exit, 2);
    let text = error.to_string();
    assert!(
        text.contains("did you mean `first_name`") && text.contains("email") && !text.contains("canary"),
        "{text}"
    );
}

#[tokio::test]
async fn secrets_stay_out_of_logs() {
    let sandbox = Sandbox::start().await.unwrap();
    let user = sandbox.baanx().add_user("Ada", "Sample");
    let desk = Desk::at(&sandbox).env("TOKEN", &user.token);
    let start =
        ["start", "--provider", "cards", "--reference", "u1", "--user-token-env", "TOKEN", "-vv", "--json"];
    let run = desk.run(&start).await;
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(run.stderr.contains("idv_http"), "there are logs: {}", run.stderr);
    let url = document["session"]["url"].as_str().unwrap();
    for secret in [user.token.as_str(), sandbox.baanx().client_key(), url] {
        assert!(!run.stderr.contains(secret));
    }
    let quiet = desk.run(&["check", "cards:u1", "--user-token-env", "TOKEN"]).await;
    assert_eq!(quiet.stderr, "", "logs are off by default");
}

/// Every flow fails with everything planted, at the loudest log level: neither the log nor the error document tells.
#[tokio::test]
async fn failures_tell_nothing_of_secrets_and_applicants() {
    const TEXT: &str = "canary words of the vendor";
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox).env("TOKEN", "canary-user-token").env("ONBOARDING", "canary-onboarding-id");
    let client_key = sandbox.baanx().client_key();
    let canaries = [
        TEXT,
        "CanaryFirst",
        "CanaryLast",
        "canary.mail@example.com",
        "+15550123456",
        "canary-user-token",
        "canary-onboarding-id",
        "canary-link",
        sandbox.nxos().api_key(),
        sandbox.session_api().api_key(),
        client_key,
    ];
    for provider in ["primary", "cards", "signup", "sessions"] {
        let start = [
            "start",
            "--provider",
            provider,
            "--reference",
            "c1",
            "--first-name",
            "CanaryFirst",
            "--last-name",
            "CanaryLast",
            "--email",
            "canary.mail@example.com",
            "--phone",
            "+15550123456",
            "--user-token-env",
            "TOKEN",
            "--onboarding-id-env",
            "ONBOARDING",
            "--redirect-url",
            "https://app.example/canary-link",
            "-vv",
            "--json",
        ];
        for (status, body) in [
            (400, format!(r#"{{"error":{{"code":"{TEXT}","message":"{TEXT}"}},"message":"{TEXT}"}}"#)),
            (401, format!(r#"{{"error":"{TEXT}"}}"#)),
            (200, r#"{"url":"http://a.b/canary-link","sessionUrl":"http://a.b/canary-link","id":"i","session_url":"x:canary-link"}"#.to_owned()),
            (503, TEXT.to_owned()),
        ] {
            let answer = CannedAnswer::json(status, body);
            match provider {
                "primary" => sandbox.nxos().answer_next(answer),
                "sessions" => sandbox.session_api().answer_next(answer),
                _ => sandbox.baanx().answer_next(answer),
            }
            let run = desk.run(&start).await;
            assert_ne!(run.code, 0, "{provider} {status}: {}", run.stdout);
            assert!(run.stderr.contains("idv_http") && run.stderr.contains("\"error\""), "{}", run.stderr);
            for canary in canaries {
                assert!(!run.stderr.contains(canary), "{provider} {status}: {canary} in {}", run.stderr);
            }
        }
    }
}

#[tokio::test]
async fn a_link_can_be_a_qr_code() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let run = desk.run(&["start", "--reference", "c1", "--qr"]).await;
    assert!(run.stdout.contains('█'), "{}", run.stdout);
    let run = desk.run(&["start", "--reference", "c1", "--qr", "--json"]).await;
    assert!(serde_json::from_str::<Value>(&run.stdout).is_ok(), "stdout stays one document");
}

#[tokio::test]
async fn help_and_completions() {
    let desk = Desk::new("");
    let help = desk.run(&["help"]).await;
    for command in [
        "demo",
        "compare",
        "providers",
        "start",
        "refresh",
        "check",
        "find",
        "import",
        "redirect",
        "webhook",
        "config",
        "sandbox",
    ] {
        assert!(help.stdout.contains(command), "{command}");
    }
    let script = desk.run(&["completions", "bash"]).await;
    assert!(script.code == 0 && script.stdout.contains("complete"));
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
