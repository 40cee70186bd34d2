//! `idv route`, and starts that are routed.

use idv_sandbox::{CannedAnswer, Fault, FaultKind, OrganizationType, Sandbox};
use serde_json::{Value, json};

use crate::support::{Desk, fields};

const PROVIDERS: &str = r#"
active = "primary"
[providers.primary]
kind = "nxos"
environment = "sandbox"
api_key = { env = "KEY" }
[providers.cards]
kind = "baanx-user"
base_url = "https://dev.api.baanx.com"
client_key = { env = "KEY" }
[providers.sessions]
kind = "session-api"
preset = "deepidv"
api_key = { env = "KEY" }
"#;

const ROUTING: &str = r#"
[[routing.rules]]
when = { country = ["DE", "FR"], subject = "person" }
use = "cards"
[[routing.rules]]
when = { workflow = "kyb", attributes = { tier = "gold" }, needs = ["refresh"] }
use = "primary"
[[routing.rules]]
split = { primary = 50, sessions = 50 }
[routing.failover]
order = ["sessions"]
on = ["rate_limited"]
"#;

fn desk(routing: &str) -> Desk {
    Desk::new(&format!("{PROVIDERS}{routing}")).env("KEY", "k")
}

async fn route(desk: &Desk, more: &[&str]) -> Value {
    desk.json(&[&["route", "--reference", "case-7"], more].concat()).await["route"].clone()
}

#[tokio::test]
async fn the_document_explains_the_decision() {
    let found = route(&desk(ROUTING), &["--country", "de", "--subject", "person"]).await;
    assert_eq!(
        found,
        json!({
            "reference": "case-7",
            "provider": "cards",
            "kind": "baanx-user",
            "decided_by": "rule",
            "rule": 0,
            "failover": ["sessions"],
            "passed_over": [
                {"provider": "primary", "reason": "not_meant", "detail": null},
                {"provider": "sessions", "reason": "not_meant", "detail": null},
            ],
        })
    );
}

