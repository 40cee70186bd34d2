//! Which rule applies, who is passed over and why, and what becomes of an earlier approval.

use std::time::Duration;

use idv::profile::Capability;
use idv::routing::{DecidedBy, Decision, EarlierApproval, Portability, RouteRequest, SkipReason};
use idv::{ErrorKind, Registry, StartRequest, SubjectKind, Timestamp};
use insta::assert_snapshot;

use crate::vendors::{Script, id, now, registry, three, world};

const RULES: &str = r#"
[[routing.rules]]
when = { country = ["DE", "fr"], subject = "person" }
use = "cards"
[[routing.rules]]
when = { workflow = "enhanced", needs = ["find"] }
use = "sessions"
[[routing.rules]]
when = { attributes = { tier = "gold", region = "eu" } }
split = { primary = 1, sessions = 0 }
failover = false
"#;

const FAILOVER: &str = "[routing.failover]\norder = [\"primary\", \"sessions\", \"cards\"]\n";

fn outage(provider: &str) -> String {
    format!("[routing.outage]\nproviders = [\"{provider}\"]\n")
}

fn decide(routing: &str, route: &RouteRequest) -> Decision {
    registry(routing).router().decide(route)
}

/// A decision on one line each.
fn told(decision: &Decision) -> String {
    let provider = decision.provider.as_ref().map_or("nobody", |id| id.as_str());
    let by = decision.decided_by.as_str();
    let rule = decision.rule.map_or("no rule".to_owned(), |index| format!("rule {index}"));
    let mut lines = vec![format!("{provider} by {by}, {rule}, then {:?}", decision.failover)];
    lines.extend(decision.passed_over.iter().map(|passed| format!("{}: {}", passed.provider, passed.why)));
    lines.join("\n")
}

