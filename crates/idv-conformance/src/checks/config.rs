//! Configuration: every problem is found, named and reported with all the others, and no secret is repeated.

pub mod placeholders;

use idv_core::{ConfigProblem, ErrorKind, HttpOptions, Operation};
use serde_json::{Value, json};

use crate::canary;
use crate::cases::Cases;
use crate::condition::Condition;
use crate::instance::{NOWHERE, options, secret_options};
use crate::registration::register;
use crate::trial::Trial;

register! {
    config {
        unknown_keys_are_named;
        all_mistakes_are_reported;
        wrong_types_are_named;
        missing_keys_are_named;
        secrets_are_resolved_at_once if HAS_A_SINGLE_SECRET;
        problems_repeat_no_secret;
        addresses_are_https;
        http_options_are_obeyed;
        the_schema_knows_every_key if HAS_A_SCHEMA;
    }
}

const HAS_SECRETS: Condition =
    Condition::new(|facts| !secret_options(facts.subject).is_empty(), "no option is a secret");
const HAS_A_SINGLE_SECRET: Condition = Condition::new(
    |facts| !secret_keys(&options(facts.subject, NOWHERE)).is_empty(),
    "no option is a single secret",
);
const HAS_A_SCHEMA: Condition = Condition::new(
    |facts| facts.subject.factory().schema().is_some(),
    "there is no schema, or the feature is off",
);

/// The problems of options, as printed lines.
fn problems(trial: &Trial<'_>, options: &Value) -> Vec<String> {
    trial.build(options).err().unwrap_or_default().iter().map(ConfigProblem::to_string).collect()
}

