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
    for (name, vendor) in [
        ("deepidv", "deepidv"),
        ("persona", "Persona"),
        ("didit", "Didit"),
        ("idenfy", "iDenfy"),
        ("plaid", "Plaid"),
        ("shufti", "Shufti"),
    ] {
        let ran = idv(&format!("describe {name} --json")).run().exits(0);
        let described: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(described["description"]["vendor"], vendor, "{ran}");
        let samples = described["description"]["samples"].as_array().unwrap();
        assert!(!samples.is_empty() && samples.iter().all(|sample| sample["holds"] == true), "{ran}");
        let kit = &described["description"]["conformance"];
        assert_eq!(kit["failed"], serde_json::json!([]), "{ran}");
        assert!(kit["passed"].as_u64().unwrap() > 80, "{ran}");
        assert!(
            kit["not_applicable"].as_array().unwrap().iter().all(|one| one["reason"].is_string()),
            "{ran}"
        );
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
    let document = error(&ran);
    let problems = document["error"]["config"].as_array().unwrap();
    let places: Vec<_> =
        problems.iter().map(|one| (one["path"].as_str().unwrap(), one["line"].as_u64())).collect();
    assert_eq!(places, [("start.path", Some(2)), ("status_words.done", Some(4))], "{ran}");
    assert!(!ran.stderr.contains("canary"), "{ran}");
    let ran = idv("describe no-such-file.toml --json").run().exits(2);
    assert_eq!(ran.stdout, "", "{ran}");
    let told = error(&ran)["error"]["message"].as_str().unwrap().to_owned();
    let names = "Built in are deepidv, didit, idenfy, persona, plaid, shufti";
    assert_eq!(told, format!("no-such-file.toml is neither a file nor a built-in description. {names}"));
    let ran = idv("describe personna --json").run().exits(2);
    let told = error(&ran)["error"]["message"].as_str().unwrap().to_owned();
    assert!(told.contains("; did you mean `persona`? Built in are "), "{told}");
}

/// What a description forgets without saying anything wrong, the kit finds: one check for each.
#[test]
fn the_kit_finds_what_a_description_forgets() {
    let lasting = ACME.replace("start.path = \"/s\"", "start = { path = \"/s\", lives = \"1d\" }");
    let cancelling = format!("cancel.path = \"/s/{{id}}/end\"\n{ACME}");
    let unnamed = "start.fields.reference = \"r\"\nfind = { path = \"/s\", whole = true }\nsession.reference = \"/id\"\ncheck.path";
    let unnamed = ACME.replace("check.path", unnamed);
    for (text, check) in [
        (lasting, "time::expiries_follow_the_profile"),
        (cancelling, "ending::cancelled_sessions_are_cancelled"),
        (unnamed, "status::finds_are_complete"),
    ] {
        let ran = describe(&text).exits(2);
        let described: Value = serde_json::from_str(&ran.stdout).unwrap();
        let failed = described["description"]["conformance"]["failed"].as_array().unwrap();
        let of_check =
            failed.iter().find(|one| one["check"] == check).unwrap_or_else(|| panic!("{check}: {ran}"));
        assert!(!of_check["complaints"].as_array().unwrap().is_empty(), "{ran}");
        assert!(
            error(&ran)["error"]["message"].as_str().unwrap().contains("of the conformance kit fail"),
            "{ran}"
        );
        let told = idv("describe -").stdin(&text).run().exits(2);
        assert!(told.stdout.contains(&format!("! {check}\n    ")), "{told}");
    }
}

#[test]
fn the_page_of_a_vendor_is_printed_where_it_is_asked_for() {
    let ran = idv("describe plaid --page").run().exits(0);
    for wanted in [
        "# Plaid\n",
        "preset = \"plaid\"",
        "secrets.client_id",
        "| rest | `failed` | `rejected` |",
        "`errors.kinds`",
    ] {
        assert!(ran.stdout.contains(wanted), "{wanted}: {ran}");
    }
    let as_json: Value =
        serde_json::from_str(&idv("describe plaid --page --json").run().exits(0).stdout).unwrap();
    assert_eq!(as_json["page"].as_str().unwrap().trim_end(), ran.stdout.trim_end());
    let ran = idv("describe - --page").stdin(ACME).run().exits(0);
    assert!(ran.stdout.contains("description = \"description.toml\""), "{ran}");
}