#[test]
fn without_rules_everything_goes_to_the_active_provider() {
    assert_snapshot!(told(&decide("", &RouteRequest::new("case-7"))), @r"
    primary by active, no rule, then []
    cards: not named for this request
    sessions: not named for this request
    ");
}

/// A rule for `GB` does not see `UK`: whoever says that gets no session rather than the wrong provider.
#[tokio::test]
async fn a_country_that_is_none_gets_no_session() {
    let rules = "[[routing.rules]]\nwhen = { country = [\"GB\"] }\nuse = \"cards\"\n";
    for (country, said) in [
        ("UK", "this is no ISO 3166-1 code: did you mean \"GB\"?"),
        ("el", "this is no ISO 3166-1 code: did you mean \"GR\"?"),
        ("XX", "no country has this code: expected one of ISO 3166-1 alpha-2 such as \"DE\""),
        ("Germany", "expected an ISO 3166-1 alpha-2 code such as \"DE\""),
        ("", "expected an ISO 3166-1 alpha-2 code such as \"DE\""),
    ] {
        for routing in [String::new(), rules.to_owned(), format!("{rules}{FAILOVER}")] {
            let world = world(&three(&routing), Script::new(), |builder| builder).unwrap();
            let route = RouteRequest::new("case-7").country(country);
            let decision = world.registry.router().decide(&route);
            assert_eq!(
                (&decision.provider, decision.decided_by),
                (&None, DecidedBy::NoProvider),
                "{country}"
            );
            assert!(decision.passed_over.iter().all(|passed| passed.why == SkipReason::UnknownCountry));
            let vain = world.registry.start_routed(&route, &StartRequest::new("case-7")).await.unwrap_err();
            assert_eq!(vain.error.kind(), ErrorKind::InvalidRequest);
            let [problem] = vain.error.input_problems() else { panic!("{}", vain.error) };
            assert_eq!((problem.input.as_str(), &*problem.message), ("country", said));
            assert!(vain.failed.is_empty());
        }
    }
    let british = decide(rules, &RouteRequest::new("case-7").country("gb"));
    assert_eq!((british.rule, british.provider.unwrap().as_str()), (Some(0), "cards"));
    // Whose country is not known is still served.
    assert_eq!(decide(rules, &RouteRequest::new("case-7")).provider.unwrap().as_str(), "primary");
}

#[test]
fn the_first_rule_that_applies_decides() {
    let route = RouteRequest::new("case-7");
    let german = route.clone().country("de").subject(SubjectKind::Person);
    let gold = route.clone().attribute("tier", "gold").attribute("region", "eu");
    for (route, rule, provider) in [
        (german.clone(), Some(0), "cards"),
        (german.clone().workflow("enhanced"), Some(0), "cards"),
        (route.clone().country("FR").subject(SubjectKind::Person), Some(0), "cards"),
        (route.clone().country("DE"), None, "primary"),
        (route.clone().country("DE").subject(SubjectKind::Business), None, "primary"),
        (route.clone().country("AT").subject(SubjectKind::Person), None, "primary"),
        (route.clone().workflow("enhanced"), Some(1), "sessions"),
        (route.clone().workflow("ENHANCED"), None, "primary"),
        (gold.clone(), Some(2), "primary"),
        (gold.attribute("tier", "silver"), None, "primary"),
        (route.attribute("tier", "gold"), None, "primary"),
    ] {
        let decision = decide(RULES, &route);
        assert_eq!((decision.rule, decision.provider), (rule, Some(id(provider))), "{route:?}");
    }
}

#[test]
fn a_plain_start_is_routed_by_what_it_says_of_itself() {
    let start = StartRequest::new("case-7").workflow("enhanced").attribute("tier", "gold");
    let decision = decide(RULES, &RouteRequest::from(&start));
    assert_eq!((decision.rule, decision.provider), (Some(1), Some(id("sessions"))));
    let start = StartRequest::new("case-7").attribute("tier", "gold").attribute("region", "eu");
    assert_eq!(decide(RULES, &RouteRequest::from(&start)).rule, Some(2));
}

#[test]
fn every_other_provider_is_passed_over_for_a_reason() {
    let gold = RouteRequest::new("case-7").attribute("tier", "gold").attribute("region", "eu");
    assert_snapshot!(told(&decide(RULES, &gold)), @r"
    primary by split, rule 2, then []
    cards: not named for this request
    sessions: its weight is 0
    ");
    assert_snapshot!(told(&decide(&format!("{RULES}{}", outage("primary")), &gold)), @r"
    nobody by nobody, rule 2, then []
    cards: not named for this request
    primary: switched off by routing.outage
    sessions: its weight is 0
    ");
    let split = "[[routing.rules]]\nsplit = { primary = 1, sessions = 1 }\n";
    let decision = decide(split, &RouteRequest::new("case-7"));
    let other = if decision.provider == Some(id("primary")) { "sessions" } else { "primary" };
    assert_eq!(decision.why_not(&id(other)), Some(&SkipReason::OtherShare));
}

#[test]
fn nobody_else_takes_over_without_failover() {
    assert_snapshot!(told(&decide(&outage("primary"), &RouteRequest::new("case-7"))), @r"
    nobody by nobody, no rule, then []
    cards: not named for this request
    primary: switched off by routing.outage
    sessions: not named for this request
    ");
}

#[test]
fn with_failover_the_next_one_takes_over() {
    let business = RouteRequest::new("case-7").subject(SubjectKind::Business);
    assert_snapshot!(told(&decide(&format!("{}{FAILOVER}", outage("primary")), &business)), @r"
    sessions by failover, no rule, then []
    cards: wants what a business does not have: user_token
    primary: switched off by routing.outage
    ");
    assert_snapshot!(told(&decide(FAILOVER, &RouteRequest::new("case-7"))), @r#"
    primary by active, no rule, then ["sessions", "cards"]
    cards: not named for this request
    sessions: not named for this request
    "#);
}

#[test]
fn a_capability_is_read_from_its_own_word_alone() {
    for capability in Capability::ALL {
        assert_eq!(capability.as_str().parse(), Ok(*capability));
    }
    let error = "Find".parse::<Capability>().unwrap_err().to_string();
    assert!(error.starts_with("expected one of refresh, find, import"), "{error}");
}

#[test]
fn a_decision_says_in_json_what_a_provider_lacks_or_wants() {
    let business = RouteRequest::new("case-7").subject(SubjectKind::Business);
    let written = serde_json::to_value(decide("", &business.need(Capability::Refresh))).unwrap();
    assert_eq!(
        written["passed_over"],
        serde_json::json!([
            {"provider": "cards", "reason": "needs_of_a_person", "detail": "user_token"},
            {"provider": "sessions", "reason": "lacks", "detail": "refresh"},
        ])
    );
}

#[test]
fn what_the_session_needs_holds_for_failover_too() {
    let routing = format!("{RULES}{FAILOVER}{}", outage("sessions"));
    assert_snapshot!(told(&decide(&routing, &RouteRequest::new("case-7").workflow("enhanced"))), @r"
    nobody by nobody, rule 1, then []
    cards: cannot do what is needed: find
    primary: cannot do what is needed: find
    sessions: switched off by routing.outage
    ");
    let route = RouteRequest::new("case-7").need(Capability::Redirect);
    let decision = decide(FAILOVER, &route);
    assert_eq!((decision.provider, decision.decided_by), (Some(id("sessions")), DecidedBy::Failover));
}

#[test]
fn an_excluded_provider_is_never_taken() {
    let route = RouteRequest::new("case-7").exclude(id("primary"));
    assert_eq!(decide(FAILOVER, &route).provider, Some(id("sessions")));
    let split = "[[routing.rules]]\nsplit = { primary = 99, sessions = 1 }\n";
    for case in 0..100 {
        let route = RouteRequest::new(format!("case-{case}")).exclude(id("primary"));
        let decision = decide(split, &route);
        assert_eq!(decision.provider, Some(id("sessions")));
        assert_eq!(decision.why_not(&id("primary")), Some(&SkipReason::Excluded));
    }
    let everybody = route.exclude(id("sessions")).exclude(id("cards"));
    assert_eq!(decide(FAILOVER, &everybody).provider, None);
}

#[test]
fn a_rule_can_keep_its_sessions_to_itself() {
    let rule = |country, failover| {
        format!("[[routing.rules]]\nwhen = {{ country = [\"{country}\"] }}\nuse = \"sessions\"\n{failover}")
    };
    let (own, shared) = (rule("CH", "failover = false\n"), rule("AT", ""));
    let routing = format!("{own}{shared}{FAILOVER}{}", outage("sessions"));
    let swiss = decide(&routing, &RouteRequest::new("case-7").country("CH"));
    assert_eq!((swiss.provider, swiss.failover.len()), (None, 0));
    let austrian = decide(&routing, &RouteRequest::new("case-7").country("AT"));
    assert_eq!((austrian.rule, austrian.provider), (Some(1), Some(id("primary"))));
    assert_eq!(decide(&routing, &RouteRequest::new("case-7")).provider, Some(id("primary")));
}

fn days_ago(days: u64) -> Timestamp {
    let millis = i64::try_from(Duration::from_secs(days * 24 * 3600).as_millis()).unwrap();
    Timestamp::from_unix_millis(now().unix_millis() - millis)
}

#[test]
fn an_approval_is_bound_to_vendor_workflow_and_age() {
    let by = |provider: &str, days| EarlierApproval::new(id(provider), days_ago(days));
    let route = RouteRequest::new("case-7").workflow("w");
    for (approval, counts) in [
        (by("primary", 29).workflow("w"), Portability::Counts),
        (by("primary", 30).workflow("w"), Portability::TooOld),
        (by("primary", 31).workflow("w"), Portability::TooOld),
        (by("primary", 1).workflow("v"), Portability::OtherWorkflow),
        (by("primary", 1), Portability::OtherWorkflow),
        (by("cards", 1).workflow("w"), Portability::OtherVendor),
        (by("gone", 1).workflow("w"), Portability::UnknownProvider),
    ] {
        let decision = decide("", &route.clone().earlier(approval.clone()));
        assert_eq!(decision.earlier_approval, Some(counts), "{approval:?}");
        assert_eq!(counts.counts(), counts == Portability::Counts);
    }
    assert_eq!(decide("", &route).earlier_approval, None);
    let nowhere = route.exclude(id("primary")).earlier(by("primary", 1).workflow("w"));
    assert_eq!(decide("", &nowhere).earlier_approval, Some(Portability::NoProvider));
}

#[test]
fn without_a_validity_an_approval_does_not_age_and_instances_of_one_vendor_share_it() {
    let toml = r#"active = "new"
[providers.old]
kind = "acme"
vendor = "One and the same"
[providers.new]
kind = "acme"
vendor = "One and the same"
recheck_after = "1d"
"#;
    let world = crate::vendors::world(toml, Default::default(), |builder| builder).unwrap();
    let decide = |provider: &str| {
        let approval = EarlierApproval::new(id(provider), days_ago(1000));
        world.registry.router().decide(&RouteRequest::new("case-7").earlier(approval)).earlier_approval
    };
    assert_eq!(decide("old"), Some(Portability::Counts));
    assert_eq!(decide("new"), Some(Portability::TooOld));
    let tomorrow = EarlierApproval::new(id("new"), now().saturating_add(Duration::from_secs(86_400)));
    let decision = world.registry.router().decide(&RouteRequest::new("case-7").earlier(tomorrow));
    assert_eq!(decision.earlier_approval, Some(Portability::Counts));
}

#[test]
fn no_attribute_is_shown() {
    let route = RouteRequest::new("case-7").attribute("tier", "canary");
    assert!(!format!("{route:?}").contains("canary"));
}

/// The real vendors say which system an instance talks to, and which workflow it runs where nobody names one.
#[test]
fn an_approval_of_a_sandbox_or_of_another_default_workflow_counts_nowhere_else() {
    let providers = r#"
[providers.test]
kind = "nxos"
environment = "sandbox"
api_key = "nxos_sk_test_1"
[providers.live]
kind = "nxos"
environment = "production"
api_key = "nxos_sk_live_1"
[providers.europe]
kind = "baanx-user"
base_url = "https://api.baanx.example"
client_key = "k"
[providers.america]
kind = "baanx-user"
base_url = "https://api.baanx.example"
client_key = "k"
region = "us"
[providers.signup]
kind = "baanx-registration"
base_url = "https://api.baanx.example"
client_key = "k"
successor = "europe"
[providers.adults]
kind = "session-api"
preset = "deepidv"
api_key = "k"
workflow_id = "wf_adults"
[providers.anyone]
kind = "session-api"
preset = "deepidv"
api_key = "k"
"#;
    let portability = |from: &str, to: &str, workflow: Option<&str>| {
        let registry = Registry::from_toml_str(&format!("active = \"{to}\"\n{providers}")).unwrap();
        let route = RouteRequest::new("case-7").earlier(EarlierApproval::new(id(from), now()));
        let route = workflow.into_iter().fold(route, RouteRequest::workflow);
        registry.router().decide(&route).earlier_approval.unwrap()
    };
    for (from, to, workflow, expected) in [
        ("live", "live", None, Portability::Counts),
        ("test", "live", None, Portability::OtherSystem),
        ("signup", "europe", None, Portability::Counts),
        ("signup", "america", None, Portability::OtherSystem),
        ("anyone", "adults", None, Portability::OtherWorkflow),
        ("adults", "adults", None, Portability::Counts),
        ("adults", "anyone", Some("wf_adults"), Portability::Counts),
        ("adults", "live", None, Portability::OtherVendor),
    ] {
        assert_eq!(portability(from, to, workflow), expected, "{from} to {to}, {workflow:?}");
    }
}