fn keys(options: &Value) -> Vec<String> {
    options.as_object().map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

/// The keys of options that are one secret each.
fn secret_keys(options: &Value) -> Vec<String> {
    let is_secret = |value: &Value| value.get("env").is_some();
    keys(options).into_iter().filter(|key| options.get(key).is_some_and(is_secret)).collect()
}

fn with(options: &Value, key: &str, value: Value) -> Value {
    let mut options = options.clone();
    if let Some(table) = options.as_object_mut() {
        table.insert(key.to_owned(), value);
    }
    options
}

/// An unknown key is a problem, and the nearest known one is named.
pub async fn unknown_keys_are_named(trial: &Trial<'_>, cases: &mut Cases) {
    let options = trial.options();
    for key in keys(&options) {
        let misspelt = format!("{key}{}", key.chars().last().unwrap_or_default());
        let found = problems(trial, &with(&options, &misspelt, json!("x")));
        let named =
            found.iter().any(|problem| problem.contains(&misspelt) && problem.contains(&format!("`{key}`")));
        cases.that(misspelt, named, || format!("the problems are {found:?}"));
    }
}

/// All problems are reported, not only the first.
pub async fn all_mistakes_are_reported(trial: &Trial<'_>, cases: &mut Cases) {
    let mut options = trial.options();
    let names = ["conformance_one", "conformance_two", "conformance_three"];
    for name in names {
        options = with(&options, name, json!(1));
    }
    options = with(&options, "recheck_after", json!([]));
    let found = problems(trial, &options);
    for name in names {
        cases.that(name, found.iter().any(|problem| problem.contains(name)), || format!("{found:?}"));
    }
}

/// A value of the wrong type is named by its key, and not repeated.
pub async fn wrong_types_are_named(trial: &Trial<'_>, cases: &mut Cases) {
    let options = trial.options();
    for key in keys(&options) {
        for (name, value) in [("list", json!([["canary-conformance-value"]])), ("number", json!(73_519_248))]
        {
            let found = problems(trial, &with(&options, &key, value));
            let named = found.iter().any(|problem| problem.contains(&key));
            cases.that(format!("{key} {name}"), named, || format!("the problems are {found:?}"));
            let text = found.join("\n");
            let repeated = text.contains("canary-conformance-value") || text.contains("73519248");
            cases.that(format!("{key} {name} repeated"), !repeated, || "the value is repeated".to_owned());
        }
    }
}

/// Empty options are refused, and a missing required key is named.
pub async fn missing_keys_are_named(trial: &Trial<'_>, cases: &mut Cases) {
    let found = problems(trial, &json!({}));
    cases.that("empty options", !found.is_empty(), || "they are enough".to_owned());
    let options = trial.options();
    for key in keys(&options) {
        let mut without = options.clone();
        if let Some(table) = without.as_object_mut() {
            table.remove(&key);
        }
        let found = problems(trial, &without);
        let optional = found.is_empty();
        let named = found.iter().any(|problem| problem.contains(&key));
        cases.that(key, optional || named, || format!("the problems are {found:?}"));
    }
}

/// Every secret is resolved when the provider is built: a missing or an empty one is named, with its place.
pub async fn secrets_are_resolved_at_once(trial: &Trial<'_>, cases: &mut Cases) {
    let options = trial.options();
    for key in secret_keys(&options) {
        let missing = problems(trial, &with(&options, &key, json!({"env": "CONFORMANCE_MISSING"})));
        let named =
            missing.iter().any(|problem| problem.contains(&key) && problem.contains("CONFORMANCE_MISSING"));
        cases.that(format!("{key} missing"), named, || format!("the problems are {missing:?}"));
        let empty = problems(trial, &with(&options, &key, json!({"env": "CONFORMANCE_EMPTY"})));
        cases.that(format!("{key} empty"), empty.iter().any(|problem| problem.contains(&key)), || {
            format!("the problems are {empty:?}")
        });
        let file = problems(trial, &with(&options, &key, json!({"file": "conformance/missing"})));
        cases.that(format!("{key} file"), file.iter().any(|problem| problem.contains(&key)), || {
            format!("the problems are {file:?}")
        });
    }
}

/// No problem repeats a secret, however it came into the configuration.
pub async fn problems_repeat_no_secret(trial: &Trial<'_>, cases: &mut Cases) {
    const SECRET: &str = "canary-conformance-secret";
    let options = trial.options();
    for key in keys(&options) {
        for (name, value) in [
            ("literal", json!(SECRET)),
            ("in a list", json!([SECRET])),
            ("in a table", json!({"env": [SECRET], "canary": SECRET})),
            ("with a line break", json!(format!("{SECRET}\n"))),
        ] {
            let broken = with(&with(&options, &key, value), "conformance_unknown", json!(1));
            let printed = problems(trial, &broken).join("\n");
            let told = canary::find(&printed, &[SECRET.to_owned()]).is_some();
            cases.that(format!("{key} {name}"), !told, || "the secret is repeated".to_owned());
        }
    }
}

/// The vendor's address is `https`, or `http` on loopback, and holds no credential.
pub async fn addresses_are_https(trial: &Trial<'_>, cases: &mut Cases) {
    for address in [
        "http://api.vendor.example.com",
        "ftp://api.vendor.example.com",
        "https://user:password@api.vendor.example.com",
        "api.vendor.example.com",
        "",
    ] {
        let built = trial.build(&trial.subject.options(address));
        cases.that(format!("{address:?}"), built.is_err(), || "it is accepted".to_owned());
    }
    let built = trial.build(&trial.subject.options("https://api.vendor.example.com"));
    cases.that("https", built.is_ok(), || format!("it is refused: {:?}", built.err()));
}

/// The options of the HTTP client are obeyed: the limit of an answer, and the proxy.
pub async fn http_options_are_obeyed(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(reference) = cases.some("start", trial.begun(1).await) else { return };
    let mut small = HttpOptions::default();
    small.response_limit = 1;
    let mut aside = HttpOptions::default();
    aside.proxy = Some(trial.vendor.base_url().to_owned().into());
    let nowhere = trial.options_at("http://127.0.0.1:9");
    let (small, aside) = (trial.build_with(&trial.options(), small), trial.build_with(&nowhere, aside));
    let (Ok(small), Ok(aside)) = (small, aside) else {
        return cases.that("options", false, || "a limit or a proxy is refused".to_owned());
    };
    trial.vendor.answer(trial.success(Operation::Check, 1));
    let kind = small.check(&trial.check_of(1, &reference)).await.err().map(|error| error.kind());
    cases.equal("an answer above the limit", kind, Some(ErrorKind::InvalidResponse));
    trial.vendor.take();
    let checked = aside.check(&trial.check_of(1, &reference)).await;
    cases.that("through the proxy", checked.is_ok(), || format!("failed: {:?}", checked.err()));
    let asked = !trial.vendor.take().is_empty();
    cases.that("the proxy is asked", asked, || "it received no request".to_owned());
}

/// The JSON Schema knows every key that is used, and refuses others.
pub async fn the_schema_knows_every_key(trial: &Trial<'_>, cases: &mut Cases) {
    let Some(schema) = trial.subject.factory().schema() else { return };
    let Some(schema) = cases.some("schema", serde_json::from_str::<Value>(schema.as_str())) else { return };
    for key in keys(&trial.options()) {
        let known = schema.pointer(&format!("/properties/{key}")).is_some();
        cases.that(key, known, || "the schema does not know it".to_owned());
    }
    cases.equal("other keys", schema.get("additionalProperties"), Some(&json!(false)));
}
