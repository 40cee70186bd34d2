//! Options, good and bad.

use serde_json::{Value, json};

use crate::support::{built, options};

fn with(more: Value) -> Value {
    options("https://api.eu.onfido.com", more)
}

fn warnings(more: Value) -> Vec<String> {
    built(with(more)).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn region_and_token_are_enough_and_nothing_is_warned_of() {
    for (region, system) in
        [("eu", "api.eu.onfido.com"), ("us", "api.us.onfido.com"), ("ca", "api.ca.onfido.com")]
    {
        let built = built(json!({"region": region, "api_token": {"env": "TOKEN"}})).unwrap();
        assert!(built.warnings.is_empty());
        let profile = built.provider.profile();
        assert_eq!((profile.system.as_deref(), profile.kind.as_str()), (Some(system), "onfido"));
    }
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    for (more, message) in [
        (json!({"region": "eu"}), "base_url: give either `region` or `base_url`"),
        (json!({"base_url": null}), "region: is required"),
        (json!({"base_url": null, "region": "uk"}), "region: "),
        (json!({"base_url": "ftp://api.eu.onfido.com"}), "base_url: "),
        (json!({"api_token": "has\nbreak"}), "api_token: "),
        (json!({"api_token": {"env": "NONE"}}), "api_token: "),
        (json!({"workflow_id": " "}), "workflow_id: must not be empty"),
        (json!({"link_lifetime": "soon"}), "link_lifetime: "),
        (json!({"webhook_secrets": [""]}), "webhook_secrets.0: "),
        (json!({"api_key": "x"}), "api_key: "),
    ] {
        let found = built(with(more)).map(drop).unwrap_err();
        let expected = format!("providers.onfido.{message}");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{found:?} {expected}");
    }
}

#[test]
fn what_is_probably_a_mistake_is_warned_of() {
    let literal = |token: &str| warnings(json!({"api_token": token})).concat();
    assert!(!literal("api_sandbox.canary0000000000000001").contains("begins with"));
    assert!(literal("canary0000000000000000000001").contains("begins with neither"));
    let us = json!({"base_url": null, "region": "eu", "api_token": "api_live_us.canary00000000000001"});
    assert!(warnings(us).concat().contains("another region"));
    let unversioned = warnings(json!({"base_url": "https://api.eu.onfido.com"})).concat();
    assert!(unversioned.contains("does not end in `/v3.6`"), "{unversioned}");
}

#[test]
fn a_start_names_its_workflow_where_none_is_configured() {
    let need = |options: Value| {
        let built = built(options).unwrap();
        let profile = built.provider.profile();
        profile.inputs.need(idv_core::Operation::Start, &idv_core::Input::WORKFLOW).as_str()
    };
    assert_eq!(need(with(json!({}))), "optional");
    assert_eq!(need(with(json!({"workflow_id": null}))), "required");
}
