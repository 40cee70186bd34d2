//! Options.

use idv_core::{ConfigProblem, VerificationProviderExt};
use idv_nxos::Environment;

use crate::support::{build, built};

fn problems(json: &str) -> Vec<ConfigProblem> {
    build(json).map(|_| ()).expect_err("the options are refused")
}

fn paths(json: &str) -> Vec<String> {
    let problems = problems(json);
    let text = problems.iter().map(ToString::to_string).collect::<String>();
    assert!(!text.contains("canary"), "{text}");
    problems
        .into_iter()
        .map(|problem| problem.path.trim_start_matches("providers.primary.").to_owned())
        .collect()
}

#[test]
fn environments_are_the_documented_addresses() {
    for (word, environment, address) in [
        ("production", Environment::Production, "https://api.nxos.io"),
        ("sandbox", Environment::Sandbox, "https://api.sandbox.nxos.io"),
    ] {
        assert_eq!(environment.base_url(), address);
        let provider = build(&format!(r#"{{"environment":"{word}","api_key":"canary-key"}}"#)).unwrap();
        let shown = format!("{provider:?}");
        assert!(shown.contains(&format!("BaseUrl({address})")), "{shown}");
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn exactly_one_of_environment_and_base_url() {
    assert_eq!(paths(r#"{"api_key":"k"}"#), ["environment"]);
    assert_eq!(
        paths(r#"{"api_key":"k","environment":"sandbox","base_url":"https://a.example"}"#),
        ["base_url"]
    );
    assert!(build(r#"{"api_key":"k","base_url":"http://127.0.0.1:1"}"#).is_ok());
}

#[test]
fn everything_of_the_wrong_form_is_said_at_once() {
    let json = r#"{"environment":"staging","base_url":"http://canary.example","api_key":7,"on_behalf_of":7,
        "webhook_secrets":["x",7],"recheck_after":"canary","api_kye":"canary"}"#;
    let mut found = paths(json);
    found.sort();
    let expected = [
        "api_key",
        "api_kye",
        "base_url",
        "environment",
        "on_behalf_of",
        "recheck_after",
        "webhook_secrets.1",
    ];
    assert_eq!(found, expected);
}

#[test]
fn everything_that_cannot_be_used_is_said_at_once() {
    let json = r#"{"environment":"sandbox","base_url":"https://a.example","api_key":{"env":"NOT_THERE"},
        "on_behalf_of":"canary organization","webhook_secrets":["canary-no-svix",{"env":"NEITHER"}]}"#;
    let mut found = paths(json);
    found.sort();
    assert_eq!(found, ["api_key", "base_url", "on_behalf_of", "webhook_secrets.0", "webhook_secrets.1"]);
    let text = problems(json).iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(text.contains("NOT_THERE") && text.contains("NEITHER"), "{text}");
}

#[test]
fn the_own_organization_is_an_organization_id() {
    for id in ["", "self", "canary organization"] {
        let json = format!(r#"{{"environment":"sandbox","api_key":"k","own_organization":"{id}"}}"#);
        assert_eq!(paths(&json), ["own_organization"], "{id}");
    }
}

#[test]
fn a_key_that_cannot_stand_in_a_header_is_refused() {
    for key in ["", "canary key", "canary\\n", "canary\\u0000", "canäry"] {
        assert_eq!(paths(&format!(r#"{{"environment":"sandbox","api_key":"{key}"}}"#)), ["api_key"], "{key}");
    }
}

#[test]
fn a_webhook_secret_that_is_empty_or_of_another_scheme_is_refused() {
    for secret in ["", "whsec_", "whsec_canary!", "canary", "d2hzZWM=", "WHSEC_d2hzZWM=", "whsec_d2hzZWM"] {
        let json = format!(r#"{{"environment":"sandbox","api_key":"k","webhook_secrets":["{secret}"]}}"#);
        let found = paths(&json);
        assert!(found.len() == 1 && found[0].starts_with("webhook_secrets"), "{secret}: {found:?}");
    }
    assert!(build(r#"{"environment":"sandbox","api_key":"k","webhook_secrets":["whsec_d2hzZWM="]}"#).is_ok());
}

#[test]
fn abilities_are_as_documented() {
    use idv_core::Operation;
    let provider = build(r#"{"environment":"sandbox","api_key":"k"}"#).unwrap();
    for (operation, able) in [
        (Operation::Start, true),
        (Operation::Refresh, true),
        (Operation::Check, true),
        (Operation::Find, false),
        (Operation::Import, true),
        (Operation::Redirect, false),
        (Operation::Webhook, true),
    ] {
        assert_eq!(provider.supports(operation), able, "{operation}");
    }
    assert_eq!((provider.id().as_str(), provider.profile().kind.as_str()), ("primary", "nxos"));
}

fn warnings(options: &str) -> Vec<String> {
    built(options).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_webhook_secret_that_can_be_guessed_is_doubted() {
    let with = |secret: &str| {
        let json = format!(
            r#"{{"environment":"sandbox","api_key":"nxos_sk_test_k","webhook_secrets":["whsec_Y2FuYXJ5LWNhbmFyeS1sb25n","{secret}"]}}"#
        );
        warnings(&json)
    };
    let message = "is so short that it can be guessed: is it the whole secret?";
    assert_eq!(with("whsec_YWJj"), [format!("providers.primary.webhook_secrets.1: {message}")]);
    assert!(with("whsec_Y2FuYXJ5LWNhbmFyeS1sb25n").is_empty());
}

#[test]
fn a_key_of_another_form_or_environment_is_doubted() {
    for (place, key, doubt) in [
        (r#""environment":"production""#, "nxos_sk_live_canary", None),
        (r#""environment":"sandbox""#, "nxos_sk_test_canary", None),
        (r#""environment":"sandbox""#, "nxos_sk_canary", None),
        (r#""base_url":"http://127.0.0.1:1""#, "nxos_sk_live_canary", None),
        (
            r#""environment":"production""#,
            "nxos_sk_test_canary",
            Some("is a key for tests, and the environment is `production`"),
        ),
        (
            r#""environment":"sandbox""#,
            "nxos_sk_live_canary",
            Some("is a key for production, and the environment is `sandbox`"),
        ),
        (r#""environment":"sandbox""#, "canary", Some("does not begin with `nxos_sk_`, as documented")),
    ] {
        let expected: Vec<String> =
            doubt.iter().map(|doubt| format!("providers.primary.api_key: {doubt}")).collect();
        assert_eq!(warnings(&format!(r#"{{{place},"api_key":"{key}"}}"#)), expected, "{place} {key}");
    }
}
