//! What a wrong `routing` table is told: everything at once, each problem with its place.

use insta::assert_snapshot;

use crate::vendors::{Script, three, world};

/// Everything that is wrong with a routing table below the three providers, which end in line 15.
fn wrong(routing: &str) -> String {
    let built = world(&three(routing), Script::new(), |builder| builder);
    let error = built.map(drop).expect_err("this configuration is wrong");
    error.config_problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_full_table_is_good() {
    let full = r#"
[routing]
key = { env = "KEY" }
caps = { primary = 1000, cards = 0 }
[[routing.rules]]
when = { country = ["DE", "FR"], subject = "business", workflow = "w", attributes = { tier = "gold" }, needs = ["refresh", "idempotent_start"] }
use = "primary"
[[routing.rules]]
when.country = ["DE"]
split = { primary = 90, sessions = 10, cards = 0 }
failover = false
[[routing.rules]]
use = "sessions"
[routing.outage]
providers = ["cards"]
[routing.failover]
order = ["primary", "sessions"]
on = ["rate_limited", "unavailable", "payment_required", "unauthenticated", "forbidden", "not_found", "invalid_request", "unsupported"]
"#;
    let world = world(&three(full), Script::new(), |builder| builder).unwrap();
    assert!(world.registry.warnings().is_empty());
    assert!(!format!("{:?}", world.registry).contains("0123456789abcdef"));
}

#[test]
fn unknown_keys() {
    assert_snapshot!(wrong("[routing]\nrule = []\noutages = 1\n[routing.failover]\norder = [\"primary\"]\nonn = []\n[routing.outage]\nprovider = []\n"), @r"
    routing.rule (line 17, column 1): unknown key; did you mean `rules`? Known keys: key, rules, outage, caps, failover
    routing.outages (line 18, column 1): unknown key; did you mean `outage`? Known keys: key, rules, outage, caps, failover
    routing.failover.onn (line 21, column 1): unknown key; did you mean `on`? Known keys: order, on
    routing.outage.provider (line 23, column 1): unknown key; did you mean `providers`? Known keys: providers
    ");
    assert_snapshot!(wrong("[[routing.rules]]\nuse = \"primary\"\nweight = 1\nwhen = { countries = [\"DE\"], need = [] }\n"), @r"
    routing.rules.0.weight (line 18, column 1): unknown key. Known keys: when, use, split, failover
    routing.rules.0.when.countries (line 19, column 10): unknown key; did you mean `country`? Known keys: country, subject, workflow, attributes, needs
    routing.rules.0.when.need (line 19, column 30): unknown key; did you mean `needs`? Known keys: country, subject, workflow, attributes, needs
    ");
    assert_snapshot!(wrong("[routng]\n"), @"routng (line 16, column 2): unknown key; did you mean `routing`? Known: active, providers, routing, tracker");
}

#[test]
fn wrong_types() {
    assert_snapshot!(wrong("[routing]\ncaps = { primary = -1, cards = \"many\" }\nrules = 5\noutage = true\nkey = 5\n"), @r#"
    routing.caps.primary (line 17, column 20): expected a whole number, 0 or more
    routing.caps.cards (line 17, column 32): expected a whole number, 0 or more
    routing.rules (line 18, column 9): expected a list
    routing.outage (line 19, column 10): expected a table
    routing.key (line 20, column 7): expected { env = "NAME" }, { file = "path" } or a text
    "#);
    assert_snapshot!(wrong("[[routing.rules]]\nuse = [\"primary\"]\nwhen = { country = \"DE\", subject = \"robot\", needs = [\"fly\"], attributes = { tier = 5 } }\n"), @r"
    routing.rules.0.use (line 17, column 7): expected a text
    routing.rules.0.when.country (line 18, column 20): expected a list
    routing.rules.0.when.subject (line 18, column 36): expected one of person, business
    routing.rules.0.when.needs.0 (line 18, column 54): expected one of refresh, find, import, cancel, erase, redirect, webhooks, embed, idempotent_start, identity
    routing.rules.0.when.attributes.tier (line 18, column 84): expected a text
    ");
    assert_snapshot!(wrong("[[routing.rules]]\nsplit = { primary = 0.5, cards = -1 }\n"), @r"
    routing.rules.0.split.primary (line 17, column 21): expected a whole number, 0 or more
    routing.rules.0.split.cards (line 17, column 34): expected a whole number, 0 or more
    ");
    assert_snapshot!(wrong("[routing.failover]\non = [\"timeout\", \"conflict\", \"rate_limited\"]\n"), @r"
    routing.failover.order (line 16, column 1): is required
    routing.failover.on.0 (line 17, column 7): expected one of rate_limited, unavailable, payment_required, unauthenticated, forbidden, not_found, invalid_request, unsupported
    routing.failover.on.1 (line 17, column 18): expected one of rate_limited, unavailable, payment_required, unauthenticated, forbidden, not_found, invalid_request, unsupported
    ");
    let no_table = format!("routing = 5\n{}", three(""));
    let error = world(&no_table, Script::new(), |builder| builder).map(drop).unwrap_err();
    assert_snapshot!(error.config_problems()[0], @"routing (line 1, column 11): expected a table");
    assert_snapshot!(wrong("[[routing.rules]]\nuse = \"primary\"\nwhen = { needs = [\"find\", \"fnd\", \"refrsh\"], subject = \"robot\" }\n"), @r"
    routing.rules.0.when.needs.1 (line 18, column 27): expected one of refresh, find, import, cancel, erase, redirect, webhooks, embed, idempotent_start, identity
    routing.rules.0.when.needs.2 (line 18, column 34): expected one of refresh, find, import, cancel, erase, redirect, webhooks, embed, idempotent_start, identity
    routing.rules.0.when.subject (line 18, column 55): expected one of person, business
    ");
}

#[test]
fn providers_have_to_be_there() {
    assert_snapshot!(wrong("[routing]\ncaps = { primry = 1 }\n[[routing.rules]]\nuse = \"card\"\n[routing.outage]\nproviders = [\"cards\", \"cards\", \"nobody\"]\n[routing.failover]\norder = [\"session\"]\n"), @r"
    routing.caps.primry (line 17, column 19): no provider `primry` is configured; did you mean `primary`? Known: primary, cards, sessions
    routing.rules.0.use (line 19, column 7): no provider `card` is configured; did you mean `cards`? Known: primary, cards, sessions
    routing.outage.providers.1 (line 21, column 23): is given twice
    routing.outage.providers.2 (line 21, column 32): no provider `nobody` is configured; known: primary, cards, sessions
    routing.failover.order.0 (line 23, column 10): no provider `session` is configured; did you mean `sessions`? Known: primary, cards, sessions
    ");
    assert_snapshot!(wrong("[[routing.rules]]\nsplit = { primary = 1, \"a.b\" = 1 }\n[routing.failover]\norder = []\n"), @r"
    routing.rules.0.split (line 17, column 9): no provider `a.b` is configured; known: primary, cards, sessions
    routing.failover.order (line 19, column 9): must name at least one provider
    ");
}

#[test]
fn a_broken_provider_is_told_of_once() {
    let toml = three("[[routing.rules]]\nuse = \"cards\"\n").replace("requires", "requirse");
    let error = world(&toml, Script::new(), |builder| builder).map(drop).unwrap_err();
    assert_eq!(error.config_problems().len(), 1);
    assert_eq!(error.config_problems()[0].path, "providers.cards.requirse");
}

#[test]
fn one_of_use_and_split() {
    assert_snapshot!(wrong("[[routing.rules]]\nwhen.country = [\"DE\"]\n[[routing.rules]]\nuse = \"cards\"\nsplit = { cards = 1 }\n"), @r"
    routing.rules.0 (line 16, column 1): expected exactly one of `use` and `split`
    routing.rules.1 (line 18, column 1): expected exactly one of `use` and `split`
    ");
}

#[test]
fn weights_have_to_sum_to_something() {
    assert_snapshot!(wrong("[[routing.rules]]\nwhen.country = [\"DE\"]\nsplit = { primary = 0, cards = 0 }\n[[routing.rules]]\nsplit = {}\n"), @r"
    routing.rules.0.split (line 18, column 9): at least one weight must be more than 0
    routing.rules.1.split (line 20, column 9): at least one weight must be more than 0
    ");
}

#[test]
fn countries_are_codes() {
    assert_snapshot!(wrong("[[routing.rules]]\nwhen.country = [\"DE\", \"Germany\", \"ä\", \"d1\"]\nuse = \"cards\"\n[[routing.rules]]\nwhen.country = []\nuse = \"cards\"\n"), @r#"
    routing.rules.0.when.country.1 (line 17, column 23): expected an ISO 3166-1 alpha-2 code such as "DE"
    routing.rules.0.when.country.2 (line 17, column 34): expected an ISO 3166-1 alpha-2 code such as "DE"
    routing.rules.0.when.country.3 (line 17, column 39): expected an ISO 3166-1 alpha-2 code such as "DE"
    routing.rules.1.when.country (line 20, column 16): must name at least one country
    "#);
}

#[test]
fn a_country_that_nobody_has_would_match_nothing() {
    assert_snapshot!(wrong("[[routing.rules]]\nwhen.country = [\"gb\", \"UK\", \"el\", \"XX\", \"XK\"]\nuse = \"cards\"\n"), @r#"
    routing.rules.0.when.country.1 (line 17, column 23): this is no ISO 3166-1 code: did you mean "GB"?
    routing.rules.0.when.country.2 (line 17, column 29): this is no ISO 3166-1 code: did you mean "GR"?
    routing.rules.0.when.country.3 (line 17, column 35): no country has this code: expected one of ISO 3166-1 alpha-2 such as "DE"
    "#);
}

#[test]
fn a_provider_has_to_be_able_to_serve_its_rule() {
    assert_snapshot!(wrong("[[routing.rules]]\nwhen = { needs = [\"refresh\", \"find\"] }\nuse = \"primary\"\n"), @"routing.rules.0.use (line 18, column 7): `primary` cannot serve this rule: it lacks `find`, which the rule needs");
    assert_snapshot!(wrong("[[routing.rules]]\nwhen = { needs = [\"refresh\"] }\nsplit = { primary = 1, sessions = 0, cards = 1 }\n"), @"routing.rules.0.split.sessions (line 18, column 35): `sessions` cannot serve this rule: it lacks `refresh`, which the rule needs");
    assert_snapshot!(wrong("[[routing.rules]]\nwhen = { subject = \"business\" }\nuse = \"cards\"\n"), @"routing.rules.0.use (line 18, column 7): `cards` cannot serve this rule: it requires `user_token`, which a business never has");
    // A person has a token, and of a rule for everybody some are persons.
    for when in ["{ subject = \"person\" }", "{}"] {
        world(&three(&format!("[[routing.rules]]\nwhen = {when}\nuse = \"cards\"\n")), Script::new(), |b| b)
            .unwrap();
    }
}

/// Rules that send everybody whom their condition names to `primary`.
fn rules(conditions: &[&str]) -> String {
    conditions.iter().map(|when| format!("[[routing.rules]]\nwhen = {when}\nuse = \"primary\"\n")).collect()
}

#[test]
fn a_rule_that_can_never_apply_is_refused() {
    assert_snapshot!(wrong(&rules(&["{}", "{ country = [\"DE\"] }"])), @"routing.rules.1 (line 19, column 1): can never apply: the rules before it take everybody for whom it is");
    for conditions in [
        &["{ subject = \"person\" }", "{ subject = \"person\", country = [\"DE\"] }"][..],
        &[
            "{ country = [\"de\"] }",
            "{ country = [\"FR\"] }",
            "{ country = [\"DE\", \"fr\"], workflow = \"w\" }",
        ],
        &["{ attributes = { a = \"1\" } }", "{ attributes = { a = \"1\", b = \"2\" } }"],
        &["{ workflow = \"w\" }", "{ workflow = \"w\" }"],
        &["{ needs = [\"refresh\"] }", "{}"],
    ] {
        let told = wrong(&rules(conditions));
        let last = format!("routing.rules.{} (line", conditions.len() - 1);
        assert!(told.starts_with(&last) && told.ends_with("for whom it is"), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    for conditions in [
        &["{ country = [\"DE\"] }", "{}"][..],
        &["{ subject = \"person\" }", "{ subject = \"business\" }", "{}"],
        &[
            "{ country = [\"DE\"], workflow = \"w\" }",
            "{ country = [\"FR\"] }",
            "{ country = [\"DE\", \"FR\"] }",
        ],
        &[
            "{ attributes = { a = \"1\" } }",
            "{ attributes = { a = \"2\" } }",
            "{ attributes = { b = \"1\" } }",
        ],
        &["{ country = [\"DE\"], subject = \"person\" }", "{ country = [\"DE\"] }"],
    ] {
        world(&three(&rules(conditions)), Script::new(), |builder| builder).unwrap();
    }
}

#[test]
fn the_key_is_a_secret() {
    assert_snapshot!(wrong("[routing]\nkey = { env = \"SHORT\" }\n"), @"routing.key (line 17, column 7): must be at least 16 bytes long");
    assert_snapshot!(wrong("[routing]\nkey = { env = \"UNSET\" }\n"), @"routing.key (line 17, column 7): the environment variable UNSET is not set");
    let literal = three("[routing]\nkey = \"canary-canary-canary\"\n");
    let world = world(&literal, Script::new(), |builder| builder).unwrap();
    assert_snapshot!(world.registry.warnings()[0], @r#"routing.key (line 17, column 7): a secret stands in the configuration itself: use { env = "…" } or { file = "…" }"#);
    assert!(!format!("{:?}", world.registry).contains("canary"));
}

#[test]
fn rules_are_looked_at_beside_everything_else_that_is_wrong() {
    let toml = three("[[routing.rules]]\nuse = \"card\"\n").replace("active", "activ");
    let error = world(&toml, Script::new(), |builder| builder).map(drop).unwrap_err();
    let paths: Vec<&str> = error.config_problems().iter().map(|problem| problem.path.as_str()).collect();
    assert_eq!(paths, ["active", "activ", "routing.rules.0.use"]);
}

#[test]
fn the_documented_table_is_good() {
    let page = include_str!("../../../../docs/production.md");
    let example = page.split("```toml\n").find(|part| part.contains("[[routing.rules]]")).unwrap();
    let example = example.split_once("```").unwrap().0;
    let providers = ["primary", "cards", "backup"]
        .map(|id| format!("[providers.{id}]\nkind = \"acme\"\ncan = [\"refresh\"]\n"))
        .concat();
    let toml = format!("active = \"primary\"\n{providers}{example}");
    world(&toml, Script::new(), |builder| builder).unwrap();
}
