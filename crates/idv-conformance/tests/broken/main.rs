//! The kit notices what is wrong: each flaw of an adapter fails in its family, and in no other.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod acme;
mod flaw;
mod subject;
mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;

use flaw::Flaw;
use idv_conformance::{Failed, Subject, check, checks};
use subject::{Acme, Echoing};

fn shared(subject: impl Subject) -> Arc<dyn Subject> {
    Arc::new(subject)
}

fn failures(acme: Acme) -> Vec<Failed> {
    let acme = shared(acme);
    checks().iter().filter_map(|one| check(&acme, one.family(), one.name()).err()).collect()
}

#[track_caller]
fn fails_in(flaw: Flaw, family: &str, check: Option<&str>) {
    let failures = failures(Acme::with(flaw));
    let families: BTreeSet<&str> =
        failures.iter().map(|failed| failed.scenario().split("::").next().unwrap()).collect();
    assert_eq!(families, BTreeSet::from([family]), "{flaw:?}: {failures:#?}");
    if let Some(check) = check {
        let scenarios: Vec<&str> = failures.iter().map(Failed::scenario).collect();
        assert_eq!(scenarios, [format!("{family}::{check}")], "{flaw:?}: {failures:#?}");
    }
    let report = failures.iter().map(Failed::to_string).collect::<String>();
    let leaked = ["acme-key-canary", "acme-hook-canary", "Quillfeather", "acme.example/c/"];
    assert!(!leaked.iter().any(|secret| report.contains(secret)), "the report on {flaw:?} passes a leak on");
}

/// Else the flaws would prove nothing.
#[test]
fn without_a_flaw_everything_passes() {
    let failures = failures(Acme::SOUND);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_vendor_that_gives_a_token_alone_passes_too() {
    let failures = failures(Acme { hosts_a_page: false, ..Acme::SOUND });
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_vendor_whose_starts_take_several_calls_passes_too() {
    let failures = failures(Acme::IN_STEPS);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_vendor_that_stores_failures_passes_too() {
    let failures = failures(Acme::STORING);
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_start_under_a_key_with_a_stored_failure_is_noticed() {
    let acme = Acme { repeats_stored_failures: true, ..Acme::STORING };
    let check_name = "server_errors_after_the_work_make_no_second_session";
    let failed = check(&shared(acme), "retry", check_name).unwrap_err();
    assert!(
        failed.to_string().contains("500: the caller ends with: found Session, wanted Found"),
        "{failed}"
    );
}

#[test]
fn a_vendor_whose_events_have_no_types_passes_too() {
    let acme = Acme { has_event_types: false, ..Acme::SOUND };
    let typed = check(&shared(acme), "webhook", "other_events_are_ignored").unwrap();
    assert_eq!(typed.not_applicable, Some("the vendor's events have no types"));
    let failures = failures(Acme { has_event_types: false, ..Acme::SOUND });
    assert!(failures.is_empty(), "{failures:#?}");
}

const DECLARED: &str = r#"
[[deviation]]
scenario = "start::invitations_are_off_unless_asked_for"
reason = "Acme writes to every applicant, and no field of the call turns that off"
source = "acme.example/docs/checks"
"#;

#[test]
fn a_declared_flaw_passes_and_a_stale_declaration_fails() {
    let [family, name] = ["start", "invitations_are_off_unless_asked_for"];
    let declared = Acme { deviations: DECLARED, ..Acme::with(Flaw::InvitesEverybody) };
    let passed = check(&shared(declared), family, name).unwrap();
    assert!(passed.cases > 0 && passed.not_applicable.is_none());
    let stale = Acme { deviations: DECLARED, ..Acme::SOUND };
    let failed = check(&shared(stale), family, name).unwrap_err();
    assert!(failed.to_string().contains("is stale"), "{failed}");
}

#[test]
fn a_declaration_of_nothing_is_found() {
    let unknown = Acme {
        deviations: "[[deviation]]\nscenario = \"start::nothing\"\nreason = \"r\"\nsource = \"s\"",
        ..Acme::SOUND
    };
    let failed = idv_conformance::check_deviations(&unknown).unwrap_err();
    assert!(failed.to_string().contains("`start::nothing` names a check that does not exist"), "{failed}");
    let idle = Acme {
        deviations: "[[deviation]]\nscenario = \"retry::refreshes_never_reuse_a_key\"\nreason = \"r\"\nsource = \"s\"",
        ..Acme::IN_STEPS
    };
    let failed = idv_conformance::check_deviations(&idle).unwrap_err();
    assert!(failed.to_string().contains("names a check that does not apply"), "{failed}");
    let broken = Acme { deviations: "[[deviation]]\nscenario = \"start::x\"", ..Acme::SOUND };
    assert!(idv_conformance::check_deviations(&broken).is_err());
    assert!(
        check(&shared(broken), "start", "sessions_are_open").is_err(),
        "no check passes beside a file that cannot be read"
    );
}

#[test]
fn a_check_that_does_not_exist_is_not_passed() {
    assert!(check(&shared(Acme::SOUND), "start", "nothing").is_err());
}

#[test]
fn a_report_does_not_pass_a_secret_on() {
    let echoing = shared(Echoing(Acme::SOUND));
    let failed = check(&echoing, "errors", "documented_errors_are_understood").unwrap_err();
    assert_eq!(
        failed.complaints(),
        ["echo code: what was found holds a secret, and is withheld: number 6"],
        "{failed}"
    );
}
