//! The JSON Schema of the configuration says the same as the code that reads it.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(all(feature = "schema", feature = "nxos"))]

use std::sync::Arc;

use idv::adapter::{BuildContext, BuiltProvider, Catalogue, JsonSchema, ProviderFactory, ProviderOptions};
use idv::config::{ConfigDocument, json_schema};
use idv::{ConfigProblem, ProviderId, ProviderKind, Registry};
use idv_core::testing::StaticSecrets;
use serde_json::{Value, json};

/// A kind from elsewhere, with a schema or without.
#[derive(Debug)]
struct Plain(&'static str, Option<Value>);

impl ProviderFactory for Plain {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static(self.0)
    }

    fn build(
        &self,
        _: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        Err(Vec::new())
    }

    fn schema(&self) -> Option<JsonSchema> {
        self.1.as_ref().map(|schema| JsonSchema::new(schema.to_string()))
    }
}

fn is_valid(catalogue: &Catalogue, configuration: &Value) -> bool {
    let schema = json_schema(catalogue);
    jsonschema::meta::validate(&schema).expect("a JSON Schema");
    jsonschema::draft202012::new(&schema).expect("a JSON Schema").is_valid(configuration)
}

fn example() -> Value {
    json!({
        "active": "primary",
        "providers": {
            "primary": {
                "kind": "nxos",
                "environment": "sandbox",
                "api_key": {"env": "KEY"},
                "on_behalf_of": "org_1",
                "webhook_secrets": [{"env": "WEBHOOK"}],
                "recheck_after": "365d",
                "http": {
                    "attempt_timeout": "20s",
                    "connect_timeout": "3s",
                    "response_limit": 1000,
                    "proxy": "http://127.0.0.1:3128",
                    "extra_ca": [],
                },
                "limits": {
                    "documented": false,
                    "calls_per_second": 10,
                    "burst": 20,
                    "queue": 0,
                    "longest_wait": "5s",
                    "breaker": false,
                },
            },
            "test": {"kind": "nxos", "retired": true, "base_url": "http://127.0.0.1:9", "api_key": {"env": "KEY"}},
        },
        "tracker": {"url": {"env": "TRACKER"}, "hold": "2h", "approvals_count_for": "365d", "batch": 32, "quota_percent": 50,
            "deliver_to": "https://app.example/idv", "deliver_secrets": [{"env": "DELIVERY"}]},
    })
}

fn is_built(configuration: &Value) -> bool {
    let document: ConfigDocument = serde_json::from_value(configuration.clone()).unwrap();
    let secrets = StaticSecrets::new([
        ("KEY", "nxos_sk_1"),
        ("WEBHOOK", "whsec_MDEyMzQ1Njc4OQ=="),
        ("ROUTING", "0123456789abcdef"),
    ]);
    Registry::builder().secrets(Arc::new(secrets)).build(&document).is_ok()
}

/// The example with the value at a pointer set, or taken away.
fn changed(pointer: &str, value: Option<Value>) -> Value {
    let mut configuration = example();
    let (table, key) = pointer.rsplit_once('/').unwrap();
    let table = configuration.pointer_mut(table).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => drop(table.insert(key.to_owned(), value)),
        None => drop(table.remove(key).unwrap()),
    }
    configuration
}

#[test]
fn the_example_is_valid_and_builds() {
    assert!(is_valid(&Catalogue::compiled_in(), &example()));
    assert!(is_built(&example()));
}

