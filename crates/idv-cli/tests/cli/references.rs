//! References and providers that no command takes: no request, exit code 2.

use crate::support::*;

/// Commands that take a reference.
const COMMANDS: [&str; 6] = ["check", "refresh", "watch", "cancel", "erase --yes", "redirect"];

#[test]
fn a_malformed_reference_or_an_unknown_provider_is_a_usage_error() {
    for (reference, kind) in [
        ("", "invalid_request"),
        (":self", "invalid_request"),
        ("primary", "invalid_request"),
        ("primary:", "invalid_request"),
        ("primary:..", "invalid_request"),
        ("primary:a\r\nX-Injected: 1", "invalid_request"),
        (" primary:self", "invalid_request"),
        ("nobody:self", "config"),
    ] {
        for command in COMMANDS {
            let world = World::new();
            let run = world.idv(command).args(&["--json", "--", reference]);
            let run = if command == "redirect" { run.arg("https://app.example/") } else { run };
            let ran = run.run().exits(2);
            let error = ran.error();
            shape::check(&error, shape::ERROR);
            assert_eq!(error["kind"], kind, "{command} {reference:?}: {error}");
            assert_eq!(error["delivery"], "not_sent", "{command} {reference:?}");
            let message = error["message"].as_str().unwrap();
            assert!(!message.contains(char::is_control), "{command} {reference:?}: {message}");
            world.vendor.none(command);
        }
    }
}

/// Its form is the business of the adapter, and the exit code the same.
#[test]
fn a_key_that_its_provider_never_makes_is_a_usage_error() {
    for reference in ["sessions:../user", "sessions:a?b", "primary:a/b"] {
        let world = World::new();
        assert_eq!(world.json(&format!("check {reference}")).exits(2).error()["kind"], "invalid_request");
        world.vendor.none(reference);
    }
}

#[test]
fn an_unknown_provider_is_a_usage_error() {
    for provider in ["", "..", "nobody", "a/b", "a\nb"] {
        for command in [
            "start --reference r --provider",
            "find --reference r --provider",
            "import --share-token-env SHARE_TOKEN --provider",
            "webhook --headers idv.toml --body idv.toml",
        ] {
            let world = World::new();
            let run = world.idv(&format!("--json {command}"));
            let ran = match command.starts_with("webhook") {
                true => run.args(&["--", provider]).run(),
                false => run.arg(provider).run(),
            };
            ran.fails("config");
            world.vendor.none(command);
        }
    }
}

/// A way for a reference that no start takes would be a promise that nobody keeps.
#[test]
fn no_way_is_told_for_a_reference_that_a_start_refuses() {
    for bad in ["", ".", "..", "line\nbreak", &"x".repeat(257)] {
        for json in [true, false] {
            let world = World::new();
            let run = |args: &str| {
                let run = world.idv(args).arg(format!("--reference={bad}"));
                if json { run.arg("--json") } else { run }.run().exits(3)
            };
            let (routed, started) = (run("route"), run("start"));
            assert_eq!(routed.stderr, started.stderr, "the same words as those of the start");
            assert_eq!(routed.stdout, "", "{routed}");
            if json {
                let error = routed.fails("invalid_request");
                assert_eq!(error["inputs"][0]["input"], "reference", "{error}");
            }
            world.vendor.none("a malformed reference");
        }
    }
    World::new().json("route --reference case-7781 --workflow wf_1").exits(0);
    let ran = World::new().idv("route --reference case-7781").arg("--workflow=").arg("--json").run();
    ran.exits(0);
    let sessions = World::new().edit("active = \"primary\"", "active = \"sessions\"");
    let ran = sessions.idv("route --reference case-7781").arg("--workflow=").arg("--json").run();
    assert_eq!(ran.fails("invalid_request")["inputs"][0]["input"], "workflow", "the provider uses it");
}
