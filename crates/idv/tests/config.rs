//! What a wrong configuration is told: everything at once, each problem once, with its place, and never a value.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(feature = "nxos")]

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use idv::adapter::{
    BuildContext, BuiltProvider, Catalogue, JsonSchema, OptionsValidator, ProcessSecrets, ProviderFactory,
    ProviderOptions, SecretResolver, SecretSource,
};
use idv::config::ConfigDocument;
use idv::{
    ConfigProblem, ErrorKind, ProviderId, ProviderKind, Registry, RegistryBuilder, VerificationProvider,
};
use idv_core::testing::{ScriptedProvider, StaticSecrets};
use insta::assert_snapshot;
use proptest::prelude::*;
use secrecy::ExposeSecret;
use serde::Deserialize;

fn secrets() -> Arc<StaticSecrets> {
    Arc::new(StaticSecrets::new([("KEY", "nxos_sk_1"), ("EMPTY", ""), ("WEBHOOK", "whsec_MDEyMzQ1Njc4OQ==")]))
}

/// Messages list the known kinds, and which ones are compiled in is a matter of features.
fn only_nxos() -> RegistryBuilder {
    let mut catalogue = Catalogue::empty();
    catalogue.add(idv_nxos::NxosFactory);
    Registry::builder().catalogue(catalogue)
}

fn build(document: &ConfigDocument) -> idv::Result<Registry> {
    only_nxos().secrets(secrets()).build(document)
}

fn listed(problems: &[ConfigProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Everything that is wrong with a TOML text, a line each.
fn toml(text: &str) -> String {
    let built = ConfigDocument::from_toml_str(text).and_then(|document| build(&document));
    let error = built.expect_err("this configuration is wrong");
    assert_eq!(error.kind(), ErrorKind::Config);
    let problems = error.config_problems();
    assert!(!problems.is_empty());
    for (index, problem) in problems.iter().enumerate() {
        assert!(!problems[..index].contains(problem), "told twice: {problem}");
        assert!(error.to_string().contains(&problem.to_string()));
    }
    assert!(!error.to_string().contains('\n'));
    listed(problems)
}

/// Everything that is wrong with the same in JSON.
fn json(text: &str) -> String {
    let document: ConfigDocument = serde_json::from_str(text).expect("JSON");
    listed(build(&document).expect_err("this configuration is wrong").config_problems())
}

/// The options of an nxos provider with one line added to what it needs.
fn with_line(line: &str) -> String {
    toml(&format!(
        "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = {{ env = \"KEY\" }}\n{line}\n"
    ))
}

const GOOD: &str = r#"
active = "primary"

[providers.primary]
kind = "nxos"
environment = "sandbox"
api_key = { env = "KEY" }
on_behalf_of = "org_1"
webhook_secrets = [{ env = "WEBHOOK" }]
recheck_after = "365d"

[providers.primary.http]
attempt_timeout = "20s"

[providers.test]
kind = "nxos"
base_url = "http://127.0.0.1:9/"
api_key = { env = "KEY" }
"#;

#[test]
fn a_good_configuration_builds() {
    let registry = build(&ConfigDocument::from_toml_str(GOOD).unwrap()).unwrap();
    assert_eq!(registry.active().as_str(), "primary");
    assert_eq!(registry.providers().map(|p| p.id().to_string()).collect::<Vec<_>>(), ["primary", "test"]);
    assert!(registry.warnings().is_empty());
}

#[test]
fn providers_are_in_the_order_of_the_file() {
    let text = "[providers.z]\nkind = \"k\"\n[providers.m.http]\n[providers.a]\nkind = \"k\"\n[providers.m]\nkind = \"k\"\n";
    let parsed = ConfigDocument::from_toml_str(text).unwrap().parsed();
    let ids: Vec<_> = parsed.providers.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(ids, ["z", "a", "m"]);
}

#[test]
fn top_level() {
    assert_snapshot!(toml(""), @r"
    active: is required: the id of the provider for new sessions
    providers: is required: at least one table such as [providers.primary]
    ");
    assert_snapshot!(toml("active = 5\nproviders = \"x\"\n"), @r"
    active (line 1, column 10): expected the id of a provider
    providers (line 2, column 13): expected tables such as [providers.primary]
    ");
    assert_snapshot!(toml("active = \"a\"\n[providers]\n"), @"providers (line 2, column 1): at least one provider is needed");
    assert_snapshot!(toml("activ = \"a\"\nport = 1\n[provider.a]\nkind = \"nxos\"\n"), @r"
    active: is required: the id of the provider for new sessions
    providers: is required: at least one table such as [providers.primary]
    activ (line 1, column 1): unknown key; did you mean `active`? Known: active, providers, routing, tracker
    port (line 2, column 1): unknown key; known: active, providers, routing, tracker
    provider (line 3, column 2): unknown key; did you mean `providers`? Known: active, providers, routing, tracker
    ");
    assert_snapshot!(toml("active = \"a\"\nproviders.a = 1\nproviders.b = []\n"), @r"
    providers.a (line 2, column 15): expected a table
    providers.b (line 3, column 15): expected a table
    ");
}

#[test]
fn active_has_to_name_a_provider() {
    let providers = GOOD.replace("active = \"primary\"", "");
    assert_snapshot!(toml(&providers), @"active: is required: the id of the provider for new sessions");
    assert_snapshot!(toml(&GOOD.replace("\"primary\"", "\"primry\"")), @"active (line 2, column 10): no provider `primry` is configured; did you mean `primary`? Known: primary, test");
    assert_snapshot!(toml(&GOOD.replace("\"primary\"", "\"else\"")), @"active (line 2, column 10): no provider `else` is configured; known: primary, test");
    assert_snapshot!(toml(&GOOD.replace("\"primary\"", "\"not an id\"")), @"active (line 2, column 10): `not an id` cannot be the id of a provider: a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`");
}

#[test]
fn a_broken_provider_does_not_excuse_a_misspelt_active() {
    assert_snapshot!(toml("active = \"aa\"\n[providers.ab]\nkind = \"nxos\"\n[providers.b]\n"), @r#"
    active (line 1, column 10): no provider `aa` is configured; known: ab, b
    providers.ab.api_key (line 2, column 1): is required
    providers.ab.environment (line 2, column 1): is required: "sandbox" or "production", or a `base_url` instead
    providers.b.kind (line 4, column 1): is required
    "#);
    // … and it is itself no reason to say that `active` names nobody.
    assert_snapshot!(toml("active = \"b\"\n[providers.b]\n"), @"providers.b.kind (line 2, column 1): is required");
}

#[test]
fn an_empty_table_of_providers_is_told_beside_other_problems() {
    assert_snapshot!(toml("active = \"a\"\nextra = 1\n[providers]\n"), @r"
    extra (line 2, column 1): unknown key; known: active, providers, routing, tracker
    providers (line 3, column 1): at least one provider is needed
    ");
}

#[test]
fn ids_are_plain_names() {
    assert_snapshot!(
        toml("active = \"ok\"\n[providers.\"a b\"]\nkind = \"nxos\"\n[providers.\"a.b\"]\n[providers.\"\"]\n[providers.\"x\\u001b[2J\\n\"]\n[providers.ok]\nkind = \"?\"\n"),
        @r#"
    providers."a b" (line 2, column 12): a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`
    providers."a.b" (line 4, column 12): a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`
    providers."" (line 5, column 12): a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`
    providers."x\u{1b}[2J\n" (line 6, column 12): a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`
    providers.ok.kind (line 8, column 8): unknown kind `?`; known: nxos
    "#
    );
}

#[test]
fn kinds() {
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\napi_key = \"x\"\n"), @"providers.a.kind (line 2, column 1): is required");
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkidn = \"nxos\"\n"), @"providers.a.kind (line 3, column 1): is required: `kidn` is not known");
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = 5\n"), @"providers.a.kind (line 3, column 8): expected a text");
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = \"nxso\"\n"), @"providers.a.kind (line 3, column 8): unknown kind `nxso`; did you mean `nxos`? Known: nxos");
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = \"sumsub-direct\"\n"), @"providers.a.kind (line 3, column 8): unknown kind `sumsub-direct`; known: nxos");
    let nothing = only_nxos().factory(Probe::default());
    let document =
        ConfigDocument::from_toml_str("active = \"a\"\n[providers.a]\nkind = \"probes\"\n").unwrap();
    assert_snapshot!(listed(nothing.build(&document).unwrap_err().config_problems()), @"providers.a.kind (line 3, column 8): unknown kind `probes`; did you mean `probe`? Known: nxos, probe");
}