#[tokio::test]
async fn without_routing_it_is_the_active_provider() {
    let found = route(&desk(""), &["--country", "DE"]).await;
    assert_eq!((&found["provider"], &found["decided_by"]), (&json!("primary"), &json!("active")));
    assert_eq!((&found["rule"], &found["failover"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn every_option_counts() {
    let desk = desk(ROUTING);
    let gold = ["--workflow", "kyb", "--attribute", "tier=gold", "--attribute", "other=a=b"];
    assert_eq!(route(&desk, &gold).await["rule"], 1);
    let found = route(&desk, &[&gold[..], &["--exclude", "primary", "--exclude", "sessions"]].concat()).await;
    assert_eq!((&found["provider"], &found["kind"]), (&Value::Null, &Value::Null));
    assert_eq!(found["decided_by"], "nobody");
    let found = route(&desk, &["--need", "refresh"]).await;
    assert_eq!(found["provider"], "primary", "a session of the session API cannot be refreshed");
    let sessions = &found["passed_over"][1];
    assert_eq!(sessions, &json!({"provider": "sessions", "reason": "lacks", "detail": "refresh"}));
    let found = route(&desk, &["--subject", "business", "--exclude", "primary"]).await;
    let reasons: Vec<_> = found["passed_over"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, ["needs_of_a_person", "excluded", "needs_of_a_person"]);
    assert_eq!(fields(&found["passed_over"][0]), ["detail", "provider", "reason"]);
}

#[tokio::test]
async fn people_read_it_in_words() {
    let run = desk(ROUTING).run(&["route", "--reference", "case-7", "--exclude", "sessions"]).await;
    assert_eq!(run.code, 0, "{}", run.stderr);
    for words in [
        "primary",
        "routing.rules.2, and the share that the reference belongs to",
        "cards: not named for this request",
        "sessions: excluded by the request",
    ] {
        assert!(run.stdout.contains(words), "{words} is missing: {}", run.stdout);
    }
}

#[tokio::test]
async fn a_retired_provider_is_passed_over() {
    let retired = ROUTING.replace("sessions = 50", "sessions = 0").replace("[\"sessions\"]", "[\"cards\"]");
    let config =
        format!("{PROVIDERS}{retired}").replace("\"session-api\"\n", "\"session-api\"\nretired = true\n");
    let desk = Desk::new(&config).env("KEY", "k");
    let found = route(&desk, &[]).await;
    assert_eq!(found["provider"], "primary");
    assert_eq!(found["passed_over"][1], json!({"provider": "sessions", "reason": "retired", "detail": null}));
    let run = desk.run(&["route", "--reference", "case-7"]).await;
    assert!(run.stdout.contains("sessions: retired: it takes no new sessions"), "{}", run.stdout);
    let listed = desk.run(&["providers"]).await.stdout;
    assert!(listed.contains("sessions (retired)") && listed.matches("(retired)").count() == 1, "{listed}");
}

#[tokio::test]
async fn a_rule_that_cannot_work_has_its_place() {
    let wrong = "[[routing.rules]]\nwhen = { needs = [\"refresh\"] }\nuse = \"sessions\"\n";
    let (exit, error) = desk(wrong).failure(&["config", "check"]).await;
    assert_eq!((exit, &error["config"][0]["path"]), (2, &json!("routing.rules.0.use")));
    assert_eq!((&error["config"][0]["line"], &error["config"][0]["column"]), (&json!(17), &json!(7)));
}

#[tokio::test]
async fn a_start_goes_where_route_says() {
    let sandbox = Sandbox::start().await.unwrap();
    let organization = sandbox.nxos().add_organization(OrganizationType::Business);
    let desk = Desk::at(&sandbox);
    let config = std::fs::read_to_string(desk.path().join("idv.toml")).unwrap();
    let rule = "[[routing.rules]]\nwhen.workflow = \"kyb\"\nuse = \"primary\"\n[routing.outage]\nproviders = [\"sessions\"]\n";
    desk.file("idv.toml", config.replace("active = \"primary\"", "active = \"sessions\"") + rule);
    let start = ["start", "--reference", "c1", "--organization", &organization];
    let session = desk.json(&[&start[..], &["--workflow", "kyb"]].concat()).await;
    assert_eq!(session["session"]["provider"], "primary");
    let (exit, error) = desk.failure(&start).await;
    assert_eq!((exit, &error["kind"], &error["delivery"]), (4, &json!("unavailable"), &json!("not_sent")));
    assert!(error["message"].as_str().unwrap().contains("sessions (switched off by routing.outage)"));
}

#[tokio::test]
async fn every_provider_that_was_tried_in_vain_is_told_of() {
    let sandbox = Sandbox::start().await.unwrap();
    let desk = Desk::at(&sandbox);
    let config = std::fs::read_to_string(desk.path().join("idv.toml")).unwrap();
    let failover = "[routing.failover]\norder = [\"sessions\"]\non = [\"rate_limited\"]\n";
    desk.file("idv.toml", config + failover);
    let throttled = FaultKind::Answer { answer: CannedAnswer::nxos_error(429, "rate_limited", "x") };
    sandbox.nxos().add_fault(Fault::new(throttled.clone()).times(3)).unwrap();

    let start = ["start", "--reference", "c1"];
    let applicant = [
        "--first-name",
        "Ada",
        "--last-name",
        "Sample",
        "--email",
        "a@example.com",
        "--phone",
        "+4915112345678",
    ];
    let served = desk.run(&[&["--json"], &start[..], &applicant].concat()).await;
    assert_eq!(served.code, 0, "{}", served.stderr);
    let session: Value = serde_json::from_str(&served.stdout).unwrap();
    assert_eq!(session["session"]["provider"], "sessions");
    let told: Value = serde_json::from_str(&served.stderr).unwrap();
    let told = &told["failed_start"];
    assert_eq!((&told["provider"], &told["kind"]), (&json!("primary"), &json!("rate_limited")));

    let failed = desk.run(&[&["--json"], &start[..]].concat()).await;
    assert_eq!(
        failed.code, 4,
        "who cannot serve does not hide that it may be tried again: {}",
        failed.stderr
    );
    let lines: Vec<Value> = failed.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [told, last] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(told["failed_start"]["kind"], "invalid_request");
    assert_eq!(
        (&last["error"]["kind"], &last["error"]["retry"]),
        (&json!("rate_limited"), &json!("allowed"))
    );

    let words = desk.run(&start).await.stderr;
    assert!(words.starts_with("failed attempt: sessions: start: "), "{words}");
    assert!(words.contains("\nerror: primary: start: "), "{words}");
}
