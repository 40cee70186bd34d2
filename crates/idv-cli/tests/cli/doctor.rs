//! `idv doctor`: what is wrong with each provider, one harmless question each.

use serde_json::{Value, json};
use tokio::net::TcpSocket;

use crate::support::*;

/// What each vendor says of a session that it does not know.
fn unknown() -> Reply {
    Reply::json(404, &json!({"error": {"code": "not_found", "message": "There is none."}}))
}

fn refused() -> Reply {
    Reply::json(401, &json!({"error": {"code": "unauthenticated", "message": "Who are you?"}}))
}

/// The date that the clock here shows, some minutes later.
fn date(minutes: i64) -> String {
    let when = format!("@{}", i64::try_from(now()).unwrap() + 60 * minutes);
    let out = std::process::Command::new("date")
        .env("LC_ALL", "C")
        .args(["-u", "+%a, %d %b %Y %H:%M:%S GMT", "-d", &when])
        .output()
        .unwrap();
    String::from_utf8(out.stdout).unwrap().trim().to_owned()
}

fn report(ran: &Ran) -> Vec<Value> {
    let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("no document: {ran}"));
    let all = document.as_object().unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["doctor"], "{ran}");
    for secret in [NXOS_KEY, CLIENT_KEY, DEEPIDV_KEY, SVIX_SECRET, BAANX_SECRET, DEEPIDV_SECRET] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "a secret is shown: {ran}");
    }
    all["doctor"].as_array().unwrap().clone()
}

/// Provider and outcome of one check, in the order of the report.
fn outcomes(report: &[Value], check: &str) -> Vec<(String, String)> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let of_check = report.iter().filter(|finding| finding["check"] == check);
    of_check.map(|finding| (text(finding, "provider"), text(finding, "outcome"))).collect()
}

fn all(outcome: &str) -> Vec<(String, String)> {
    ["cards", "primary", "sessions", "signup"].map(|id| (id.to_owned(), outcome.to_owned())).into()
}

fn kind_of_error(ran: &Ran) -> Value {
    let last: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    last["error"]["kind"].clone()
}

#[test]
fn nothing_is_broken_where_the_vendors_know_no_such_session() {
    let world = World::always(unknown().with("Date", &date(0)));
    let ran = world.json("doctor").exits(0);
    assert_eq!(ran.stderr, "", "{ran}");
    let report = report(&ran);
    for check in ["configuration", "secrets", "webhooks", "connection", "credentials", "clock"] {
        assert_eq!(outcomes(&report, check), all("fine"), "{check}: {ran}");
    }
    for check in ["breaker", "retry_budget", "bulkhead", "rate_limits"] {
        assert_eq!(outcomes(&report, check), all("not_checked"), "a process that has made no call: {ran}");
    }
    for finding in &report {
        let names: Vec<_> = finding.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["advice", "check", "message", "outcome", "provider"]);
        assert!(finding["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    let seen = world.vendor.seen();
    assert_eq!(seen.len(), FLOWS.len(), "one question for each provider");
    assert!(seen.iter().all(|request| request.method == "GET"), "nothing is created: {seen:#?}");
}

#[test]
fn a_refused_key_ends_with_3() {
    let world = World::always(refused());
    let ran = world.json("doctor").exits(3);
    let report = report(&ran);
    assert_eq!(outcomes(&report, "connection"), all("fine"));
    let of_user = ("cards".to_owned(), "fine".to_owned());
    let credentials = outcomes(&report, "credentials");
    assert_eq!(credentials[0], of_user, "a 401 is about the token of the applicant there: {ran}");
    assert!(credentials[1..].iter().all(|(_, outcome)| outcome == "broken"), "{ran}");
    assert_eq!(outcomes(&report, "clock"), all("not_checked"), "no answer has a date: {ran}");
    assert_eq!(kind_of_error(&ran), "unauthenticated");
}

#[test]
fn a_vendor_that_cannot_be_reached_ends_with_4() {
    // Bound, so that nobody else takes it, and without anybody who listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let closed = format!("http://{}", socket.local_addr().unwrap());
    let world = World::new();
    world.write("idv.toml", &config(&closed, "primary"));
    let ran = world.json("doctor").exits(4);
    assert_eq!(outcomes(&report(&ran), "connection"), all("broken"));
    assert_eq!(outcomes(&report(&ran), "credentials"), all("not_checked"));
    assert_eq!(kind_of_error(&ran), "connection");
    let one =
        World::with(|seen| if seen.target.contains("organizations") { Reply::Close } else { unknown() });
    let ran = one.json("doctor").exits(4);
    let last: Value = serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap();
    assert_eq!(last["error"]["provider"], "primary", "the only one: {ran}");
}

#[test]
fn what_is_to_be_mended_here_ends_with_2() {
    let error = World::new().edit("NXOS_API_KEY", "NOT_SET").json("doctor").fails("config");
    assert_eq!(error["config"][0]["path"], "providers.primary.api_key");
    for minutes in [-10, 10] {
        let world = World::always(refused().with("Date", &date(minutes)));
        let ran = world.json("doctor").exits(2);
        assert_eq!(outcomes(&report(&ran), "clock"), all("broken"), "{ran}");
        assert_eq!(kind_of_error(&ran), "config");
    }
}

#[test]
fn people_read_what_to_do() {
    let world = World::always(refused());
    let ran = world.idv("doctor").run().exits(3);
    for words in ["primary", "credentials", "broken", "-> put a valid key of this environment"] {
        assert!(ran.stdout.contains(words), "{words}: {ran}");
    }
    assert!(ran.stderr.starts_with("error: "), "{ran}");
}
