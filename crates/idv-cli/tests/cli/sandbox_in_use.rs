//! `idv sandbox` as somebody uses it who has read what it prints.

use std::io::Read;
use std::process::Command;

use serde_json::Value;

use crate::running::{Running, idv};

impl Running {
    fn run(&self, args: &str, token: &str) -> Value {
        let mut command = idv(self.folder.path());
        let output =
            command.arg("--json").args(args.split_whitespace()).env("TOKEN", token).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{args}: {err}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What the checks after a start say, one after the other.
    fn looks(&self, start: &str, credentials: &str, token: &str, count: usize) -> Vec<String> {
        let session = self.run(&format!("start {start} {credentials}"), token);
        let reference = session["session"]["reference"].as_str().unwrap().to_owned();
        let look =
            || self.run(&format!("check {reference} {credentials}"), token)["verification"]["status"].clone();
        (0..count).map(|_| look().as_str().unwrap().to_owned()).collect()
    }
}

const PERSON: &str = "--first-name Ada --last-name Sample --email ada@example.com --phone +15192223333";

#[test]
fn references_script_every_flow_without_a_control_call() {
    let sandbox = Running::start(&[]);
    for (ending, statuses) in [
        ("approve", ["in_review", "approved"]),
        ("reject:document_expired", ["in_review", "rejected"]),
        ("unknown-word", ["in_review", "unrecognized"]),
        ("expire", ["expired", "expired"]),
    ] {
        let start = format!("--provider sessions --reference case-1-{ending} {PERSON}");
        assert_eq!(sandbox.looks(&start, "", "", 2), statuses, "sessions, {ending}");
    }
    for (provider, reference) in [("direct", "case-6-reject"), ("veriff", "case-7-reject")] {
        let start = format!("--provider {provider} --reference {reference}");
        assert_eq!(sandbox.looks(&start, "", "", 2), ["in_review", "rejected"], "{provider}");
    }
    let start = "--provider stripe --reference case-8-reject";
    assert_eq!(sandbox.looks(start, "", "", 2), ["in_review", "resubmission_required"]);
    for (provider, statuses) in [
        ("persona", ["in_review", "rejected"]),
        ("didit", ["on_hold", "rejected"]),
        ("idenfy", ["in_review", "rejected"]),
        ("shufti", ["in_review", "rejected"]),
        ("plaid", ["in_review", "rejected"]),
    ] {
        let start = format!("--provider {provider} --reference case-9-reject");
        assert_eq!(sandbox.looks(&start, "", "", 2), statuses, "{provider}");
    }
    let start = format!("--provider onfido --reference case-10-reject {PERSON}");
    assert_eq!(sandbox.looks(&start, "", "", 2), ["in_review", "rejected"]);
    let start = "--provider primary --reference case-2 --organization org_case-2-hold-approve";
    assert_eq!(sandbox.looks(start, "", "", 3), ["in_progress", "on_hold", "approved"]);
    let start = "--provider primary --reference case-3 --organization org_case-3-resubmit";
    assert_eq!(sandbox.looks(start, "", "", 2), ["in_progress", "resubmission_required"]);
    let credentials = "--user-token-env TOKEN";
    let start = "--provider cards --reference case-4";
    assert_eq!(sandbox.looks(start, credentials, "case-4-approve", 2), ["in_review", "approved"]);
    let credentials = "--onboarding-id 0b8f7a1e-7a64-4f0f-9b7d-5f6a8f1f0d01-reject";
    let start = "--provider signup --reference case-5";
    assert_eq!(sandbox.looks(start, credentials, "", 2), ["in_review", "rejected"]);
}

#[test]
fn a_reference_can_lose_the_answer_to_its_start() {
    let sandbox = Running::start(&[]);
    let lost = format!("start --provider sessions --reference case-9-lost-answer {PERSON}");
    let output = idv(sandbox.folder.path()).arg("--json").args(lost.split_whitespace()).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let err = String::from_utf8(output.stderr).unwrap();
    let error = serde_json::from_str::<Value>(err.lines().last().unwrap()).unwrap()["error"].clone();
    assert_eq!((&error["retry"], &error["delivery"]), (&"after_check".into(), &"unknown".into()), "{error}");
    let found = sandbox.run("find --provider sessions --reference case-9-lost-answer", "");
    assert_eq!(found["verifications"].as_array().unwrap().len(), 1, "the session exists");
}

/// The status and the body of the answer to a printed line, as a shell has it.
fn curl(line: &str) -> String {
    let line = format!("{line} --silent --show-error --write-out '%{{http_code}}'");
    let output = Command::new("sh").args(["-c", &line]).output().unwrap();
    assert!(output.stderr.is_empty(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_curl_lines_and_the_environment_open_every_vendor() {
    let sandbox = Running::start(&[]);
    let lines = sandbox.told["curl"].as_array().unwrap();
    assert_eq!(lines.len(), 13);
    for line in lines {
        let answer = curl(line.as_str().unwrap());
        assert!(answer.ends_with("200") || answer.ends_with("201"), "{line}: {answer}");
    }
    let config = sandbox.told["config"].as_str().unwrap();
    let env = sandbox.told["env"].as_object().unwrap();
    assert_eq!(env.len(), 26);
    for (name, value) in env {
        assert!(config.contains(&format!("\"{}\"", value.as_str().unwrap())), "{name}");
    }
}

#[test]
fn the_document_of_the_control_api_can_be_had_without_a_sandbox() {
    let folder = tempfile::tempdir().unwrap();
    let output = idv(folder.path()).args(["sandbox", "--openapi"]).output().unwrap();
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(document["paths"]["/{vendor}/faults"]["post"].is_object());
    assert!(output.status.success());
}

#[test]
fn a_receiver_elsewhere_is_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = idv(folder.path());
    let output = command.args(["sandbox", "--webhook-url", "http://example.test/hook"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--webhook-url"));
}

#[test]
fn all_vendors_send_their_webhooks_to_the_address_given() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let sandbox = Running::start(&["--webhook-url", &url]);
    sandbox.run(&format!("start --provider sessions --reference case-1 {PERSON}"), "");
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = [0; 64];
    let count = stream.read(&mut head).unwrap();
    assert!(
        head[..count].starts_with(b"POST /hook HTTP/1.1"),
        "{:?}",
        String::from_utf8_lossy(&head[..count])
    );
}

#[test]
fn port_0_is_any_free_port_for_all_of_them() {
    let sandbox = Running::start(&["--port", "0"]);
    let config = std::fs::read_to_string(sandbox.folder.path().join("idv.toml")).unwrap();
    for low in 0..6 {
        assert!(
            !config.contains(&format!("http://127.0.0.1:{low}\"")),
            "a port of a system service is taken"
        );
    }
}
