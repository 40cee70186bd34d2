//! Options, good and bad.

use serde_json::{Value, json};

use crate::support::{built, options};

fn with(more: Value) -> Value {
    let mut options =
        options("https://api.stripe.com", json!({"webhook_secrets": ["whsec_canary00000000000001"]}));
    options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    options
}

fn warnings(more: Value) -> Vec<String> {
    built(with(more)).unwrap().warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn the_key_is_enough_and_nothing_is_warned_of() {
    let built = built(json!({"secret_key": {"env": "KEY"}})).unwrap();
    assert!(built.warnings.is_empty());
    let profile = built.provider.profile();
    assert_eq!(
        (profile.system.as_deref(), profile.kind.as_str()),
        (Some("api.stripe.com"), "stripe-identity")
    );
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    for (more, message) in [
        (json!({"base_url": "ftp://api.stripe.com"}), "base_url: "),
        (json!({"base_url": "https://api.stripe.com/v1/"}), "base_url: must not end in `/v1`"),
        (json!({"secret_key": "has blank"}), "secret_key: "),
        (json!({"secret_key": {"env": "NONE"}}), "secret_key: "),
        (json!({"workflow_id": " "}), "workflow_id: must not be empty"),
        (json!({"workflow_id": "vf_1", "verification_type": "document"}), "verification_type: give either"),
        (json!({"workflow_id": "vf_1", "document": {}}), "document: belongs to"),
        (json!({"verification_type": "id_number", "document": {}}), "document: belongs to"),
        (json!({"verification_type": "selfie"}), "verification_type: "),
        (json!({"document": {"allowed_types": ["visa"]}}), "document.allowed_types.0: "),
        (json!({"document": {"require_selfie": true}}), "document.require_selfie: "),
        (json!({"account": "7"}), "account: expected the id of an account"),
        (json!({"webhook_secrets": [""]}), "webhook_secrets.0: "),
        (json!({"api_key": "x"}), "api_key: "),
    ] {
        let found = built(with(more)).map(drop).unwrap_err();
        let expected = format!("providers.stripe.{message}");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{found:?} {expected}");
    }
}

#[test]
fn what_is_probably_a_mistake_is_warned_of() {
    for key in ["sk_test_canary0000000000001", "rk_live_canary0000000000001", "rk_test_canary0000000000001"] {
        assert!(warnings(json!({"secret_key": key})).is_empty(), "{key}");
    }
    let key = |key: &str| warnings(json!({"secret_key": key})).concat();
    assert!(key("pk_live_canary0000000000001").contains("publishable key"));
    assert!(key("canary0000000000000000000001").contains("`sk_live_`"));
    assert!(warnings(json!({"sensitive_results": true})).concat().contains("needs a restricted key"));
    assert!(
        warnings(json!({"webhook_secrets": ["canary0000000000000000000001"]})).concat().contains("`whsec_`")
    );
}

/// The limits of live mode are others than those of a sandbox.
#[test]
fn the_mode_of_the_key_decides_about_the_limits() {
    for (key, calls) in [("sk_live_canary0000000000001", 100), ("sk_test_canary0000000000001", 25)] {
        let built = built(with(json!({"secret_key": key}))).unwrap();
        let limits = &built.provider.profile().limits;
        let of =
            |scope: &str| limits.iter().find(|limit| limit.scope.as_str() == scope).map(|limit| limit.count);
        assert_eq!(
            (of("calls"), of("calls that read"), of("calls that write")),
            (Some(calls), Some(25), Some(25))
        );
    }
}