#[test]
fn what_does_not_build_is_not_valid() {
    for (pointer, value) in [
        ("/active", None),
        ("/active", Some(json!(1))),
        ("/providers", None),
        ("/providers", Some(json!({}))),
        ("/colour", Some(json!("red"))),
        ("/tracker", Some(json!("sqlite://idv.db"))),
        ("/tracker/url", None),
        ("/tracker/url", Some(json!(5))),
        ("/tracker/hold", Some(json!(7200))),
        ("/tracker/batch", Some(json!(0))),
        ("/tracker/concurrency", Some(json!(-1))),
        ("/tracker/quota_percent", Some(json!(101))),
        ("/tracker/lese", Some(json!("2m"))),
        ("/tracker/deliver_to", None),
        ("/tracker/deliver_secrets", None),
        ("/tracker/deliver_secrets", Some(json!([]))),
        ("/tracker/deliver_secrets", Some(json!("whsec_x"))),
        ("/providers/a b", Some(json!({"kind": "nxos"}))),
        ("/providers/primary/kind", None),
        ("/providers/primary/kind", Some(json!("nxso"))),
        ("/providers/primary/api_key", None),
        ("/providers/primary/api_key", Some(json!(5))),
        ("/providers/primary/api_key", Some(json!({"evn": "KEY"}))),
        ("/providers/primary/api_key", Some(json!({"env": "KEY", "file": "x"}))),
        ("/providers/primary/api_kye", Some(json!("x"))),
        ("/providers/primary/environment", Some(json!("staging"))),
        ("/providers/primary/webhook_secrets", Some(json!("x"))),
        ("/providers/primary/recheck_after", Some(json!(5))),
        ("/providers/primary/retired", Some(json!("yes"))),
        ("/providers/primary/http", Some(json!("x"))),
        ("/providers/primary/http/colour", Some(json!("x"))),
        ("/providers/primary/http/response_limit", Some(json!(0))),
        ("/providers/primary/http/response_limit", Some(json!("1"))),
        ("/providers/primary/http/attempt_timeout", Some(json!(5))),
        ("/providers/primary/http/extra_ca", Some(json!("x"))),
        ("/providers/primary/http/proxy", Some(json!({"evn": "X"}))),
        ("/providers/primary/limits", Some(json!("x"))),
        ("/providers/primary/limits/colour", Some(json!("x"))),
        ("/providers/primary/limits/calls_per_second", Some(json!(0))),
        ("/providers/primary/limits/calls_per_second", None),
        ("/providers/primary/limits/queue", Some(json!(-1))),
        ("/providers/primary/limits/breaker", Some(json!("no"))),
        ("/providers/primary/limits/breaker_percent", Some(json!(101))),
        ("/providers/primary/limits/longest_wait", Some(json!(5))),
        ("/providers/test/base_url", Some(json!("ftp://127.0.0.1"))),
    ] {
        let configuration = changed(pointer, value);
        assert!(!is_built(&configuration), "{pointer} builds");
        assert!(!is_valid(&Catalogue::compiled_in(), &configuration), "{pointer} is valid");
    }
}

#[test]
fn a_kind_without_a_schema_takes_any_options() {
    let mut catalogue = Catalogue::compiled_in();
    catalogue.add(Plain("plain", None));
    let with = |provider: Value| changed("/providers/other", Some(provider));
    assert!(is_valid(&catalogue, &with(json!({"kind": "plain", "colour": "red"}))));
    assert!(is_valid(&catalogue, &with(json!({"kind": "plain", "http": {"attempt_timeout": "1s"}}))));
    assert!(!is_valid(&catalogue, &with(json!({"kind": "plain", "http": {"colour": 1}}))));
    assert!(!is_valid(&catalogue, &with(json!({"colour": "red"}))));
    assert!(!is_valid(&Catalogue::compiled_in(), &with(json!({"kind": "plain"}))));
}

#[test]
fn definitions_of_one_kind_are_not_those_of_another() {
    let schema = |part: Value| {
        let of = json!({"$ref": "#/$defs/Part"});
        Some(json!({
            "type": "object", "additionalProperties": false, "properties": {"part": of, "parts": {"items": of}},
            "$defs": {"Part": {"allOf": [{"$ref": "#/$defs/Inner"}]}, "Inner": part},
        }))
    };
    let mut catalogue = Catalogue::empty();
    catalogue.add(Plain("one", schema(json!({"type": "string"}))));
    catalogue.add(Plain("two", schema(json!({"type": "integer"}))));
    let with = |provider: Value| json!({"active": "a", "providers": {"a": provider}});
    for (kind, good, bad) in [("one", json!("x"), json!(1)), ("two", json!(1), json!("x"))] {
        assert!(is_valid(&catalogue, &with(json!({"kind": kind, "part": good, "parts": [good]}))), "{kind}");
        assert!(!is_valid(&catalogue, &with(json!({"kind": kind, "part": bad}))), "{kind}");
        assert!(!is_valid(&catalogue, &with(json!({"kind": kind, "parts": [bad]}))), "{kind}");
    }
}

