//! Failover: only where the first vendor certainly holds no session, and everything that happened is told.

use std::time::Duration;

use http::StatusCode;
use idv::registry::{RoutedSession, RoutingFailure};
use idv::routing::RouteRequest;
use idv::{Delivery, Error, ErrorKind, Retry, StartRequest};
use proptest::prelude::*;

use crate::vendors::{Script, World, id, three, world};

const ORDER: &str = "[routing.failover]\norder = [\"primary\", \"sessions\", \"cards\"]\n";

fn listed(on: &str) -> String {
    format!("{ORDER}on = [{on}]\n")
}

fn error(kind: ErrorKind, delivery: Delivery, retry: Retry) -> Error {
    Error::new(kind, "no").with_delivery(delivery).with_retry(retry)
}

fn not_sent(kind: ErrorKind) -> Error {
    error(kind, Delivery::NotSent, Retry::Allowed { after: None })
}

fn answered(kind: ErrorKind) -> Error {
    error(kind, Delivery::Answered, Retry::Allowed { after: None })
}

fn with(routing: &str, script: Script) -> World {
    world(&three(routing), script, |builder| builder).unwrap()
}

async fn start(world: &World) -> Result<RoutedSession, RoutingFailure> {
    world.registry.start_routed(&RouteRequest::new("case-7"), &StartRequest::new("case-7")).await
}

#[tokio::test]
async fn an_outage_before_anything_is_sent_moves_the_start_on() {
    for kind in [ErrorKind::Connection, ErrorKind::Timeout, ErrorKind::Unavailable, ErrorKind::RateLimited] {
        let world = with(ORDER, Script::from([("primary", vec![Some(not_sent(kind))])]));
        let routed = start(&world).await.unwrap();
        assert_eq!(routed.provider(), &id("sessions"));
        assert_eq!(routed.decision.provider, Some(id("primary")));
        let failed: Vec<_> =
            routed.failed.iter().map(|one| (one.provider.as_str(), one.error.kind())).collect();
        assert_eq!(failed, [("primary", kind)]);
        assert_eq!((world.starts("primary"), world.starts("sessions"), world.starts("cards")), (1, 1, 0));
        let counted = ["primary", "sessions"].map(|provider| world.registry.router().sessions(&id(provider)));
        assert_eq!(counted, [0, 1], "it counts where it is");
    }
}

/// A caller who is told only that something is missing would not come back, though the vendor said when to.
#[tokio::test]
async fn who_cannot_serve_the_request_does_not_hide_why_the_first_did_not() {
    for refusal in [ErrorKind::InvalidRequest, ErrorKind::Unsupported] {
        let world = with(
            "[routing.failover]\norder = [\"sessions\"]\n",
            Script::from([
                (
                    "primary",
                    vec![Some(not_sent(ErrorKind::RateLimited)), Some(not_sent(ErrorKind::RateLimited))],
                ),
                ("sessions", vec![Some(not_sent(refusal)), Some(not_sent(refusal))]),
            ]),
        );
        let failure = start(&world).await.unwrap_err();
        assert_eq!(failure.error.kind(), ErrorKind::RateLimited);
        let others: Vec<_> =
            failure.failed.iter().map(|one| (one.provider.as_str(), one.error.kind())).collect();
        assert_eq!(others, [("sessions", refusal)]);
        let error = world.registry.start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
    }
}

