//! `idv cancel` and `idv erase`: no vendor of today can, and nothing happens by mistake.

use serde_json::Value;

use crate::support::*;

const SESSIONS: [&str; 4] = ["primary:self", "cards:case-7", "signup:case-7", "sessions:6b1d-2"];

fn refused(command: &str, session: &str) -> Value {
    let world = World::new();
    let ran = world.json(&format!("{command} {session}"));
    world.vendor.none(command);
    assert_eq!(ran.code, 3, "{command} {session}: {ran}");
    let error = ran.error();
    shape::check(&error, shape::ERROR);
    error
}

#[test]
fn what_no_vendor_can_is_said_with_what_to_do_instead() {
    for (command, operation) in [("cancel", "cancel"), ("erase --yes", "erase")] {
        for session in SESSIONS {
            let error = refused(command, session);
            assert_eq!(error["kind"], "unsupported", "{command} {session}");
            assert_eq!(error["operation"], operation, "{command} {session}");
            assert_eq!(error["delivery"], "not_sent", "{command} {session}");
            let message = error["message"].as_str().unwrap();
            assert!(
                message.contains("expire") || message.contains("support"),
                "{command} {session}: {message}"
            );
        }
    }
}

#[test]
fn nothing_is_erased_unless_somebody_says_so() {
    let world = World::new();
    let ran = world.json("erase primary:self");
    world.vendor.none("erase");
    assert_eq!(ran.code, 2, "{ran}");
    let error = ran.error();
    assert!(error["message"].as_str().unwrap().contains("--yes"), "{error}");
}

#[test]
fn references_that_lead_nowhere_are_usage_errors() {
    for command in ["cancel", "erase --yes", "erase"] {
        for (session, kind) in [("nobody:x", "config"), ("no-colon", "invalid_request")] {
            let world = World::new();
            let ran = world.json(&format!("{command} {session}"));
            assert_eq!(ran.code, 2, "{command} {session}: {ran}");
            assert_eq!(ran.error()["kind"], kind, "{command} {session}");
        }
    }
}

#[test]
fn capabilities_name_both() {
    let world = World::new();
    let documents = world.json("providers").found("providers");
    for provider in documents.as_array().unwrap() {
        assert_eq!(provider["capabilities"]["cancel"], false, "{provider}");
        assert_eq!(provider["capabilities"]["erase"], false, "{provider}");
    }
}

#[test]
fn what_is_known_of_an_applicant_besides_is_listed_as_unused() {
    for (provider, more) in [
        ("primary", ""),
        ("sessions", "--first-name Ada --last-name L --email a@b.example --phone +15192223333"),
    ] {
        let world = World::new();
        let known = "--date-of-birth 1815-12-10 --country GB --language en-GB";
        let session =
            world.json(&format!("start --provider {provider} --reference r {known} {more}")).found("session");
        let unused: Vec<&str> = session["unused_inputs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|input| input.as_str().unwrap())
            .collect();
        for input in ["date_of_birth", "country", "language"] {
            assert!(unused.contains(&input), "{provider}: {unused:?}");
        }
    }
}