#[cfg(all(feature = "baanx", feature = "session-api"))]
#[test]
fn every_compiled_in_kind_is_described() {
    let with = |line: &str, value: Value| {
        let mut configuration = json!({
            "active": "cards",
            "providers": {
                "cards": {"kind": "baanx-user", "base_url": "https://dev.api.baanx.com", "client_key": {"env": "KEY"}, "region": "us"},
                "signup": {
                    "kind": "baanx-registration",
                    "base_url": "https://dev.api.baanx.com",
                    "client_key": {"env": "KEY"},
                    "successor": "cards",
                },
                "sessions": {"kind": "session-api", "preset": "deepidv", "api_key": {"env": "KEY"}, "workflow_id": "wf_1"},
            },
        });
        if let Some((id, key)) = line.split_once('.') {
            configuration["providers"][id][key] = value;
        }
        configuration
    };
    let agreed = |configuration: &Value| {
        let valid = is_valid(&Catalogue::compiled_in(), configuration);
        assert_eq!(valid, is_built(configuration), "{configuration:#}");
        valid
    };
    assert!(agreed(&with("", Value::Null)));
    for (line, value) in [
        ("cards.base_url", json!(5)),
        ("cards.region", json!("mars")),
        ("cards.colour", json!(1)),
        ("cards.successor", json!("signup")),
        ("signup.successor", json!("a b")),
        ("signup.client_key", json!({"evn": "KEY"})),
        ("sessions.preset", json!("other")),
        ("sessions.api_key", json!(5)),
        ("sessions.colour", json!(1)),
        ("sessions.http", json!({"colour": 1})),
    ] {
        assert!(!agreed(&with(line, value)), "{line}");
    }
}

#[test]
fn without_any_kind_the_schema_is_one_and_nothing_is_valid() {
    assert!(!is_valid(&Catalogue::empty(), &example()));
}

/// The example with a `routing` table in which one value is set.
fn routed(pointer: &str, value: Value) -> Value {
    let mut configuration = example();
    // Nobody is sent to a provider that is retired.
    configuration["providers"]["test"]["retired"] = json!(false);
    configuration["routing"] = json!({
        "key": {"env": "ROUTING"},
        "rules": [
            {
                "when": {
                    "country": ["DE", "fr"], "subject": "person", "workflow": "w", "attributes": {"tier": "gold"},
                    "needs": ["refresh"],
                },
                "use": "test",
                "failover": false,
            },
            {"split": {"primary": 90, "test": 10}},
        ],
        "outage": {"providers": ["test"]},
        "caps": {"primary": 1000},
        "failover": {"order": ["primary", "test"], "on": ["rate_limited", "unavailable"]},
    });
    let (table, key) = pointer.rsplit_once('/').unwrap();
    match configuration.pointer_mut(table).unwrap() {
        Value::Object(table) => drop(table.insert(key.to_owned(), value)),
        Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} leads nowhere"),
    }
    configuration
}

#[test]
fn the_schema_of_routing_says_the_same_as_the_code() {
    let good = routed("/routing/caps", json!({"primary": 0}));
    assert!(is_valid(&Catalogue::compiled_in(), &good) && is_built(&good));
    for (pointer, value) in [
        ("/routing", json!(5)),
        ("/routing/colour", json!(1)),
        ("/routing/key", json!(5)),
        ("/routing/rules", json!({})),
        ("/routing/rules/0", json!({})),
        ("/routing/rules/0/split", json!({"primary": 1})),
        ("/routing/rules/0/colour", json!(1)),
        ("/routing/rules/0/failover", json!("no")),
        ("/routing/rules/0/when/colour", json!(1)),
        ("/routing/rules/0/when/country", json!([])),
        ("/routing/rules/0/when/country", json!(["Germany"])),
        ("/routing/rules/0/when/subject", json!("robot")),
        ("/routing/rules/0/when/needs", json!(["fly"])),
        ("/routing/rules/0/when/attributes", json!({"tier": 5})),
        ("/routing/rules/1/split", json!({})),
        ("/routing/rules/1/split", json!({"primary": -1})),
        ("/routing/outage/colour", json!(1)),
        ("/routing/outage/providers", json!(["test", "test"])),
        ("/routing/caps", json!({"primary": "many"})),
        ("/routing/failover", json!({"on": []})),
        ("/routing/failover/order", json!([])),
        ("/routing/failover/on", json!(["timeout"])),
        ("/routing/failover/colour", json!(1)),
    ] {
        let configuration = routed(pointer, value);
        assert!(!is_built(&configuration), "{pointer} builds");
        assert!(!is_valid(&Catalogue::compiled_in(), &configuration), "{pointer} is valid");
    }
}
