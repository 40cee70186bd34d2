//! `idv route`, and starts that are routed.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::*;

const RULES: &str = r#"
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

fn routed(world: World, rules: &str) -> World {
    let text = world.text("idv.toml") + rules;
    world.write("idv.toml", &text);
    world
}

#[test]
fn decisions() {
    let world = routed(World::new(), RULES);
    assert_snapshot!(world.transcript(
        "route --reference case-7 --country de --subject person
         route --reference case-7 --exclude sessions
         route --reference case-7 --workflow kyb --attribute tier=gold --attribute other=a=b --exclude primary --exclude sessions
         route --reference case-7 --need refresh"
    ));
    assert_snapshot!("without_rules", World::new().transcript("route --reference case-7 --country DE"));
    world.vendor.none("a route is computed");
}

#[test]
fn a_retired_provider_is_passed_over_and_marked() {
    let world = World::new().edit("[providers.sessions]\n", "[providers.sessions]\nretired = true\n");
    let ran = world.idv("route --reference case-7").run().exits(0);
    assert!(ran.stdout.contains("sessions: retired: it takes no new sessions"), "{ran}");
    let listed = world.idv("providers").run().exits(0).stdout;
    assert!(listed.contains("sessions (retired)") && listed.matches("(retired)").count() == 1, "{listed}");
}

#[test]
fn a_rule_that_cannot_work_has_its_place() {
    let wrong = "[[routing.rules]]\nwhen = { needs = [\"refresh\"] }\nuse = \"sessions\"\n";
    let error = routed(World::new(), wrong).json("config check").fails("config");
    assert_eq!(error["config"][0]["path"], "routing.rules.0.use");
    assert!(error["config"][0]["line"].is_u64() && error["config"][0]["column"] == 7, "{error}");
}

#[test]
fn a_start_goes_where_route_says() {
    let rule = "[[routing.rules]]\nwhen.workflow = \"kyb\"\nuse = \"primary\"\n[routing.outage]\nproviders = [\"sessions\"]\n";
    let world = routed(World::new().edit("active = \"primary\"", "active = \"sessions\""), rule);
    let session = world.json("start --reference c1 --workflow kyb").found("session");
    assert_eq!(session["provider"], "primary");
    let error = world.json("start --reference c1").fails("unavailable");
    assert_eq!(error["delivery"], "not_sent");
    assert!(error["message"].as_str().unwrap().contains("sessions (switched off by routing.outage)"));
}

#[test]
fn every_provider_that_failed_is_told_of() {
    let failover = "[routing.failover]\norder = [\"sessions\"]\non = [\"rate_limited\"]\n";
    let world = World::with(|seen| match seen.target.as_str() {
        "/v1/organizations/verification" => {
            Reply::json(429, &vendor_error("primary", "rate_limited", "slow down"))
        }
        _ => good(seen),
    });
    let world = routed(world, failover);
    let served = world.json(&start("sessions").replace("--provider sessions ", "")).exits(0);
    let session: Value = serde_json::from_str(&served.stdout).unwrap();
    assert_eq!(session["session"]["provider"], "sessions");
    let told: Value = serde_json::from_str(&served.stderr).unwrap();
    let told = &told["failed_start"];
    assert_eq!((&told["provider"], &told["kind"]), (&json!("primary"), &json!("rate_limited")));
    shape::check(told, shape::ERROR);
    // A provider that cannot serve does not hide that the start may be tried again.
    assert_snapshot!(world.transcript("start --reference c1"));
}
