//! `idv config`: every problem with its place, every secret resolved, and what a change would strand.

use serde_json::{Value, json};

use crate::support::*;

/// Path, line and message of every problem with this configuration.
fn problems(text: &str) -> Vec<(String, Option<u64>, String)> {
    let world = World::new();
    world.write("idv.toml", text);
    let error = world.json("config check").fails("config");
    shape::check(&error, shape::ERROR);
    let all = error["config"].as_array().unwrap();
    assert!(!all.is_empty(), "no problem is told: {error}");
    world.vendor.none("a configuration is checked without asking anybody");
    all.iter()
        .map(|p| {
            shape::check(p, shape::CONFIG_PROBLEM);
            (p["path"].as_str().unwrap().into(), p["line"].as_u64(), p["message"].as_str().unwrap().into())
        })
        .collect()
}

/// One provider, after `active = "p"` on the first line and `[providers.p]` on the third.
fn one(options: &str) -> String {
    format!("active = \"p\"\n\n[providers.p]\n{options}\n")
}

#[test]
fn a_good_configuration() {
    let world = World::new();
    let ran = world.json("config check");
    let told = ran.document();
    assert!(told.is_object(), "{ran}");
    let human = world.idv("config check").run().exits(0);
    assert!(human.stdout.contains("primary"), "{human}");
    assert!(!human.stderr.contains("warning"), "nothing is wrong: {human}");
    world.vendor.none("config check");
    for status in ["sandbox", "production"] {
        let world = World::new();
        world.write(
            "idv.toml",
            &one(&format!(
                "kind = \"nxos\"\nenvironment = \"{status}\"\napi_key = {{ env = \"NXOS_API_KEY\" }}"
            )),
        );
        world.json("config check").document();
    }
    let world = World::new();
    world.write(
        "idv.toml",
        &one("kind = \"session-api\"\npreset = \"deepidv\"\napi_key = { env = \"DEEPIDV_API_KEY\" }"),
    );
    world.json("config check").document();
}

/// The example of the design page, whole.
#[test]
fn the_example_of_the_documentation() {
    let world = World::new();
    world.write(
        "idv.toml",
        r#"active = "primary"                      # provider for new sessions

[providers.primary]
kind = "nxos"
environment = "sandbox"
api_key = { env = "NXOS_API_KEY" }
on_behalf_of = "org_0123456789abcdef0123456789abcdef"
webhook_secrets = [{ env = "NXOS_WEBHOOK_SECRET" }]

[providers.cards]
kind = "baanx-user"
base_url = "https://dev.api.baanx.com"
client_key = { env = "BAANX_CLIENT_KEY" }
region = "international"

[providers.signup]
kind = "baanx-registration"
base_url = "https://dev.api.baanx.com"
client_key = { env = "BAANX_CLIENT_KEY" }
successor = "cards"

[providers.sessions]
kind = "session-api"
preset = "deepidv"
api_key = { env = "DEEPIDV_API_KEY" }
workflow_id = "wf_1"

[providers.primary.http]
attempt_timeout = "30s"
"#,
    );
    world.json("config check").document();
}

