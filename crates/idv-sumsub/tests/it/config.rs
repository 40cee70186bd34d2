//! Options, good and bad.

use serde_json::{Value, json};

use crate::support::{built, options};

fn with(key: &str, value: Value) -> Value {
    let mut options = options("https://api.sumsub.com");
    options[key] = value;
    options
}

#[test]
fn the_least_is_enough_and_nothing_is_warned_of() {
    let least = json!({"app_token": {"env": "TOKEN"}, "secret_key": {"env": "SECRET"}});
    let built = built(least).unwrap();
    assert!(built.warnings.is_empty());
    assert_eq!(built.provider.profile().system.as_deref(), Some("api.sumsub.com"));
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    for (key, value, message) in [
        ("base_url", json!("ftp://api.sumsub.com"), "base_url: "),
        ("app_token", json!("has blank"), "app_token: "),
        ("secret_key", json!({"env": "NONE"}), "secret_key: "),
        ("level", json!(" "), "level: must not be empty"),
        ("link_lifetime", json!("soon"), "link_lifetime: "),
        ("webhook_algorithm", json!("md5"), "webhook_algorithm: "),
        ("applicant_type", json!("robot"), "applicant_type: "),
        ("webhook_secrets", json!([""]), "webhook_secrets.0: "),
        ("levels", json!("x"), "levels: "),
    ] {
        let found = built(with(key, value)).map(drop).unwrap_err();
        let expected = format!("providers.direct.{message}");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{found:?} {expected}");
    }
}

#[test]
fn what_is_probably_a_mistake_is_warned_of() {
    let warnings = |options: Value| -> Vec<String> {
        built(options).unwrap().warnings.iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        warnings(with("app_token", json!("canary-token"))),
        ["providers.direct.app_token: begins neither with `prd:` nor with `sbx:`, as documented"]
    );
    assert_eq!(warnings(with("webhook_secrets", json!(["short-one"]))).len(), 1);
}
