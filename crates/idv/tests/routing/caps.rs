//! Caps: what counts, and what happens when one is reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use http::StatusCode;
use idv::routing::{RouteRequest, SessionCounts, SkipReason};
use idv::{Delivery, Error, ErrorKind, ProviderId, Retry, StartRequest};
use tokio::time::{sleep, timeout};

use crate::vendors::{Script, id, three, world};

const CAPPED: &str = "[routing]\ncaps = { primary = 2 }\n[routing.failover]\norder = [\"sessions\"]\n";

fn request() -> StartRequest {
    StartRequest::new("case-7")
}

#[tokio::test]
async fn a_provider_gets_no_more_than_its_cap() {
    let world = world(&three(CAPPED), Script::new(), |builder| builder).unwrap();
    let mut served = Vec::new();
    for _ in 0..4 {
        served.push(world.registry.start(&request()).await.unwrap().reference.provider().to_string());
    }
    assert_eq!(served, ["primary", "primary", "sessions", "sessions"]);
    let decision = world.registry.router().decide(&RouteRequest::new("case-7"));
    assert_eq!(decision.why_not(&id("primary")), Some(&SkipReason::AtCap));
    assert_eq!(world.registry.router().sessions(&id("primary")), 2);
}

#[tokio::test]
async fn a_start_at_a_provider_of_choice_counts_but_is_not_capped() {
    let world = world(&three(CAPPED), Script::new(), |builder| builder).unwrap();
    for count in 1..4 {
        world.registry.start_at(&id("primary"), &request()).await.unwrap();
        assert_eq!(world.registry.router().sessions(&id("primary")), count);
    }
    assert_eq!(world.registry.start(&request()).await.unwrap().reference.provider(), &id("sessions"));
}

#[tokio::test]
async fn only_what_could_be_a_session_counts() {
    let error = |kind, delivery| Some(Error::new(kind, "no").with_delivery(delivery));
    let answers = vec![
        error(ErrorKind::Connection, Delivery::NotSent),
        error(ErrorKind::Unavailable, Delivery::Answered),
        error(ErrorKind::InvalidResponse, Delivery::Answered),
        error(ErrorKind::Timeout, Delivery::Unknown),
    ];
    let world = world(&three(""), Script::from([("primary", answers)]), |builder| builder).unwrap();
    let mut counts = Vec::new();
    for _ in 0..5 {
        let _ = world.registry.start(&request()).await;
        counts.push(world.registry.router().sessions(&id("primary")));
    }
    assert_eq!(counts, [0, 0, 1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_does_not_exceed_a_cap() {
    let routing =
        "[routing]\ncaps = { primary = 2, sessions = 1 }\n[routing.failover]\norder = [\"sessions\"]\n";
    let world = Arc::new(world(&three(routing), Script::new(), |builder| builder).unwrap());
    let crowd = (0..50).map(|_| {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.registry.start(&request()).await.map(drop) })
    });
    let (mut opened, mut refused) = (0, 0);
    for one in crowd.collect::<Vec<_>>() {
        match one.await.unwrap() {
            Ok(()) => opened += 1,
            Err(error) => {
                assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
                refused += 1;
            }
        }
    }
    assert_eq!((opened, refused), (3, 47));
    assert_eq!((world.starts("primary"), world.starts("sessions")), (2, 1));
}

/// The open sessions of a fleet, say.
#[derive(Debug, Default)]
struct Fleet(AtomicU64);

impl SessionCounts for Fleet {
    fn sessions(&self, provider: &ProviderId) -> u64 {
        if provider.as_str() == "primary" { self.0.load(Ordering::SeqCst) } else { 0 }
    }
}

#[tokio::test]
async fn the_application_can_say_what_counts() {
    let fleet = Arc::new(Fleet::default());
    let counts: Arc<dyn SessionCounts> = Arc::clone(&fleet) as _;
    let world = world(&three(CAPPED), Script::new(), |builder| builder.session_counts(counts)).unwrap();
    for _ in 0..3 {
        assert_eq!(world.registry.start(&request()).await.unwrap().reference.provider(), &id("primary"));
    }
    fleet.0.store(2, Ordering::SeqCst);
    assert_eq!(world.registry.start(&request()).await.unwrap().reference.provider(), &id("sessions"));
    fleet.0.store(1, Ordering::SeqCst);
    assert_eq!(world.registry.router().decide(&RouteRequest::new("x")).provider, Some(id("primary")));
}

/// A start is seen through though nobody waits for it any more, and counts as what it became.
#[tokio::test(start_paused = true)]
async fn a_start_whose_caller_went_away_counts_only_if_it_could_be_a_session() {
    let throttled = || {
        let after = Some(Duration::from_secs(10));
        let error = Error::new(ErrorKind::RateLimited, "slow down").with_delivery(Delivery::Answered);
        Some(error.with_http_status(StatusCode::TOO_MANY_REQUESTS).with_retry(Retry::Allowed { after }))
    };
    let refused = Error::new(ErrorKind::Connection, "no");
    let lost = Error::new(ErrorKind::Timeout, "no").with_delivery(Delivery::Unknown);
    for (then, counted) in [(Some(refused), 0), (Some(lost), 1), (None, 1)] {
        let heard = Arc::new(AtomicU64::new(0));
        let hear = Arc::clone(&heard);
        let unclaimed = move |_| {
            hear.fetch_add(1, Ordering::SeqCst);
        };
        let toml = three("").replace("http.attempts = 1", "http.attempts = 2");
        let script = Script::from([("primary", vec![throttled(), then])]);
        let world = world(&toml, script, |builder| builder.on_unclaimed(unclaimed)).unwrap();
        timeout(Duration::from_secs(1), world.registry.start(&request())).await.unwrap_err();
        let sessions = || world.registry.router().sessions(&id("primary"));
        assert_eq!((world.starts("primary"), sessions()), (1, 1), "under way");
        sleep(Duration::from_secs(20)).await;
        assert_eq!((world.starts("primary"), sessions()), (2, counted));
        assert_eq!(heard.load(Ordering::SeqCst), 1, "and its outcome is handed over once");
    }
}

#[tokio::test]
async fn a_cap_that_is_reached_while_another_provider_fails_is_reported() {
    let down = Error::new(ErrorKind::Connection, "no").with_delivery(Delivery::NotSent);
    let routing = "[routing]\ncaps = { sessions = 1 }\n[routing.failover]\norder = [\"sessions\"]\n";
    let script = Script::from([("primary", vec![Some(down)])]);
    let world = world(&three(routing), script, |builder| builder).unwrap();
    let (route, request) = (RouteRequest::new("case-7"), request());
    let mut routed = Box::pin(world.registry.start_routed(&route, &request));
    assert!((&mut routed).now_or_never().is_none(), "it is under way");
    world.registry.start_at(&id("sessions"), &request).await.unwrap();
    let failure = routed.await.unwrap_err();
    assert_eq!(failure.error.kind(), ErrorKind::Connection);
    assert_eq!(failure.decision.why_not(&id("sessions")), Some(&SkipReason::AtCap));
    assert_eq!(world.starts("sessions"), 1);
}
