//! A retired provider takes nobody new, wherever `[routing]` names it.

use idv::StartRequest;
use idv::routing::{DecidedBy, RouteRequest, SkipReason};
use insta::assert_snapshot;

use crate::vendors::{Script, World, id, three, world};

/// The three providers, of which `cards` and `sessions` are retired: two lines more than without.
fn two_retired(routing: &str) -> String {
    let retire = |toml: String, id: &str| {
        let header = format!("[providers.{id}]\n");
        toml.replace(&header, &format!("{header}retired = true\n"))
    };
    retire(retire(three(routing), "cards"), "sessions")
}

/// The three providers, of which `sessions` is retired: one line more than without.
fn one_retired(routing: &str) -> String {
    three(routing).replace("[providers.sessions]\n", "[providers.sessions]\nretired = true\n")
}

fn built(toml: &str) -> World {
    world(toml, Script::new(), |builder| builder).unwrap()
}

fn problems(toml: &str) -> String {
    let error = world(toml, Script::new(), |builder| builder).map(drop).expect_err("it names a retired one");
    error.config_problems().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn warnings(world: &World) -> String {
    world.registry.warnings().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_rule_sends_nobody_to_a_retired_provider() {
    assert_snapshot!(problems(&two_retired("[[routing.rules]]\nuse = \"cards\"\n")), @"routing.rules.0.use (line 19, column 7): `cards` is retired and takes no new sessions: name another one");
    assert_snapshot!(problems(&two_retired("[[routing.rules]]\nsplit = { primary = 9, cards = 1, sessions = 1 }\n")), @r"
    routing.rules.0.split.cards (line 19, column 32): `cards` is retired and takes no new sessions: give it the weight 0, or name another one
    routing.rules.0.split.sessions (line 19, column 46): `sessions` is retired and takes no new sessions: give it the weight 0, or name another one
    ");
}

#[tokio::test]
async fn with_a_weight_of_0_it_is_drained() {
    let world = built(&one_retired("[[routing.rules]]\nsplit = { primary = 9, sessions = 0 }\n"));
    assert_eq!(warnings(&world), "");
    for case in 0..4 {
        let routed = world
            .registry
            .start_routed(&RouteRequest::new(format!("case-{case}")), &StartRequest::new("r"))
            .await;
        let routed = routed.unwrap();
        assert_eq!(routed.decision.why_not(&id("sessions")), Some(&SkipReason::Retired));
    }
    assert_eq!(world.asked(), ["primary"]);
}

#[tokio::test]
async fn failover_passes_it_over_and_says_so() {
    let routing = "[routing.failover]\norder = [\"sessions\", \"cards\"]\n[routing.outage]\nproviders = [\"primary\"]\n";
    let world = built(&one_retired(routing));
    assert_snapshot!(warnings(&world), @"routing.failover.order.0 (line 18, column 10): `sessions` is retired: a start that fails passes it over");
    let routed = world
        .registry
        .start_routed(&RouteRequest::new("case-7"), &StartRequest::new("case-7"))
        .await
        .unwrap();
    assert_eq!((routed.provider(), routed.decision.decided_by), (&id("cards"), DecidedBy::Failover));
    assert_eq!(routed.decision.why_not(&id("sessions")), Some(&SkipReason::Retired));
    assert_eq!(world.asked(), ["cards"]);
    let excluded = RouteRequest::new("case-7").exclude(id("cards")).exclude(id("sessions"));
    let failure = world.registry.start_routed(&excluded, &StartRequest::new("case-7")).await.unwrap_err();
    assert_snapshot!(failure, @"start: no provider can take this session: cards (excluded by the request), primary (switched off by routing.outage), sessions (retired: it takes no new sessions) [unavailable]");
}

#[test]
fn a_failover_to_nobody_is_refused() {
    let order = "[routing.failover]\norder = [\"cards\", \"sessions\"]\n";
    assert_snapshot!(problems(&two_retired(order)), @"routing.failover.order (line 19, column 9): every provider here is retired and takes no new sessions: name another one");
}

#[test]
fn what_sends_nobody_there_may_name_it() {
    let routing = "[routing]\ncaps = { sessions = 5 }\n[routing.outage]\nproviders = [\"sessions\"]\n";
    let world = built(&one_retired(routing));
    assert_eq!(warnings(&world), "");
    let decision = world.registry.router().decide(&RouteRequest::new("case-7"));
    assert_eq!(decision.why_not(&id("sessions")), Some(&SkipReason::Retired));
    let document = serde_json::to_value(&decision).unwrap();
    let passed = document["passed_over"].as_array().unwrap();
    assert_eq!(passed[1], serde_json::json!({"provider": "sessions", "reason": "retired", "detail": null}));
}
