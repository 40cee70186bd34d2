//! A person with a terminal and a real browser.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../running/mod.rs"]
mod running;

use std::io::{Read, Write};
use std::net::TcpListener;

use idv_tests::Browser;
use serde_json::Value;

use crate::running::{Running, idv};

impl Running {
    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    /// What a command prints, which must succeed.
    fn run(&self, args: &[&str]) -> Value {
        let mut command = idv(self.folder.path());
        let output =
            command.arg("--json").args(args).env("USER_TOKEN", self.text("user_token")).output().unwrap();
        let (out, err) =
            (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(output.status.success(), "{args:?}: {err}");
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{args:?}: {error}: {out}"))
    }

    fn start_at(&self, provider: &str, args: &[&str]) -> (String, String, Value) {
        let common = ["start", "--provider", provider, "--reference", "case-7"];
        let session = self.run(&[&common[..], args].concat())["session"].clone();
        let text = |name: &str| session[name].as_str().unwrap().to_owned();
        (text("reference"), text("url"), session)
    }
}

/// An application to which browsers come back. It greets whoever comes, for as long as the test runs.
fn application() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/back", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            // A browser opens connections that it never uses.
            if stream.read(&mut request).is_ok_and(|count| count > 0) {
                let page = "<!doctype html><html lang=en><title>Back</title><link rel=icon href=data:,><h1>Welcome back</h1>";
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    page.len()
                );
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(page.as_bytes()));
            }
        }
    });
    url
}

const APPLICANT: [&str; 8] =
    ["--first-name", "Ada", "--last-name", "Sample", "--email", "ada@example.com", "--phone", "+15192223333"];

#[test]
fn a_person_is_rejected_for_an_unreadable_document_and_every_command_says_so() {
    let (sandbox, back) = (Running::start(&[]), application());
    let (reference, url, _) =
        sandbox.start_at("sessions", &[&APPLICANT[..], &["--redirect-url", &back]].concat());
    let mut browser = Browser::start(390);
    browser.open(&url);
    assert!(browser.text("body").contains("This is a simulation."));
    browser.screenshot("session-api-hosted-mobile");
    browser.select("#reason", "document_unreadable");
    browser.click("[data-testid=fail]");
    let landed = browser.arrive(&back);
    browser.screenshot("session-api-back-at-the-application");
    assert_eq!(browser.complaints(), [""; 0]);

    let redirect = sandbox.run(&["redirect", &reference, &landed])["redirect"].clone();
    assert_eq!((&redirect["status"], &redirect["reason"]), (&"failed".into(), &"document_unreadable".into()));
    assert_eq!((&redirect["trusted"], &redirect["next_action"]), (&false.into(), &"check".into()));
    let state = sandbox.run(&["check", &reference])["verification"].clone();
    assert_eq!((&state["status"], &state["provider_status"]), (&"rejected".into(), &"REJECTED".into()));
    browser.open(&url);
    assert_eq!(browser.text("h1"), "The link is closed");
    browser.screenshot("session-api-closed");
}

#[test]
fn a_card_user_leaves_comes_back_with_another_link_and_submits() {
    let back = application();
    let sandbox = Running::start(&["--return-url", &back]);
    let credentials = ["--user-token-env", "USER_TOKEN"];
    let (reference, url, _) = sandbox.start_at("cards", &credentials);
    let mut browser = Browser::start(390);
    browser.open(&url);
    browser.screenshot("baanx-hosted-mobile");
    browser.click("[data-testid=leave]");
    browser.arrive(&back);
    browser.open(&url);
    assert_eq!(browser.text("h1"), "The link is closed", "the link works once");
    let fresh = sandbox.run(&[&["refresh", &reference][..], &credentials].concat());
    browser.open(fresh["session"]["url"].as_str().unwrap());
    browser.click("[data-testid=submit]");
    browser.arrive(&back);
    let state = sandbox.run(&[&["check", &reference][..], &credentials].concat())["verification"].clone();
    assert_eq!((&state["status"], &state["provider_status"]), (&"in_review".into(), &"PENDING".into()));
}

#[test]
fn an_embedded_flow_outlives_its_access_token() {
    let sandbox = Running::start(&[]);
    let (_, url, session) = sandbox.start_at("primary", &[]);
    let mut browser = Browser::start(900);
    browser.open(&url);
    browser.screenshot("nxos-hosted");
    let origin = url.split("/l/").next().unwrap().to_owned();
    browser.open(&format!("{origin}/embed#{}", session["access_token"].as_str().unwrap()));
    browser.wait("h2", "Photo of a document");
    browser.click("text=Continue");
    browser.wait("h2", "Selfie");
    browser.fill("#sdk-note", "half a thought");
    browser.screenshot("nxos-embedded-second-step");

    let mut operator = Browser::start(1200);
    operator.open(sandbox.text("control_url"));
    operator.click("[data-seconds='1800']");
    operator.wait("#live", "live");
    // The token has run out: the next call is refused, the handler fetches another, and the flow goes on.
    browser.click("text=Continue");
    browser.wait("h2", "Ready to submit");
    assert_eq!(browser.text("[data-testid=refreshes]"), "1");
    assert_eq!(browser.text("[data-testid=position]"), "2 of 2 steps done");
    let refused: Vec<String> =
        browser.complaints().into_iter().filter(|line| !line.contains("401")).collect();
    assert_eq!(refused, [""; 0], "the refusal of the old token is the only complaint");
    browser.click("#sumsub-websdk-container button");
    browser.wait("h2", "Thank you");
    browser.screenshot("nxos-embedded-submitted");
}

#[test]
fn an_operator_sees_a_session_appear_and_decides_it() {
    let (sandbox, back) = (Running::start(&[]), application());
    let mut operator = Browser::start(1200);
    operator.open(sandbox.text("control_url"));
    operator.wait("#live", "live");
    operator.select("#endpoint-vendor", "session-api");
    operator.fill("#endpoint-url", &back);
    operator.click("#endpoint button");
    operator.wait("[data-testid=endpoints]", &back);
    let (reference, ..) = sandbox.start_at("sessions", &APPLICANT);
    let id = reference.split_once(':').unwrap().1.to_owned();
    let row = format!("[data-testid=verification-{id}]");
    // Nobody reloads the page.
    operator.wait(&row, "PENDING");
    operator.select("#reason", "face_mismatch");
    operator.click(&format!("{row} >> text=Reject"));
    operator.wait(&row, "REJECTED");
    operator.wait("[data-testid=webhooks]", "session.status.rejected");
    operator.wait("[data-testid=webhooks]", "200");
    operator.screenshot("operator");
    assert_eq!(operator.complaints(), [""; 0]);
    let state = sandbox.run(&["check", &reference])["verification"].clone();
    assert_eq!(state["status"], "rejected");
}