#[test]
fn an_empty_provider_is_told_all_that_it_needs() {
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = \"nxos\"\n"), @r#"
    providers.a.api_key (line 2, column 1): is required
    providers.a.environment (line 2, column 1): is required: "sandbox" or "production", or a `base_url` instead
    "#);
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { env = \"KEY\" }\n"), @r#"providers.a.environment (line 2, column 1): is required: "sandbox" or "production", or a `base_url` instead"#);
}

#[test]
fn unknown_keys() {
    assert_snapshot!(with_line("apikey = { env = \"KEY\" }"), @"providers.a.apikey (line 6, column 1): unknown key; did you mean `api_key`? Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits");
    assert_snapshot!(with_line("colour = \"red\""), @"providers.a.colour (line 6, column 1): unknown key. Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits");
    assert_snapshot!(with_line("htpp = { proxy = \"x\" }"), @"providers.a.htpp (line 6, column 1): unknown key; did you mean `http`? Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits");
    assert_snapshot!(with_line("\"on\\nbehalf\" = 1"), @r#"providers.a."on\nbehalf" (line 6, column 1): unknown key; did you mean `on_behalf_of`? Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits"#);
    assert_snapshot!(with_line("http = { atempt_timeout = \"1s\", colour = 1 }"), @r"
    providers.a.http.atempt_timeout (line 6, column 10): unknown key; did you mean `attempt_timeout`? Known keys: connect_timeout, attempt_timeout, total_timeout, attempts, longest_wait, response_limit, proxy, extra_ca
    providers.a.http.colour (line 6, column 33): unknown key. Known keys: connect_timeout, attempt_timeout, total_timeout, attempts, longest_wait, response_limit, proxy, extra_ca
    ");
    assert_snapshot!(with_line("webhook_secrets = [{ evn = \"A\" }, { env = \"WEBHOOK\", fiel = \"x\" }]"), @r"
    providers.a.webhook_secrets.0.evn (line 6, column 22): unknown key. Known keys: env, file
    providers.a.webhook_secrets.1 (line 6, column 35): expected exactly one of `env` and `file`
    ");
}

#[test]
fn wrong_types() {
    assert_snapshot!(with_line("on_behalf_of = 5\nwebhook_secrets = { env = \"WEBHOOK\" }\nrecheck_after = 30"), @r"
    providers.a.on_behalf_of (line 6, column 16): expected a text
    providers.a.webhook_secrets (line 7, column 19): expected a list
    providers.a.recheck_after (line 8, column 17): expected a text
    ");
    assert_snapshot!(with_line("webhook_secrets = [{ env = \"WEBHOOK\" }, 5, { env = 5 }, {}, { file = [] }]"), @r#"
    providers.a.webhook_secrets.1 (line 6, column 41): expected { env = "NAME" }, { file = "path" } or a text
    providers.a.webhook_secrets.2.env (line 6, column 52): expected a text
    providers.a.webhook_secrets.3 (line 6, column 57): expected `env` or `file`
    providers.a.webhook_secrets.4.file (line 6, column 70): expected a path
    "#);
    assert_snapshot!(with_line("http = 5"), @"providers.a.http (line 6, column 8): expected a table");
    assert_snapshot!(with_line("[providers.a.http]\nresponse_limit = \"1\"\nattempt_timeout = 20\nextra_ca = \"x\"\nproxy = false"), @r#"
    providers.a.http.response_limit (line 7, column 18): expected a whole number, 0 or more
    providers.a.http.attempt_timeout (line 8, column 19): expected a text
    providers.a.http.extra_ca (line 9, column 12): expected a list
    providers.a.http.proxy (line 10, column 9): expected { env = "NAME" }, { file = "path" } or a text
    "#);
    assert_snapshot!(with_line("http.response_limit = -1"), @"providers.a.http.response_limit (line 6, column 23): expected a whole number, 0 or more");
    assert_snapshot!(with_line("limits = { burst = 0, in_flihgt = 1 }"), @"
    providers.a.limits.burst (line 6, column 20): expected a whole number from 1 to 4294967295
    providers.a.limits.in_flihgt (line 6, column 23): unknown key; did you mean `in_flight`? Known keys: documented, calls_per_second, burst, calls_per_minute, calls_per_day, user_starts_per_day, in_flight, queue, longest_wait, breaker, breaker_window, breaker_calls, breaker_percent, breaker_pause, breaker_longest_pause
    ");
    assert_snapshot!(with_line("limits = { burst = 3, breaker_percent = 101, breaker_pause = \"2m\" }"), @"
    providers.a.limits.burst (line 6, column 20): needs `calls_per_second` beside it
    providers.a.limits.breaker_percent (line 6, column 41): must not be more than 100
    providers.a.limits.breaker_pause (line 6, column 62): the first pause is longer than the longest one
    ");
    assert_snapshot!(with_line("http.response_limit = 0"), @"providers.a.http.response_limit (line 6, column 23): must not be 0");
    assert_snapshot!(with_line("http.response_limit = 99999999999999999999"), @"providers.a.http.response_limit (line 6, column 23): expected a whole number, 0 or more");
    assert_snapshot!(with_line("on_behalf_of = 1979-05-27T07:32:00Z"), @"providers.a.on_behalf_of (line 6, column 16): a date or a time has to stand in quotes");
    assert_snapshot!(toml("active = \"a\"\n[[providers.a]]\nkind = \"nxos\"\n"), @"providers.a (line 2, column 1): expected a table");
    assert_snapshot!(toml("active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandboxx\"\napi_key = true\n"), @r#"
    providers.a.environment (line 4, column 15): expected one of production, sandbox
    providers.a.api_key (line 5, column 11): expected { env = "NAME" }, { file = "path" } or a text
    "#);
}

#[test]
fn values_that_cannot_be() {
    assert_snapshot!(with_line("base_url = \"https://a.example\""), @"providers.a.base_url (line 6, column 12): give either `environment` or `base_url`, not both");
    assert_snapshot!(with_line("on_behalf_of = \"../x\""), @"providers.a.on_behalf_of (line 6, column 16): expected an organization id such as `org_…`");
    assert_snapshot!(with_line("webhook_secrets = [\"abc\"]"), @"providers.a.webhook_secrets.0 (line 6, column 20): a Svix webhook secret is `whsec_` followed by base64");
    for bad in ["", "30", "-5s", "0s", "soon", "1mo", "99999999999999999999s", "P1Y"] {
        assert_eq!(
            with_line(&format!("recheck_after = \"{bad}\"")),
            "providers.a.recheck_after (line 6, column 17): expected a positive duration with a unit, such as \"30s\", \
             \"10m\", \"24h\" or \"365d\"",
            "{bad}"
        );
    }
    assert_snapshot!(with_line("http.connect_timeout = \"5\"\nhttp.attempt_timeout = \"x\""), @r#"
    providers.a.http.connect_timeout (line 6, column 24): expected a positive duration with a unit, such as "30s", "10m", "24h" or "365d"
    providers.a.http.attempt_timeout (line 7, column 24): expected a positive duration with a unit, such as "30s", "10m", "24h" or "365d"
    "#);
    assert_snapshot!(with_line("http.extra_ca = [\"no-such-file.pem\"]\nhttp.proxy = { env = \"UNSET\" }"), @r"
    providers.a.http.extra_ca.0 (line 6, column 18): the file no-such-file.pem cannot be read: there is no such file
    providers.a.http.proxy (line 7, column 14): the environment variable UNSET is not set
    ");
}

#[test]
fn base_urls() {
    let with_url = |url: &str| {
        toml(&format!(
            "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"{url}\"\napi_key = {{ env = \"KEY\" }}\n"
        ))
    };
    assert_snapshot!(with_url("http://api.example"), @"providers.a.base_url (line 4, column 12): expected an `https` URL (`http` is accepted on loopback only)");
    assert_snapshot!(with_url("api.example"), @r#"providers.a.base_url (line 4, column 12): expected an absolute URL such as "https://api.example.com""#);
    assert_snapshot!(with_url("https://user:secret@api.example"), @"providers.a.base_url (line 4, column 12): a base URL must not have a user name, a password, a query or a fragment");
    for other in
        ["ftp://a.example", "http://localhost.a.example", "http://127.0.0.1.a.example", "data:x", "https://"]
    {
        assert!(
            with_url(other).starts_with("providers.a.base_url (line 4, column 12): expected an"),
            "{other}"
        );
    }
}

#[test]
fn several_problems_in_several_providers() {
    let text = r#"
active = "third"
colour = "red"

[providers.first]
kind = "nxos"
environment = "sandbox"
base_url = "http://a.example"
api_kye = { env = "KEY" }

[providers.second]
kind = "nxos"
environment = 5
api_key = { env = "UNSET" }
recheck_after = "soon"
http = { proxy = 5, connect_timeout = "x" }

[providers.third]
kind = "nxos"
environment = "production"
api_key = { env = "UNSET" }
webhook_secrets = [{ env = "WEBHOOK" }, { env = "EMPTY" }, { env = "UNSET" }]
on_behalf_of = "a b"
http.response_limit = 0

[providers.fourth]
kind = "other"
http.nothing = 1
"#;
    assert_snapshot!(toml(text), @r#"
    colour (line 3, column 1): unknown key; known: active, providers, routing, tracker
    providers.first.api_key (line 5, column 1): is required
    providers.first.base_url (line 8, column 12): expected an `https` URL (`http` is accepted on loopback only)
    providers.first.api_kye (line 9, column 1): unknown key; did you mean `api_key`? Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits
    providers.second.environment (line 13, column 15): expected one of production, sandbox
    providers.second.api_key (line 14, column 11): the environment variable UNSET is not set
    providers.second.recheck_after (line 15, column 17): expected a positive duration with a unit, such as "30s", "10m", "24h" or "365d"
    providers.second.http.proxy (line 16, column 18): expected { env = "NAME" }, { file = "path" } or a text
    providers.second.http.connect_timeout (line 16, column 39): expected a positive duration with a unit, such as "30s", "10m", "24h" or "365d"
    providers.third.api_key (line 21, column 11): the environment variable UNSET is not set
    providers.third.webhook_secrets.1 (line 22, column 41): the secret is empty
    providers.third.webhook_secrets.2 (line 22, column 60): the environment variable UNSET is not set
    providers.third.on_behalf_of (line 23, column 16): expected an organization id such as `org_…`
    providers.third.http.response_limit (line 24, column 23): must not be 0
    providers.fourth.kind (line 27, column 8): unknown kind `other`; known: nxos
    providers.fourth.http.nothing (line 28, column 6): unknown key. Known keys: connect_timeout, attempt_timeout, total_timeout, attempts, longest_wait, response_limit, proxy, extra_ca
    "#);
}

#[test]
fn lines_and_columns_are_those_of_an_editor() {
    // Characters, not bytes, before the column; a quoted key; a dotted key; an inline table; a line ending of Windows.
    assert_snapshot!(toml("\"ключ é\" = 1\r\nactive = \"a\"\r\nproviders.a = { kind = \"nxos\", \"é\" = \"日本\", environment = \"sandbox\", api_key = 5 }\r\n"), @r#"
    "ключ é" (line 1, column 1): unknown key; known: active, providers, routing, tracker
    providers.a."é" (line 3, column 32): unknown key. Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits
    providers.a.api_key (line 3, column 79): expected { env = "NAME" }, { file = "path" } or a text
    "#);
    assert_snapshot!(toml("\u{feff}colour = 1\nactive = \"a\"\n[providers.a]\nkind = \"x\"\n"), @r"
    colour (line 1, column 1): unknown key; known: active, providers, routing, tracker
    providers.a.kind (line 4, column 8): unknown kind `x`; known: nxos
    ");
    assert_snapshot!(toml("active = \"a\"\nproviders . a . kind = \"nxos\"\n  providers.a.\"api_key\" = 5\n"), @r#"
    providers.a.environment (line 2, column 13): is required: "sandbox" or "production", or a `base_url` instead
    providers.a.api_key (line 3, column 27): expected { env = "NAME" }, { file = "path" } or a text
    "#);
    assert_snapshot!(with_line("\t[providers.a.http]\n\t  \"response_limit\" =\t\"日\"\n  'connect_timeout'='x'"), @r#"
    providers.a.http.response_limit (line 7, column 23): expected a whole number, 0 or more
    providers.a.http.connect_timeout (line 8, column 21): expected a positive duration with a unit, such as "30s", "10m", "24h" or "365d"
    "#);
    assert_snapshot!(with_line("webhook_secrets = [\n  \"whsec_MDEy\", # é\n  5,\n]"), @r#"providers.a.webhook_secrets.1 (line 8, column 3): expected { env = "NAME" }, { file = "path" } or a text"#);
    assert_snapshot!(with_line("on_behalf_of = \"\"\"\nline\nline\"\"\"\ncolour = 1"), @r"
    providers.a.on_behalf_of (line 6, column 16): expected an organization id such as `org_…`
    providers.a.colour (line 9, column 1): unknown key. Known keys: environment, base_url, api_key, on_behalf_of, own_organization, webhook_secrets, recheck_after, kind, retired, http, limits
    ");
}

#[test]
fn syntax_errors_are_all_told() {
    assert_snapshot!(toml("active = \nactive = \"a\n[providers.a\nkind = nxos\nx = 1 2\n"), @r#"
    line 1, column 10: this is not TOML: string values must be quoted, expected literal string
    line 2, column 1: this is not TOML: duplicate key
    line 2, column 12: this is not TOML: invalid basic string, expected `"`
    line 3, column 13: this is not TOML: unclosed table, expected `]`
    "#);
    assert_snapshot!(toml("active = \"a\"\nactive = \"b\"\n[providers.a]\n[providers.a]\nkind = 'x'\nkind = 'y'\n"), @r"
    line 2, column 1: this is not TOML: duplicate key
    line 4, column 12: this is not TOML: duplicate key
    line 6, column 1: this is not TOML: duplicate key
    ");
    assert_snapshot!(toml("é = \"日本\" x\r\nб = \r\n"), @r"
    line 1, column 1: this is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
    line 1, column 10: this is not TOML: unexpected key or value, expected newline, `#`
    line 2, column 1: this is not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
    line 2, column 5: this is not TOML: string values must be quoted, expected literal string
    ");
}

#[test]
fn json_has_the_same_problems_without_lines() {
    assert_snapshot!(json(r#"{"active":"b","colour":1,"providers":{"a":{"kind":"nxos","environment":"sandbox","api_key":5},"c":{"kind":"nxso"}}}"#), @r#"
    colour: unknown key; known: active, providers, routing, tracker
    active: no provider `b` is configured; known: a, c
    providers.a.api_key: expected { env = "NAME" }, { file = "path" } or a text
    providers.c.kind: unknown kind `nxso`; did you mean `nxos`? Known: nxos
    "#);
    assert_snapshot!(json("[1]"), @"expected a table with `active` and `providers`");
    assert_snapshot!(json("null"), @"expected a table with `active` and `providers`");
    assert_snapshot!(json(r#"{"active":null,"providers":{"a":null}}"#), @r"
    active: expected the id of a provider
    providers.a: expected a table
    ");
    assert_snapshot!(json(r#"{"active":"a","providers":{"a":{"kind":"nxos","api_key":{"env":"KEY"},"environment":"sandbox","http":{"response_limit":18446744073709551615}}}}"#), @"providers.a.http.response_limit: expected a whole number, 0 or more");
}

#[test]
fn a_good_json_configuration_builds() {
    let text = r#"{"active":"a","providers":{"a":{"kind":"nxos","environment":"sandbox","base_url":null,"api_key":{"env":"KEY"}}}}"#;
    build(&serde_json::from_str(text).unwrap()).unwrap();
}

#[test]
fn a_key_that_stands_twice_is_refused_in_every_format() {
    let twice = r#"{"active":"a","providers":{"a":{"kind":"nxos"},"a":{"kind":"x"}}}"#;
    let error = serde_json::from_str::<ConfigDocument>(twice).unwrap_err();
    assert_snapshot!(error, @"the key `a` is given twice at line 1 column 64");
}

/// A kind of which only the secrets matter.
#[derive(Debug, Clone, Default)]
struct Probe(Arc<Mutex<Vec<String>>>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProbeConfig {
    token: SecretSource,
}

impl ProviderFactory for Probe {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("probe")
    }

    fn build(
        &self,
        id: &ProviderId,
        options: &ProviderOptions,
        context: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        let config: ProbeConfig = options.parse()?;
        let mut validator = OptionsValidator::new(options, context);
        let token = validator.secret("token", &config.token);
        let token = validator.finish(token)?;
        self.0.lock().unwrap().push(token.expose_secret().to_owned());
        Ok(Arc::new(ScriptedProvider::new(id.clone())).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

/// What a probe reads from a token, with the real secrets.
fn probe(folder: &Path, token: &str) -> Result<(String, Vec<ConfigProblem>), String> {
    let path = folder.join("idv.toml");
    fs::write(&path, format!("active = \"a\"\n[providers.a]\nkind = \"probe\"\ntoken = {token}\n")).unwrap();
    let probe = Probe::default();
    let document = ConfigDocument::from_toml_file(&path).unwrap();
    match only_nxos().factory(probe.clone()).build(&document) {
        Ok(registry) => Ok((probe.0.lock().unwrap().remove(0), registry.warnings().to_vec())),
        Err(error) => Err(listed(error.config_problems())),
    }
}

#[test]
fn secrets_come_from_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::var("PATH").unwrap();
    assert_eq!(probe(folder.path(), "{ env = \"PATH\" }"), Ok((path, Vec::new())));
    assert_snapshot!(probe(folder.path(), "{ env = \"IDV_TEST_IS_NOT_SET\" }").unwrap_err(), @"providers.a.token (line 4, column 9): the environment variable IDV_TEST_IS_NOT_SET is not set");
    // Whatever does not look like the name of a variable may be the secret itself.
    for odd in ["nxos_sk_canary", "", "A B", "A=B", "A\\u0000", "é"] {
        assert_eq!(
            probe(folder.path(), &format!("{{ env = \"{odd}\" }}")).unwrap_err(),
            "providers.a.token (line 4, column 9): the environment variable that is named here is not set",
            "{odd}"
        );
    }
}

#[test]
fn secrets_come_from_files_beside_the_configuration_without_one_newline() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("keys")).unwrap();
    let file = folder.path().join("keys/token");
    let secrets = ProcessSecrets::new(folder.path());
    for (content, secret) in [
        ("s", "s"),
        ("s\n", "s"),
        ("s\r\n", "s"),
        ("s\n\n", "s\n"),
        ("s\r\n\r\n", "s\r\n"),
        ("s\r", "s\r"),
        (" s ", " s "),
    ] {
        fs::write(&file, content).unwrap();
        let read = secrets.resolve(&SecretSource::File("keys/token".into())).unwrap();
        assert_eq!(read.expose_secret(), secret, "{content:?}");
        // … of which a provider takes what can be meant.
        let built = probe(folder.path(), "{ file = \"keys/token\" }");
        assert_eq!(built.is_ok(), secret == "s", "{content:?}: {built:?}");
    }
    fs::write(&file, "s\n").unwrap();
    let absolute = format!("{{ file = '{}' }}", file.display());
    assert_eq!(probe(folder.path(), &absolute).unwrap().0, "s");
}

#[test]
fn secrets_that_cannot_be_read_are_told_without_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let plain = |problem: String| problem.replace(&folder.path().display().to_string(), "FOLDER");
    assert_snapshot!(plain(probe(folder.path(), "{ file = \"canary\" }").unwrap_err()), @"providers.a.token (line 4, column 9): the file cannot be read: there is no such file (relative paths start at FOLDER)");
    fs::write(folder.path().join("canary"), [0xff, 0xfe]).unwrap();
    assert_snapshot!(plain(probe(folder.path(), "{ file = \"canary\" }").unwrap_err()), @"providers.a.token (line 4, column 9): the file cannot be read: it is in UTF-16: save it as UTF-8 (relative paths start at FOLDER)");
    fs::write(folder.path().join("canary"), "\n").unwrap();
    assert_snapshot!(plain(probe(folder.path(), "{ file = \"canary\" }").unwrap_err()), @"providers.a.token (line 4, column 9): the secret is empty");
    assert_snapshot!(probe(folder.path(), "\"\"").unwrap_err(), @"providers.a.token (line 4, column 9): the secret is empty");
}

#[test]
fn a_literal_secret_is_taken_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let (secret, warnings) = probe(folder.path(), "\"canary\"").unwrap();
    assert_eq!(secret, "canary");
    assert_snapshot!(listed(&warnings), @r#"providers.a.token (line 4, column 9): a secret stands in the configuration itself: use { env = "…" } or { file = "…" }"#);
}

#[test]
fn every_secret_has_to_resolve_though_only_one_provider_is_active() {
    assert_snapshot!(toml(&GOOD.replacen("\"WEBHOOK\"", "\"EMPTY\"", 1).replace("9/\"\napi_key = { env = \"KEY\" }", "9/\"\napi_key = { env = \"UNSET\" }")), @r"
    providers.primary.webhook_secrets.0 (line 9, column 20): the secret is empty
    providers.test.api_key (line 18, column 11): the environment variable UNSET is not set
    ");
    let folder = tempfile::tempdir().unwrap();
    let secrets = ProcessSecrets::new(folder.path());
    assert!(secrets.resolve(&SecretSource::File("none".into())).is_err());
}

#[test]
fn a_key_with_white_space_cannot_stand_in_a_header() {
    let text = GOOD.replacen("api_key = { env = \"KEY\" }", "api_key = \"can ary\"", 1);
    assert_snapshot!(toml(&text), @"providers.primary.api_key (line 7, column 11): the secret has white space or other characters that cannot stand in a header");
    let text = GOOD.replacen("api_key = { env = \"KEY\" }", "api_key = \"canary \\n\"", 1);
    assert_snapshot!(toml(&text), @"providers.primary.api_key (line 7, column 11): the secret ends with a line break: remove it");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = Registry::from_toml_file("no/such/idv.toml").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_snapshot!(error, @"the configuration cannot be used: the file no/such/idv.toml cannot be read: there is no such file [config]");
}

/// Texts with a secret in a wrong place. `@` is where it stands.
const MISPLACED: &[&str] = &[
    "@",
    "@ = 1 @",
    "active = @",
    "active = \"@",
    "active = '@\n",
    "active = [\"@\"]",
    "active = { x = \"@\" }",
    "providers = \"@\"",
    "providers = [\"@\"]",
    "unknown = \"@\"",
    "active = \"a\"\nproviders.a = \"@\"",
    "active = \"a\"\nproviders.a = [\"@\"]",
    "active = \"a\"\n[providers.a]\nkind = [\"@\"]",
    "active = \"a\"\n[providers.a]\nkidn = \"@\"",
    "active = \"a\"\n[providers.a]\napi_key = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = @",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = \"@",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = '''@",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = \"@\" \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = \"@\\q\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { env = \"@\" }",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { file = \"@\" }",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { env = \"A\", file = \"@\" }",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { env = [\"@\"] }",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = { value = \"@\" }",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = [\"@\"]",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_key = \"@ \\n@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\napi_kye = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"http://@.example\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nbase_url = \"https://u:@@a.example/@?@#@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = { \"@\" = 1 }\nrecheck_after = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\non_behalf_of = \"@\"\nwebhook_secrets = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nwebhook_secrets = [\"@\", [\"@\"], { env = \"@\" }, { x = \"@\" }]",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nhttp = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\n[providers.a.http]\nproxy = \"@\"\nx = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"nxos\"\n[providers.a.http]\nconnect_timeout = \"@\"\nresponse_limit = \"@\"",
    "active = \"a\"\n[providers.a]\nkind = \"probe\"\ntoken = { env = \"@\" }",
    "active = \"a\"\n[providers.a]\nkind = \"probe\"\ntoken = [{ env = \"@\" }]",
];

/// `kind`, `active`, the targets of rules and the files of authorities are no secrets.
#[test]
fn a_word_that_is_no_secret_is_repeated_on_one_printable_line() {
    assert_snapshot!(toml("active = \"b\\n\\u001b[31m\"\n[providers.a]\nkind = \"nx\\u202eos\"\n"), @r"
    active (line 1, column 10): `b\u{a}\u{1b}[31m` cannot be the id of a provider: a provider id or kind is 1 to 64 ASCII letters, digits, `-` or `_`
    providers.a.kind (line 3, column 8): unknown kind `nx\u{202e}os`; did you mean `nxos`? Known: nxos
    ");
    let long = "k".repeat(500);
    let said = toml(&format!("active = \"a\"\n[providers.a]\nkind = \"{long}\"\n"));
    assert!(said.contains(&format!("`{}`", "k".repeat(128))), "{said}");
    assert_snapshot!(toml(&format!("{GOOD}[[routing.rules]]\nuse = \"primry\"\n")), @"routing.rules.0.use (line 20, column 7): no provider `primry` is configured; did you mean `primary`? Known: primary, test");
    assert_snapshot!(with_line("http.extra_ca = [\"Corp\\nCA\", \"ca/corp.pem\"]"), @r"
    providers.a.http.extra_ca.0 (line 6, column 18): the file Corp\nCA cannot be read: there is no such file
    providers.a.http.extra_ca.1 (line 6, column 30): the file ca/corp.pem cannot be read: there is no such file
    ");
}

#[test]
fn no_text_about_a_configuration_repeats_a_value() {
    // The second one is what a number would look like, the third looks like a plain name.
    for canary in ["cAnArY-5ecr3t", "987654321987", "nxos_sk_cAnArY", "cAnArY é"] {
        for text in MISPLACED {
            let text = text.replace('@', canary);
            let mut said = String::new();
            match ConfigDocument::from_toml_str(&text) {
                Ok(document) => {
                    let parsed = document.parsed();
                    said += &format!("{document:?}{parsed:?}");
                    for entry in &parsed.providers {
                        said += &format!("{:?}{:?}{:?}", entry, entry.options, entry.http);
                    }
                    let built = only_nxos().factory(Probe::default()).build(&document);
                    let error = built.expect_err(&text);
                    said += &format!("{error}{error:?}");
                }
                Err(error) => said += &format!("{error}{error:?}"),
            }
            // A key may be named, and two of the texts have the secret as a key.
            let keys_only = text.starts_with(canary) || text.contains(&format!("{{ \"{canary}\" ="));
            assert!(keys_only || !said.contains(canary), "{text}\n{said}");
            assert!(!said.contains(&format!("{canary}\"?")), "{text}\n{said}");
        }
    }
}

/// Reads a text that somebody else's type refuses with its value in the message, as `url::Url` and many others do.
#[test]
fn types_that_repeat_what_they_refuse_are_not_repeated() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Talkative {
        address: url::Url,
        addresses: Vec<std::net::IpAddr>,
    }
    for canary in ["canary canary", "canary \"q\" é\n"] {
        let table = serde_json::json!({"address": canary, "addresses": [canary]});
        let options = ProviderOptions::new("providers.a", None, serde_json::from_value(table).unwrap());
        let said = listed(&options.parse::<Talkative>().unwrap_err());
        assert!(!said.contains("canary"), "{said}");
        assert!(said.contains("providers.a.address") && said.contains("providers.a.addresses.0"), "{said}");
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed_for_ever() {
    let key = vec!["a"; 20_000].join(".");
    for text in [
        format!("{key} = 1"),
        format!("[{key}]"),
        format!("a = {}", "[".repeat(20_000)),
        format!("a = {}", "{a=".repeat(20_000)),
        format!("a = {}", format!("{{ {} = ", vec!["a"; 70].join(".")).repeat(79)),
    ] {
        assert!(ConfigDocument::from_toml_str(&text).is_err());
    }
    let key = vec!["a"; 79].join(".");
    let (open, close) = (format!("{{ {key} = ").repeat(70), "}".repeat(70));
    let _ =
        ConfigDocument::from_toml_str(&format!("{key} = {open}1{close}")).map(|document| document.parsed());
}

fn looks_like_toml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("active = ".to_owned()),
        Just("[providers.a]\n".to_owned()),
        Just("[[providers.a]]\n".to_owned()),
        Just("[providers.a.http]\n".to_owned()),
        Just("providers.a.".to_owned()),
        Just("kind = \"nxos\"\n".to_owned()),
        Just("api_key = { env = \"KEY\" }\n".to_owned()),
        Just("webhook_secrets = [".to_owned()),
        Just("base_url = \"http://".to_owned()),
        "[a-c\"'é\\[\\]{}=.,# \r\n\t]{1,4}",
        "[-+]?[0-9_]{1,22}(\\.[0-9]+)?(e[0-9]{1,4})?",
        Just("1979-05-27".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("\\u00".to_owned()),
        Just("\u{feff}".to_owned()),
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..25).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_reading_panic(text in looks_like_toml()) {
        if let Err(error) = ConfigDocument::from_toml_str(&text).and_then(|document| build(&document)) {
            let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap_or(&text).split('\n').collect();
            prop_assert!(!error.config_problems().is_empty());
            for problem in error.config_problems() {
                prop_assert!(!problem.to_string().contains(char::is_control), "{}", problem);
                if let (Some(line), Some(column)) = (problem.line, problem.column) {
                    prop_assert!(line >= 1 && line <= lines.len());
                    prop_assert!(column >= 1 && column <= lines[line - 1].chars().count() + 1);
                }
            }
        }
    }

    #[test]
    fn no_characters_make_reading_panic(text in any::<String>()) {
        let _ = ConfigDocument::from_toml_str(&text).and_then(|document| build(&document));
    }
}

/// A program without a tracker uses the same file: the table is checked, and its address is not resolved.
#[test]
fn the_table_of_a_tracker() {
    let with = |table: &str| format!("{GOOD}\n[tracker]\n{table}\n");
    let warnings = |table: &str| {
        let document = ConfigDocument::from_toml_str(&with(table)).unwrap();
        listed(&build(&document).unwrap().warnings())
    };
    assert_eq!(
        warnings("url = { env = \"NOT_SET\" }\nhold = \"2h\"\nbatch = 8"),
        warnings("url = \"sqlite://idv.db\"")
    );
    let plain = warnings("url = \"postgres://idv@localhost/idv\"");
    for password in ["postgres://idv:canary@localhost/idv", "postgres://localhost/idv?password=canary"] {
        let told = warnings(&format!("url = \"{password}\""));
        assert!(told.contains("tracker.url (line") && told != plain && !told.contains("canary"), "{told}");
    }
    assert_snapshot!(toml(&with("hold = 5\nquota_percent = 0\nlese = \"1m\"")), @r"
    tracker.url (line 20, column 1): is required
    tracker.hold (line 21, column 8): expected a text
    tracker.quota_percent (line 22, column 17): expected a whole number from 1 to 4294967295
    tracker.lese (line 23, column 1): unknown key; did you mean `lease`? Known keys: url, hold, approvals_count_for, keep_for, batch, concurrency, lease, quota_percent, deliver_to, deliver_secrets
    ");
    assert_snapshot!(toml(&with("url = \"x\"\nquota_percent = 101")), @"tracker.quota_percent (line 22, column 17): must not be more than 100");
    let told = warnings(
        "url = \"sqlite://idv.db\"\ndeliver_to = \"https://app.example\"\ndeliver_secrets = [{ env = \"X\" }, \"canary\"]",
    );
    assert!(told.contains("tracker.deliver_secrets.1 (line") && !told.contains("canary"), "{told}");
    assert_snapshot!(toml(&with("url = \"sqlite://x\"\ndeliver_secrets = [\"x\"]")), @"tracker.deliver_secrets (line 22, column 19): needs `deliver_to` beside it");
    assert_snapshot!(toml(&format!("tracker = \"sqlite://idv.db\"\n{GOOD}")), @"tracker (line 1, column 11): expected a table");
}