#[tokio::test]
async fn what_is_wrong_with_the_request_moves_on_only_if_it_is_listed() {
    let script = || Script::from([("primary", vec![Some(not_sent(ErrorKind::InvalidRequest))])]);
    let world = with(ORDER, script());
    assert_eq!(start(&world).await.unwrap_err().error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(world.asked(), ["primary"]);
    let world = with(&listed("\"invalid_request\""), script());
    assert_eq!(start(&world).await.unwrap().provider(), &id("sessions"));
}

#[tokio::test]
async fn an_answer_moves_on_only_if_it_is_listed_and_no_session_may_exist() {
    let listed = listed("\"rate_limited\", \"unavailable\"");
    for (routing, error, moves) in [
        (ORDER, answered(ErrorKind::RateLimited), false),
        (ORDER, answered(ErrorKind::Unavailable), false),
        (&*listed, answered(ErrorKind::RateLimited), true),
        (&*listed, answered(ErrorKind::Unavailable), true),
        (&*listed, error(ErrorKind::Unavailable, Delivery::Answered, Retry::Exhausted), true),
        (&*listed, error(ErrorKind::Unavailable, Delivery::Answered, Retry::AfterCheck), false),
        (&*listed, error(ErrorKind::Unavailable, Delivery::NotSent, Retry::AfterCheck), false),
        (&*listed, error(ErrorKind::Unavailable, Delivery::Unknown, Retry::Never), false),
        (&*listed, answered(ErrorKind::PaymentRequired), false),
        (&*listed, answered(ErrorKind::InvalidResponse), false),
        (&*listed, answered(ErrorKind::Conflict), false),
    ] {
        let what = format!("{error:?} with {routing}");
        let world = with(routing, Script::from([("primary", vec![Some(error)])]));
        assert_eq!(start(&world).await.is_ok(), moves, "{what}");
        let asked: &[&str] = if moves { &["primary", "sessions"] } else { &["primary"] };
        assert_eq!(world.asked(), asked, "{what}");
    }
}

#[tokio::test]
async fn without_the_table_nobody_else_is_asked() {
    let world = with("", Script::from([("primary", vec![Some(not_sent(ErrorKind::Connection))])]));
    let failure = start(&world).await.unwrap_err();
    assert_eq!((failure.error.kind(), failure.failed.len()), (ErrorKind::Connection, 0));
    assert_eq!(world.asked(), ["primary"]);
}

#[tokio::test]
async fn when_all_fail_every_one_of_them_is_told() {
    let script = ["primary", "sessions", "cards"].map(|id| (id, vec![Some(not_sent(ErrorKind::Connection))]));
    let world = with(ORDER, Script::from(script));
    let failure = start(&world).await.unwrap_err();
    let failed: Vec<_> = failure.failed.iter().map(|one| one.provider.as_str()).collect();
    assert_eq!(failed, ["primary", "sessions"]);
    assert_eq!(failure.to_string(), "no [connection]; besides: no [connection]; no [connection]");
    assert_eq!(Error::from(failure).kind(), ErrorKind::Connection);
    for provider in ["primary", "sessions", "cards"] {
        assert_eq!(world.registry.router().sessions(&id(provider)), 0, "{provider}");
    }
}

#[tokio::test]
async fn when_nobody_can_take_it_nothing_is_sent() {
    let world = with("[routing.outage]\nproviders = [\"primary\"]\n", Script::new());
    let failure = start(&world).await.unwrap_err();
    assert_eq!((failure.error.kind(), failure.error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
    insta::assert_snapshot!(failure, @"start: no provider can take this session: cards (not named for this request), primary (switched off by routing.outage), sessions (not named for this request) [unavailable]");
    let route = RouteRequest::new("case-7").exclude(id("primary"));
    let world = with("", Script::new());
    let failure = world.registry.start_routed(&route, &StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(failure.error.kind(), ErrorKind::Unsupported);
    assert!(world.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_the_vendor_broke_over_is_not_forgotten_by_a_later_one() {
    let toml = three(ORDER).replace("http.attempts = 1", "http.attempts = 2");
    let broke = || answered(ErrorKind::Unavailable).with_http_status(StatusCode::BAD_GATEWAY);
    let refused = || answered(ErrorKind::RateLimited).with_http_status(StatusCode::TOO_MANY_REQUESTS);
    let lost = || error(ErrorKind::Timeout, Delivery::Unknown, Retry::Allowed { after: None });
    for (first, moves) in [(broke(), false), (lost(), false), (refused(), true)] {
        let kind = first.kind();
        let answers = vec![Some(first), Some(not_sent(ErrorKind::Connection))];
        let world = world(&toml, Script::from([("primary", answers)]), |builder| builder).unwrap();
        assert_eq!(start(&world).await.is_ok(), moves, "{kind}");
        assert_eq!(world.starts("primary"), 2, "{kind}");
    }
}

/// That the vendor then has no time says nothing of the attempt over which it broke.
#[tokio::test(start_paused = true)]
async fn a_listed_answer_does_not_hide_an_earlier_one_that_is_not_listed() {
    let broke = || answered(ErrorKind::Unavailable).with_http_status(StatusCode::BAD_GATEWAY);
    let refused = || answered(ErrorKind::RateLimited).with_http_status(StatusCode::TOO_MANY_REQUESTS);
    for (on, first, last, moves) in [
        ("\"rate_limited\"", broke(), refused(), false),
        ("\"rate_limited\"", broke(), not_sent(ErrorKind::RateLimited), false),
        ("\"rate_limited\"", refused(), refused(), true),
        ("\"unavailable\"", broke(), broke(), true),
        ("\"unavailable\"", broke(), not_sent(ErrorKind::Unavailable), true),
    ] {
        let toml = three(&listed(on)).replace("http.attempts = 1", "http.attempts = 2");
        let what = format!("{first}, {last}");
        let answers = vec![Some(first), Some(last)];
        let world = world(&toml, Script::from([("primary", answers)]), |builder| builder).unwrap();
        assert_eq!(start(&world).await.is_ok(), moves, "{what}");
        assert_eq!(world.starts("primary"), 2, "{what}");
    }
}

/// Whom the breaker leaves alone, nobody waits for, where somebody else can serve the applicant now.
#[tokio::test(start_paused = true)]
async fn a_vendor_that_is_left_alone_is_not_waited_for() {
    let toml = three(ORDER).replace("http.attempts = 1", "http.attempts = 3");
    let broke = || answered(ErrorKind::Unavailable).with_http_status(StatusCode::BAD_GATEWAY);
    let script = Script::from([("primary", (0..30).map(|_| Some(broke())).collect())]);
    let world = world(&toml, script, |builder| builder).unwrap();
    while world.starts("primary") < 10 {
        let _ = start(&world).await;
    }
    let before = world.starts("primary");
    let begun = tokio::time::Instant::now();
    assert_eq!(start(&world).await.unwrap().provider(), &id("sessions"));
    assert_eq!((begun.elapsed(), world.starts("primary")), (Duration::ZERO, before));
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_all_starts_together() {
    // A wait that is longer than what is left of the deadline ends the first start at once, and the next one has the rest.
    let slow = || {
        let after = Some(Duration::from_secs(6));
        not_sent(ErrorKind::RateLimited).with_retry(Retry::Allowed { after })
    };
    let toml = three(ORDER).replace("http.attempts = 1", "http.attempts = 3");
    let script = ["primary", "sessions", "cards"].map(|id| (id, vec![Some(slow()), Some(slow())]));
    let world = world(&toml, Script::from(script), |builder| builder).unwrap();
    let begun = tokio::time::Instant::now();
    let request = StartRequest::new("case-7").deadline(Duration::from_secs(10));
    let failure = world.registry.start_routed(&RouteRequest::new("case-7"), &request).await.unwrap_err();
    assert_eq!(failure.error.kind(), ErrorKind::RateLimited);
    assert_eq!((world.starts("primary"), world.starts("sessions"), world.starts("cards")), (2, 1, 1));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn nobody_else_is_asked_when_the_time_is_over() {
    let world = with(ORDER, Script::from([("primary", vec![Some(not_sent(ErrorKind::Connection))])]));
    let request = StartRequest::new("case-7").deadline(Duration::ZERO);
    world.registry.start_routed(&RouteRequest::new("case-7"), &request).await.unwrap_err();
    assert_eq!(world.asked(), ["primary"]);
}

fn any_error() -> impl Strategy<Value = Error> {
    let kind = prop::sample::select(ErrorKind::ALL);
    let delivery = prop::sample::select(Delivery::ALL);
    let after = Retry::Allowed { after: None };
    let retry = prop::sample::select(vec![Retry::Never, after, Retry::AfterCheck, Retry::Exhausted]);
    (kind, delivery, retry).prop_map(|(kind, delivery, retry)| error(kind, delivery, retry))
}

/// What is certain, by the words of the contract and not by those of the code.
fn certainly_no_session(error: &Error, listed: &[&str]) -> bool {
    error.retry() != Retry::AfterCheck
        && match error.delivery() {
            Delivery::NotSent => true,
            Delivery::Answered => listed.contains(&error.kind().as_str()),
            _ => false,
        }
}

const LISTABLE: &[&str] = &[
    "rate_limited",
    "unavailable",
    "payment_required",
    "unauthenticated",
    "forbidden",
    "not_found",
    "invalid_request",
    "unsupported",
];

fn called(world: &World) -> Vec<&'static str> {
    ["primary", "sessions", "cards"].into_iter().filter(|id| world.starts(id) > 0).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_more_than_one_vendor_could_hold_a_session(
        answers in prop::array::uniform3(prop::option::weighted(0.85, any_error())),
        on in prop::sample::subsequence(LISTABLE, 0..=LISTABLE.len()),
    ) {
        let certain: Vec<bool> = answers
            .iter()
            .map(|answer| answer.as_ref().is_some_and(|error| certainly_no_session(error, &on)))
            .collect();
        let quoted: Vec<String> = on.iter().map(|word| format!("\"{word}\"")).collect();
        // Each call is made once, so each vendor gives its first answer only.
        let script = ["primary", "sessions", "cards"].into_iter().zip(answers.map(|answer| vec![answer]));
        let world = with(&listed(&quoted.join(", ")), script.collect());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let outcome = runtime.block_on(start(&world));
        let called = called(&world);
        let doubtful = certain.iter().take(called.len()).filter(|certain| !**certain).count();
        prop_assert!(doubtful <= 1, "{called:?} {certain:?}");
        // Whoever could hold one is the last that was asked, and nobody is left out in between.
        prop_assert_eq!(&called[..], &["primary", "sessions", "cards"][..called.len()]);
        prop_assert!(certain.iter().take(called.len() - 1).all(|certain| *certain));
        for provider in ["primary", "sessions", "cards"] {
            prop_assert!(world.starts(provider) <= 1);
        }
        let told = match &outcome {
            Ok(routed) => routed.failed.len() + 1,
            Err(failure) => failure.failed.len() + 1,
        };
        prop_assert_eq!(told, called.len(), "each one that was asked is told of");
    }
}
