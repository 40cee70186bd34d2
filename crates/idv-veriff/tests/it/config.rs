//! Options, good and bad.

use serde_json::{Value, json};

use crate::support::{built, options};

fn problems(options: Value) -> Vec<String> {
    built(options).map(drop).unwrap_err()
}

fn with(key: &str, value: Value) -> Value {
    let mut options = options("https://stationapi.veriff.com");
    options[key] = value;
    options
}

#[test]
fn the_least_is_enough_and_nothing_is_warned_of() {
    assert!(built(options("https://stationapi.veriff.com")).unwrap().warnings.is_empty());
}

#[test]
fn each_mistake_is_named_where_it_stands() {
    for (options, message) in [
        (
            with("base_url", json!("https://stationapi.veriff.com/v1")),
            "base_url: must not end in `/v1`, which is added to it",
        ),
        (
            with("base_url", json!("https://stationapi.veriff.com/v1/")),
            "base_url: must not end in `/v1`, which is added to it",
        ),
        (with("shared_secrets", json!([])), "shared_secrets: at least one is needed: it signs requests"),
        (with("shared_secrets", json!([{"env": "NONE"}])), "shared_secrets.0: "),
        (with("api_key", json!("has blank")), "api_key: "),
        (with("shared_secret", json!("x")), "shared_secret: "),
    ] {
        let found = problems(options);
        let expected = format!("providers.people.{message}");
        assert!(found.len() == 1 && found[0].starts_with(&expected), "{found:?} {expected}");
    }
}

#[test]
fn a_secret_that_can_be_guessed_is_warned_of() {
    let built = built(with("shared_secrets", json!(["short-one"]))).unwrap();
    let warnings: Vec<_> = built.warnings.iter().map(ToString::to_string).collect();
    let message = "is so short that it can be guessed: is it the whole secret?";
    assert_eq!(warnings, [format!("providers.people.shared_secrets.0: {message}")]);
}
