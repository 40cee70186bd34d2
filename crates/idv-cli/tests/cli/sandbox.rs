//! `idv sandbox`: the whole thing without any account.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::support::*;

/// A running sandbox. It is asked to stop as a person would, or killed when a test fails.
struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
}

impl Running {
    fn start(args: &str) -> Self {
        let mut child = idv(args)
            .command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    fn document(&mut self) -> Value {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("no document ({e}): {line}"))
    }

    /// Ctrl-C; everything that was still said.
    fn interrupt(mut self) -> (Option<i32>, String, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let (mut out, mut err) = (String::new(), String::new());
        self.out.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code(), out, err)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("`{name}` in {value}")).to_owned()
}

#[test]
fn the_sandbox_serves_all_flows() {
    let mut sandbox = Running::start("sandbox --json");
    let told = sandbox.document()["sandbox"].clone();
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("idv.toml"), text(&told, "config")).unwrap();
    let run = |args: &str, token: &str, onboarding: &str| {
        idv(args)
            .dir(dir.path())
            .arg("--json")
            .env("USER_TOKEN", token)
            .env("ONBOARDING_ID", onboarding)
            .run()
    };
    run("config check", "", "").document();
    let providers = run("providers", "", "").document()["providers"].clone();
    assert_eq!(providers.as_array().unwrap().len(), 13);

    assert!(text(&told, "control_url").starts_with("http://127.0.0.1:"), "{told}");
    // What a registered user and somebody who registers would bring along.
    let (token, id) = (text(&told, "user_token"), text(&told, "onboarding_id"));
    let described = ["persona", "didit", "idenfy", "shufti", "plaid"];
    for provider in FLOWS.into_iter().chain(["direct", "veriff", "stripe", "onfido"]).chain(described) {
        let session = run(&start(provider), &token, &id).found("session");
        shape::check(&session, shape::SESSION);
        assert_eq!(session["provider"], provider);
        let reference = text(&session, "reference");
        let credentials = "--user-token-env USER_TOKEN --onboarding-id-env ONBOARDING_ID";
        let state = run(&format!("check {reference} {credentials}"), &token, &id).found("verification");
        shape::check(&state, shape::VERIFICATION);
        let is_open =
            ["primary", "direct", "stripe", "onfido", "idenfy", "shufti", "plaid"].contains(&provider);
        let expected = if is_open { "in_progress" } else { "not_started" };
        assert_eq!(state["status"], expected, "{provider}");
        if !["sessions", "veriff", "idenfy", "shufti", "plaid"].contains(&provider) {
            run(&format!("refresh {reference} {credentials}"), &token, &id).found("session");
        }
    }
    let found = run("find --provider sessions --reference case-7781", "", "").found("verifications");
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    let (code, out, err) = sandbox.interrupt();
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""), "Ctrl-C is how it ends");
}

#[test]
fn what_the_sandbox_prints_for_people_is_a_configuration() {
    let mut sandbox = Running::start("sandbox");
    let mut printed = String::new();
    // The last provider's last line; the rest of the file came before.
    while !printed.contains("[providers.onfido]") || printed.matches("webhook_secrets").count() < 7 {
        assert_ne!(sandbox.out.read_line(&mut printed).unwrap(), 0, "it ended: {printed}");
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("sandbox.toml");
    std::fs::write(&file, &printed).unwrap();
    let run = |args: &str| idv(args).arg("--config").arg(file.display().to_string()).arg("--json").run();
    let session = run("start --reference case-1").found("session");
    run(&format!("check {}", text(&session, "reference"))).found("verification");
    // The command lines among the comments work as they stand, whatever comes before `idv`.
    let commands: Vec<_> = printed.lines().filter_map(|l| l.strip_prefix("#   ")).collect();
    assert_eq!(commands.len(), 4, "{printed}");
    for command in commands {
        let (variable, args) = command.split_once("idv ").unwrap();
        let (name, value) = variable.trim().split_once('=').unwrap_or(("UNUSED", ""));
        let ran =
            idv(args).env(name, value).arg("--config").arg(file.display().to_string()).arg("--json").run();
        ran.found("session");
    }
    assert!(!printed.contains('\u{1b}'), "{printed}");
    let (code, _, err) = sandbox.interrupt();
    assert_eq!((code, err.as_str()), (Some(0), ""));
}

#[test]
fn the_sandbox_takes_the_ports_that_it_is_given() {
    // Some port may be taken by others: then it says so, and another is tried.
    for attempt in 0..100_u16 {
        // Below the ports that the system gives to connections, and room for one port for each vendor.
        let port = 10_000 + (std::process::id() as u16 % 2_000) * 10 + attempt * 16;
        let mut sandbox = Running::start(&format!("sandbox --json --port {port}"));
        let mut line = String::new();
        sandbox.out.read_line(&mut line).unwrap();
        if line.is_empty() {
            let (mut err, code) = (String::new(), sandbox.child.wait().unwrap().code());
            sandbox.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
            assert_ne!(code, Some(0), "{err}");
            let document: Value = serde_json::from_str(err.lines().last().unwrap()).unwrap();
            shape::check(&document["error"], shape::ERROR);
            continue;
        }
        let told: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(told["sandbox"]["control_url"], format!("http://127.0.0.1:{port}"));
        for offset in 1..=3 {
            assert!(
                text(&told["sandbox"], "config").contains(&format!("\"http://127.0.0.1:{}\"", port + offset)),
                "{told}"
            );
        }
        // The ports are taken now.
        let second = idv(&format!("sandbox --json --port {port}")).run();
        assert_ne!(second.code, 0, "{second}");
        second.error();
        assert_eq!(sandbox.interrupt().0, Some(0));
        return;
    }
    panic!("no such ports in a row were free");
}

/// As in a container whose ports are published.
#[test]
fn a_sandbox_for_other_machines_warns_and_tells_what_works_here() {
    for (json, host, warns) in [
        ("--json", "0.0.0.0", true),
        ("", "0.0.0.0", true),
        ("--json", "127.0.0.1", false),
        ("", "localhost", false),
    ] {
        let mut sandbox = Running::start(&format!("sandbox --host {host} {json}"));
        let mut printed = String::new();
        let is_all = |printed: &str| printed.matches("webhook_secrets").count() >= 4;
        while !is_all(&printed) {
            assert_ne!(sandbox.out.read_line(&mut printed).unwrap(), 0, "it ended: {printed}");
        }
        let config = match json {
            "" => printed,
            _ => text(&serde_json::from_str::<Value>(&printed).unwrap()["sandbox"], "config"),
        };
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("idv.toml"), config).unwrap();
        idv("start --reference case-1 --json").dir(dir.path()).run().found("session");
        let (code, _, err) = sandbox.interrupt();
        assert_eq!(code, Some(0), "{err}");
        let told = "the sandbox listens on 0.0.0.0: everybody who reaches this machine can use it";
        assert_eq!(err.contains(told), warns, "{host}: {err}");
        assert_eq!(err.is_empty(), !warns, "{host}: {err}");
        if warns && json == "--json" {
            let document: Value = serde_json::from_str(&err).unwrap();
            assert!(document["warning"]["message"].is_string(), "{document}");
        }
    }
    for nonsense in ["nonsense", "", "127.0.0.1:80", "example.test"] {
        let ran = idv("sandbox --json").arg(format!("--host={nonsense}")).run();
        assert_eq!(ran.fails("config")["kind"], "config", "{nonsense}");
    }
    let elsewhere = idv("sandbox --json --host 198.51.100.7").run();
    let error = elsewhere.fails("unavailable");
    assert!(text(&error, "message").contains("198.51.100.7"), "{error}");
}
