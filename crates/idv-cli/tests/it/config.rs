//! `idv config`, and where the configuration comes from.

use idv_sandbox::{OrganizationType, Sandbox};
use serde_json::json;

use crate::support::Desk;

const GOOD: &str = "active = \"a\"\n[providers.a]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = { env = \"KEY\" }\n";

#[tokio::test]
async fn a_good_configuration() {
    let desk = Desk::new(GOOD).env("KEY", "k");
    let document = desk.json(&["config", "check"]).await;
    assert_eq!(
        document,
        json!({"config": {"active": "a", "providers": [{"provider": "a", "kind": "nxos"}], "warnings": []}})
    );
}

#[tokio::test]
async fn every_problem_has_its_place_and_no_value() {
    let desk = Desk::new(
        "active = \"b\"\n[providers.a]\nkind = \"nxso\"\napi_key = \"canary\"\n[providers.c]\nkind = \"nxos\"\nenvironment = \"canary\"\napi_kye = \"canary\"\n",
    );
    let (exit, error) = desk.failure(&["config", "check"]).await;
    assert_eq!((exit, &error["kind"]), (2, &json!("config")));
    let places: Vec<String> = error["config"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}:{}", one["path"].as_str().unwrap(), one["line"], one["column"]))
        .collect();
    for place in
        ["active 1:10", "providers.a.kind 3:8", "providers.c.environment 7:15", "providers.c.api_kye 8:1"]
    {
        assert!(places.iter().any(|found| found == place), "{place} is missing in {places:?}");
    }
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[tokio::test]
async fn a_missing_file_or_secret_is_named() {
    let desk = Desk::new(GOOD);
    let (exit, error) = desk.failure(&["providers", "--config", "nowhere.toml"]).await;
    assert_eq!(exit, 2);
    assert!(error["config"][0]["message"].as_str().unwrap().contains("nowhere.toml"));
    let (exit, error) = desk.failure(&["providers"]).await;
    assert_eq!(exit, 2);
    assert_eq!(error["config"][0]["path"], "providers.a.api_key");
    assert!(error["config"][0]["message"].as_str().unwrap().contains("KEY"));
}

#[tokio::test]
async fn the_file_can_be_named_in_two_ways() {
    let desk = Desk::new("nonsense");
    let other = desk.file("other.toml", GOOD);
    let other = other.to_str().unwrap();
    let desk = desk.env("KEY", "k");
    assert_eq!(desk.json(&["config", "check", "--config", other]).await["config"]["active"], "a");
    let desk = desk.env("IDV_CONFIG_UNRELATED", "x");
    let mut command = desk.command(&["config", "check", "--json"]);
    let output = command.env("IDV_CONFIG", other).output().unwrap();
    assert!(output.status.success());
}

#[tokio::test]
async fn a_change_that_strands_sessions_is_warned_about() {
    let desk = Desk::new(GOOD).env("KEY", "k");
    let old = desk.file(
        "old.toml",
        "active = \"a\"\n[providers.a]\nkind = \"baanx-user\"\nbase_url = \"https://dev.api.baanx.com\"\nclient_key = \"k\"\n[providers.gone]\nkind = \"nxos\"\nenvironment = \"sandbox\"\napi_key = \"k\"\n",
    );
    let document = desk.json(&["config", "check", "--against", old.to_str().unwrap()]).await;
    let warned: Vec<&str> = document["config"]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["path"].as_str().unwrap())
        .collect();
    assert_eq!(warned, ["providers.a.kind", "providers.gone"]);
}

#[tokio::test]
async fn the_schema_is_bare_and_names_every_kind() {
    let desk = Desk::new("");
    let schema = desk.json(&["config", "schema"]).await;
    assert_eq!(schema["properties"]["active"]["type"], "string");
    let text = schema.to_string();
    for kind in ["nxos", "baanx-user", "baanx-registration", "session-api"] {
        assert!(
            text.contains(&format!("{{\"const\":\"{kind}\""))
                || text.contains(&format!("\"const\":\"{kind}\"")),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_switch_strands_nobody() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let desk = Desk::at(&sandbox);
    let before = desk.json(&["start", "--reference", "c1", "--organization", &organization]).await;
    let reference = before["session"]["reference"].as_str().unwrap();
    let config = std::fs::read_to_string(desk.path().join("idv.toml")).unwrap();
    desk.file("idv.toml", config.replace("active = \"primary\"", "active = \"sessions\""));
    let (_, error) = desk.failure(&["start", "--reference", "c2"]).await;
    assert_eq!(error["provider"], "sessions", "new sessions go to the new provider");
    sandbox.nxos().set_status(&organization, "APPROVED").unwrap();
    assert_eq!(desk.json(&["check", reference]).await["verification"]["status"], "approved");
}
