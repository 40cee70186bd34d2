//! `idv config`: every problem with its place, every secret resolved, and what a change would strand.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::*;

#[test]
fn checks() {
    let world = World::new();
    assert_snapshot!("fine", world.transcript("config check"));
    let literal = World::new().edit("{ env = \"NXOS_API_KEY\" }", "\"canary-literal-key\"");
    assert_snapshot!("literal_secret", literal.transcript("config check"));
    world.write(
        "idv.toml",
        "active = \"nobody\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"moon\"\n[providers.b]\nretired = \"no\"\n\
         [providers.c]\nkind = \"baanx-user\"\nbase_url = \"http://x.example\"\nclient_key = { env = \"NOT_SET\" }\n",
    );
    assert_snapshot!("mistakes", world.transcript("config check"));
    world.write("idv.toml", "active = \"p\"\n\n[providers.p\nkind = \"nxos\"\n");
    assert_snapshot!("no_toml", world.transcript("config check"));
    world.vendor.none("a configuration is checked without asking anybody");
}

/// The older file is compared, not used: its secrets may be gone.
#[test]
fn an_older_configuration() {
    let world = World::new();
    let older = config("https://x.example", "primary").replace("NXOS_API_KEY", "GONE_API_KEY");
    world.write("same.toml", &older);
    world.write(
        "other.toml",
        &older.replace("providers.sessions", "providers.dropped").replacen("nxos", "baanx-user", 1),
    );
    world.write("broken.toml", "active = 5\n[providers.primary]\nkind = \"nxos\"\n");
    assert_snapshot!(world.transcript(
        "config check --against same.toml
         config check --against other.toml
         config check --against broken.toml
         config check --against gone.toml"
    ));
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
