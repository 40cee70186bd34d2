//! `idv describe`: the samples of a description, and everything that is wrong with it.

use serde_json::Value;

use crate::support::*;

const ACME: &str = r#"vendor = "Acme"
start.path = "/s"
check.path = "/s/{id}"
status_words.done = "approved"
[[samples]]
name = "a verdict"
answer_to = "check"
body = '{"id":"a","status":"done"}'
sees = { status = "approved", next_action = "none" }
"#;

fn describe(text: &str) -> Ran {
    idv("describe - --json").stdin(text).run()
}

fn error(ran: &Ran) -> Value {
    serde_json::from_str(ran.stderr.lines().last().unwrap()).unwrap()
}

#[test]
fn the_built_in_descriptions_hold() {
    for (name, vendor) in
        [("deepidv", "deepidv"), ("persona", "Persona"), ("didit", "Didit"), ("idenfy", "iDenfy")]
    {
        let ran = idv(&format!("describe {name} --json")).run().exits(0);
        let described: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(described["description"]["vendor"], vendor, "{ran}");
        let samples = described["description"]["samples"].as_array().unwrap();
        assert!(!samples.is_empty() && samples.iter().all(|sample| sample["holds"] == true), "{ran}");
    }
    let ran = idv("describe persona").run().exits(0);
    assert!(ran.stdout.starts_with("Persona: start, check, refresh, find"), "{ran}");
    assert!(
        ran.stdout.contains("an expired inquiry can go on") && ran.stdout.contains("resume_session"),
        "{ran}"
    );
}

#[test]
fn a_sample_that_does_not_hold_is_a_failure_and_says_what_is_seen() {
    let ran = describe(ACME).exits(0);
    let described: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(described["description"]["samples"][0]["seen"]["provider_status"], "done", "{ran}");
    let ran =
        describe(&ACME.replace("sees = { status = \"approved\"", "sees = { status = \"rejected\"")).exits(2);
    let described: Value = serde_json::from_str(&ran.stdout).unwrap();
    let told = &described["description"]["samples"][0]["differences"][0];
    assert_eq!(*told, "status: the description says `rejected`, and an application sees `approved`", "{ran}");
    assert_eq!(error(&ran)["error"]["kind"], "config", "{ran}");
}

#[test]
fn every_problem_of_a_description_is_told_with_its_line() {
    let broken = ACME.replace("\"/s\"", "\"s\"").replace("= \"approved\"\n[[", "= \"canary-no-status\"\n[[");
    let ran = describe(&broken).exits(2);
    let error = error(&ran);
    let problems = error["error"]["config"].as_array().unwrap();
    let places: Vec<_> =
        problems.iter().map(|one| (one["path"].as_str().unwrap(), one["line"].as_u64())).collect();
    assert_eq!(places, [("start.path", Some(2)), ("status_words.done", Some(4))], "{ran}");
    assert!(!ran.stderr.contains("canary"), "{ran}");
    let ran = idv("describe no-such-file.toml --json").run().exits(2);
    assert_eq!(ran.stdout, "", "{ran}");
}