#[test]
fn mistakes_are_told_with_their_line() {
    let nxos = "kind = \"nxos\"\nbase_url = \"https://x.example\"\n";
    let key = "api_key = { env = \"NXOS_API_KEY\" }\n";
    let mut wrong = Vec::new();
    for (name, text, path, line, words) in [
        (
            "unknown key",
            one(&format!("{nxos}{key}on_behalf = \"x\"")),
            "providers.p.on_behalf",
            Some(7),
            "on_behalf_of",
        ),
        (
            "unknown key, above",
            format!("activ = \"p\"\n{}", one(&format!("{nxos}{key}"))),
            "activ",
            Some(1),
            "active",
        ),
        ("unknown kind", one("kind = \"nxoss\""), "providers.p.kind", Some(4), "nxos"),
        (
            "unknown kind, all known",
            one("kind = \"zzz\""),
            "providers.p.kind",
            Some(4),
            "baanx-registration, baanx-user, nxos, session-api",
        ),
        ("no kind", one("base_url = \"https://x.example\""), "providers.p", Some(3), "kind"),
        ("no key", one(nxos), "providers.p", Some(3), "api_key"),
        (
            "both addresses",
            one(&format!("{nxos}environment = \"sandbox\"\n{key}")),
            "providers.p.base_url",
            Some(5),
            "environment",
        ),
        ("no address", one(&format!("kind = \"nxos\"\n{key}")), "providers.p", Some(3), "base_url"),
        (
            "another environment",
            one(&format!("kind = \"nxos\"\nenvironment = \"moon\"\n{key}")),
            "providers.p.environment",
            Some(5),
            "sandbox",
        ),
        (
            "plain http",
            one(&format!("kind = \"nxos\"\nbase_url = \"http://x.example\"\n{key}")),
            "providers.p.base_url",
            Some(5),
            "https",
        ),
        (
            "no URL",
            one(&format!("kind = \"nxos\"\nbase_url = \"nonsense\"\n{key}")),
            "providers.p.base_url",
            Some(5),
            "",
        ),
        (
            "unset variable",
            one(&format!("{nxos}api_key = {{ env = \"NOT_SET\" }}")),
            "providers.p.api_key",
            Some(6),
            "NOT_SET",
        ),
        (
            "missing file",
            one(&format!("{nxos}api_key = {{ file = \"gone.txt\" }}")),
            "providers.p.api_key",
            Some(6),
            "cannot be read",
        ),
        ("a number for a key", one(&format!("{nxos}api_key = 7")), "providers.p.api_key", Some(6), ""),
        (
            "unset webhook secret",
            one(&format!("{nxos}{key}webhook_secrets = [{{ env = \"NOT_SET\" }}]")),
            "providers.p.webhook_secrets.0",
            Some(7),
            "NOT_SET",
        ),
        (
            "a duration without unit",
            one(&format!("{nxos}{key}[providers.p.http]\nattempt_timeout = \"30\"")),
            "providers.p.http.attempt_timeout",
            Some(8),
            "",
        ),
        (
            "unknown http key",
            one(&format!("{nxos}{key}[providers.p.http]\nattempt_timeou = \"30s\"")),
            "providers.p.http.attempt_timeou",
            Some(8),
            "attempt_timeout",
        ),
        (
            "unknown region",
            one(
                "kind = \"baanx-user\"\nbase_url = \"https://x.example\"\nclient_key = { env = \"BAANX_CLIENT_KEY\" }\nregion = \"mars\"",
            ),
            "providers.p.region",
            Some(7),
            "international",
        ),
        ("unknown active", format!("active = \"q\"\n\n[providers.p]\n{nxos}{key}"), "active", Some(1), "p"),
        (
            "bad id",
            format!("active = \"p\"\n\n[providers.\"p p\"]\n{nxos}{key}\n[providers.p]\n{nxos}{key}"),
            "providers",
            Some(3),
            "",
        ),
        (
            "unknown successor",
            one(
                "kind = \"baanx-registration\"\nbase_url = \"https://x.example\"\nclient_key = { env = \"BAANX_CLIENT_KEY\" }\nsuccessor = \"nobody\"",
            ),
            "providers.p.successor",
            Some(7),
            "no provider `nobody` is configured",
        ),
    ] {
        let told = problems(&text);
        // The place is the key, or the table where a key is missing.
        let fits = |p: &str, m: &str| {
            (p == path || p.starts_with(&format!("{path}."))) && format!("{p} {m}").contains(words)
        };
        if told.len() != 1 || !fits(&told[0].0, &told[0].2) || told[0].1 != line {
            wrong
                .push(format!("{name}: `{path}` in line {line:?} with `{words}`, and no more, not {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_no_configuration_at_all() {
    for text in
        ["", "active = \"p\"\n", "active = ", "{\"active\": \"p\"}", "providers = []", "[providers]\n"]
    {
        assert!(!problems(text).is_empty(), "{text:?}");
    }
    let syntax = problems("active = \"p\"\n\n[providers.p\nkind = \"nxos\"\n");
    assert_eq!(syntax[0].1, Some(3), "{syntax:?}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let told = problems(
        "active = \"nobody\"\n[providers.a]\nkind = \"nxos\"\nbas_url = \"x\"\n[providers.b]\nkind = \"what\"\n\
         [providers.c]\nkind = \"baanx-user\"\nbase_url = \"http://x.example\"\nclient_key = 7\n",
    );
    let paths: Vec<_> = told.iter().map(|(p, ..)| p.as_str()).collect();
    for path in [
        "active",
        "providers.a.bas_url",
        "providers.b.kind",
        "providers.c.base_url",
        "providers.c.client_key",
    ] {
        assert!(paths.contains(&path), "{path} is missing in {paths:?}");
    }
}

#[test]
fn secrets_come_from_files_too() {
    for (text, sent) in
        [("from-file\n", "from-file"), ("from-file", "from-file"), ("from-file\r\n", "from-file")]
    {
        let world =
            World::new().edit("api_key = { env = \"NXOS_API_KEY\" }", "api_key = { file = \"keys/nxos\" }");
        std::fs::create_dir(world.path("keys")).unwrap();
        world.write("keys/nxos", text);
        let elsewhere = tempfile::tempdir().unwrap();
        // Relative to the configuration, not to the working directory.
        let file = world.path("idv.toml").display().to_string();
        let ran =
            secrets(idv(&format!("check primary:self --json --config {file}"))).dir(elsewhere.path()).run();
        ran.found("verification");
        assert_eq!(
            world.vendor.only().header("Authorization"),
            Some(format!("Bearer {sent}").as_str()),
            "{text:?}"
        );
    }
}

#[test]
fn a_secret_in_the_file_itself_is_a_warning() {
    let world = World::new().edit("{ env = \"NXOS_API_KEY\" }", "\"canary-literal-key\"");
    let ran = world.json("config check");
    let told = ran.document();
    assert!(told.to_string().contains("providers.primary"), "{ran}");
    assert!(!ran.stdout.contains("canary-literal-key"), "{ran}");
    let human = world.idv("config check").run().exits(0);
    let all = format!("{}{}", human.stdout, human.stderr);
    assert!(all.contains("warning") && all.contains("providers.primary"), "{human}");
    assert!(!all.contains("canary-literal-key"), "{human}");
    world.json(&start("primary")).found("session");
    assert_eq!(world.vendor.only().header("Authorization"), Some("Bearer canary-literal-key"));
}

/// An empty key, or one that cannot be a header, would be sent to a vendor for nothing.
#[test]
fn secrets_that_cannot_be_sent_are_problems() {
    for value in ["", "a\nb", "a\r\nX-Injected: 1"] {
        let world = World::new();
        let ran = world.idv("config check --json").env("NXOS_API_KEY", value).run();
        let error = ran.fails("config");
        assert_eq!(error["config"][0]["path"], "providers.primary.api_key", "{value:?}: {error}");
        assert!(!ran.stderr.contains("X-Injected"), "{ran}");
    }
}

fn against(old: &str, new: &str) -> (Ran, Ran) {
    let world = World::new();
    world.write("idv.toml", new);
    world.write("old.toml", old);
    (world.json("config check --against old.toml"), world.idv("config check --against old.toml").run())
}

#[test]
fn a_dropped_or_changed_provider_is_a_warning() {
    let base = "https://x.example";
    let all = config(base, "primary");
    let warnings = |old: &str, new: &str| -> Vec<Value> {
        let (ran, human) = against(old, new);
        let document = ran.document();
        human.exits(0);
        document["config"]["warnings"].as_array().unwrap_or_else(|| panic!("warnings in {document}")).clone()
    };
    assert_eq!(warnings(&all, &all), Vec::<Value>::new());
    // Another active one strands nobody.
    assert_eq!(warnings(&all, &config(base, "cards")), Vec::<Value>::new());
    let dropped = all.replace("[providers.sessions", "[providers.sessions2");
    let told = json!(warnings(&all, &dropped)).to_string();
    assert!(told.contains("sessions") && !told.contains("primary"), "{told}");
    let changed = all
        .replace("[providers.primary", "[providers.x")
        .replace("[providers.cards", "[providers.primary")
        .replace("[providers.x", "[providers.cards");
    let changed = changed.replace("successor = \"cards\"\n", "");
    let mut paths: Vec<_> =
        warnings(&all, &changed).iter().map(|w| w["path"].as_str().unwrap().to_owned()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["providers.cards.kind", "providers.primary.kind"]);
    // A provider more strands nobody either.
    assert_eq!(
        warnings(
            &dropped
                .replace("[providers.sessions2]", "[providers.sessions]")
                .replace("[providers.sessions2.", "[providers.sessions."),
            &all
        ),
        Vec::<Value>::new()
    );
    let (_, human) = against(&all, &dropped);
    assert!(format!("{}{}", human.stdout, human.stderr).contains("sessions"), "{human}");
}

#[test]
fn an_old_configuration_that_cannot_be_read() {
    let all = config("https://x.example", "primary");
    for old in ["active = ", "active = 5\n[providers.primary]\nkind = \"nxos\"\n"] {
        let (ran, human) = against(old, &all);
        let error = ran.fails("config");
        assert!(error["config"][0]["message"].as_str().unwrap().contains("older configuration"), "{error}");
        assert!(human.stderr.contains("older configuration"), "{human}");
    }
    let world = World::new();
    let error = world.json("config check --against gone.toml").fails("config");
    assert!(error.to_string().contains("gone.toml"), "{error}");
}

/// The older file's secrets may be gone: it is compared, not used.
#[test]
fn the_old_configuration_needs_no_secrets() {
    let all = config("https://x.example", "primary");
    let (ran, _) = against(&all.replace("NXOS_API_KEY", "GONE_API_KEY"), &all);
    ran.document();
}

#[test]
fn the_schema_is_bare_and_knows_the_kinds() {
    for args in ["config schema", "config schema --json"] {
        let ran = idv(args).run().exits(0);
        let schema: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(schema["$schema"].as_str().unwrap().contains("json-schema.org"), "the bare schema: {ran}");
        assert!(schema["properties"]["active"].is_object() && schema["properties"]["providers"].is_object());
        for kind in ["nxos", "baanx-user", "baanx-registration", "session-api"] {
            assert!(ran.stdout.contains(&format!("\"{kind}\"")), "{kind}");
        }
        assert_eq!(ran.stderr, "");
    }
}
