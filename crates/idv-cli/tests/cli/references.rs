//! References that nobody made here: no request, exit code 2.

use crate::support::*;

/// Keys that could become another path, query or header.
const NASTY: &[&str] = &[
    "",
    ".",
    "..",
    "../user",
    "..%2fuser",
    "%2e%2e",
    "%2E%2E",
    "a/b",
    "a\\b",
    "a?b",
    "a#b",
    "/",
    "//",
    "//evil.example/x",
    "https://evil.example/",
    "a b",
    " ",
    "%00",
    "%0d%0aX-Injected: 1",
    "a\r\nX-Injected: 1",
    "a\nb",
    "a\tb",
    "a\u{1b}[31mb",
    "a\u{7f}b",
    "a\u{85}b",
    "a\u{202e}b",
    "é",
];

fn refused(operation: &str, reference: &str) {
    let world = World::new();
    let ran = world
        .idv(operation)
        .arg("--json")
        .args(&["--user-token-env", "USER_TOKEN", "--onboarding-id", ONBOARDING])
        .arg("--")
        .arg(reference)
        .run();
    world.vendor.none(&format!("{operation} {reference:?}"));
    assert_eq!(ran.code, 2, "{operation} {reference:?}: {ran}");
    let error = ran.error();
    shape::check(&error, shape::ERROR);
    assert_eq!(error["delivery"], "not_sent", "{operation} {reference:?}");
    assert_eq!(error["retry"], "never", "{operation} {reference:?}");
    assert!(
        !error["message"].as_str().unwrap().contains(char::is_control),
        "{operation} {reference:?}: {error}"
    );
}

/// At these two the key becomes a header or a part of the path.
#[test]
fn keys_of_another_shape_are_refused() {
    for key in NASTY {
        for provider in ["primary", "sessions"] {
            for operation in ["check", "refresh"] {
                if (provider, operation) != ("sessions", "refresh") {
                    refused(operation, &format!("{provider}:{key}"));
                }
            }
        }
    }
}

/// At Baanx the key is the caller's own reference and goes nowhere: it needs to be one, and printable.
#[test]
fn keys_that_no_caller_can_have_given_are_refused() {
    for key in ["", ".", "..", "a\nb", "a\u{1b}[31mb", "a\u{7f}b", "a\r\nX: 1"] {
        for provider in ["cards", "signup"] {
            for operation in ["check", "refresh"] {
                refused(operation, &format!("{provider}:{key}"));
            }
        }
    }
}

#[test]
fn a_key_at_baanx_is_never_sent() {
    for key in NASTY {
        for provider in ["cards", "signup"] {
            let world = World::new();
            let ran = world
                .idv("check --json --user-token-env USER_TOKEN")
                .args(&["--onboarding-id", ONBOARDING, "--"])
                .arg(format!("{provider}:{key}"))
                .run();
            let expected = if provider == "cards" {
                "GET /v1/user".to_owned()
            } else {
                format!("GET /v1/auth/register?onboardingId={ONBOARDING}")
            };
            for seen in world.vendor.seen() {
                assert_eq!(seen.line(), expected, "{key:?}");
                assert!(seen.header("X-Injected").is_none(), "{key:?}");
            }
            assert!(ran.code == 2 || ran.code == 0, "{key:?}: {ran}");
        }
    }
}

#[test]
fn references_without_a_known_provider_are_refused() {
    for reference in [
        "",
        ":",
        "primary",
        "self",
        ":self",
        "nobody:self",
        "Primary:self",
        "primary :self",
        " primary:self",
        "../primary:self",
        "pri/mary:self",
        "prim\u{e4}ry:self",
        "x".repeat(65).as_str(),
        &format!("{}:self", "x".repeat(65)),
    ] {
        for operation in ["check", "refresh"] {
            refused(operation, reference);
        }
    }
    let ran = World::new().json("check nobody:self");
    let error = ran.fails("config");
    assert_eq!(error["provider"], "nobody");
    assert!(error["message"].as_str().unwrap().contains("nobody"), "{error}");
}

/// Whole references, and more than any vendor would give, where a key belongs.
#[test]
fn keys_that_are_no_key_are_refused() {
    for reference in [
        format!("primary:primary:{ORG}"),
        format!("primary:{}", "o".repeat(5000)),
        format!("sessions:{}", "6".repeat(5000)),
    ] {
        refused("check", &reference);
    }
}

#[test]
fn redirects_and_webhooks_refuse_them_too() {
    for key in NASTY {
        let world = World::new();
        let reference = format!("sessions:{key}");
        let url = format!("https://app.example/?session_id={SESSION_ID}&status=success");
        let ran = world.idv("redirect --json --").arg(&*reference).arg(url).run();
        // Malformed, or at least not the session of this return URL.
        assert!([2, 5].contains(&ran.code), "{reference:?}: {ran}");
        ran.error();
        world.vendor.none(&reference);
    }
    for id in ["", "..", "nobody", "a/b", "a\nb"] {
        let world = World::new();
        world.write("h", "");
        world.write("b", "");
        let ran = world.idv("webhook --json --headers h --body b --").arg(id).run();
        assert_eq!(ran.code, 2, "{id:?}: {ran}");
        ran.error();
    }
    for provider in ["", "..", "nobody", "a/b", "a\nb"] {
        for command in [
            "start --json --reference r",
            "find --json --reference r",
            "import --json --share-token-env SHARE_TOKEN",
        ] {
            let world = World::new();
            let ran = world.idv(command).arg(format!("--provider={provider}")).run();
            assert_eq!(ran.code, 2, "{command} {provider:?}: {ran}");
            ran.error();
            world.vendor.none(provider);
        }
    }
}

/// The caller's own reference and organization are checked before anything is sent, and named together.
#[test]
fn a_start_with_a_bad_reference_or_organization_sends_nothing() {
    for bad in ["", "..", ".", "a\nb", "a\u{1b}b"] {
        for provider in FLOWS {
            let world = World::new();
            let command = start(provider).replace("--reference case-7781", "");
            let ran = world.idv(&command).arg("--json").arg(format!("--reference={bad}")).run();
            world.vendor.none(&format!("{provider} {bad:?}"));
            let error = ran.fails("invalid_request");
            shape::check(&error, shape::ERROR);
            assert_eq!(error["inputs"][0]["input"], "reference", "{bad:?}: {error}");
        }
    }
    for bad in ["", "..", "a/b", "a\r\nX-Injected: 1", "org_é", "a b"] {
        let world = World::new();
        let ran = world.idv(&start("primary")).arg("--json").arg(format!("--organization={bad}")).run();
        world.vendor.none(&format!("{bad:?}"));
        let error = ran.fails("invalid_request");
        assert_eq!(error["inputs"][0]["input"], "organization", "{bad:?}: {error}");
    }
    for bad in ["a\r\nX-Injected: 1", "", &"k".repeat(256)] {
        let world = World::new();
        let ran = world.idv(&start("primary")).arg("--json").arg(format!("--idempotency-key={bad}")).run();
        world.vendor.none(&format!("{bad:?}"));
        let error = ran.fails("invalid_request");
        assert_eq!(error["inputs"][0]["input"], "idempotency_key", "{error}");
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
