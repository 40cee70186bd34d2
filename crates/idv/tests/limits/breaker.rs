//! A breaker's life.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use idv::layers::{BreakerPolicy, BreakerState, CircuitBreaker, Layered, Provider};
use idv::{Delivery, Error, ErrorKind, StartRequest, VerificationProvider};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{advance, timeout};

use crate::support::{Vendor, assert_news_get_through, check, down, every_operation, many, seconds};

fn breaker(vendor: &Arc<Vendor>) -> Arc<Layered<CircuitBreaker, Provider<Arc<Vendor>>>> {
    Arc::new({
        let provider = Arc::clone(vendor);
        Layered::around(CircuitBreaker::new(provider.id(), BreakerPolicy::default()), provider)
    })
}

/// Calls that fail, all at once.
async fn fail(layer: &Arc<Layered<CircuitBreaker, Provider<Arc<Vendor>>>>, vendor: &Vendor, calls: usize) {
    vendor.ends(|| Err(down()));
    let mut callers = JoinSet::new();
    for _ in 0..calls {
        let layer = Arc::clone(layer);
        callers.spawn(async move { layer.check(&check()).await.unwrap_err() });
    }
    callers.join_all().await;
}

async fn succeed(layer: &Layered<CircuitBreaker, Provider<Arc<Vendor>>>, vendor: &Vendor, calls: usize) {
    vendor.ends(|| Ok(()));
    for _ in 0..calls {
        layer.check(&check()).await.unwrap();
    }
}

fn open(remaining: u64) -> BreakerState {
    BreakerState::Open { remaining: seconds(remaining) }
}

#[tokio::test(start_paused = true)]
async fn a_share_of_enough_calls_opens_it() {
    for (good, bad, opens) in [(0, 9, false), (0, 10, true), (6, 5, false), (5, 5, true), (99, 99, true)] {
        let vendor = Vendor::new(Duration::ZERO);
        let layer = breaker(&vendor);
        succeed(&layer, &vendor, good).await;
        fail(&layer, &vendor, bad).await;
        assert_eq!(layer.layer().state() == open(10), opens, "{good} good and {bad} bad");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_long_past_does_not_count() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = breaker(&vendor);
    fail(&layer, &vendor, 9).await;
    advance(seconds(31)).await;
    fail(&layer, &vendor, 9).await;
    assert_eq!(layer.layer().state(), BreakerState::Closed);
    fail(&layer, &vendor, 1).await;
    assert_eq!(layer.layer().state(), open(10));
}

#[tokio::test(start_paused = true)]
async fn what_is_past_takes_nothing_later_along() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = breaker(&vendor);
    fail(&layer, &vendor, 5).await;
    advance(seconds(20)).await;
    fail(&layer, &vendor, 4).await;
    advance(seconds(11)).await;
    fail(&layer, &vendor, 5).await;
    assert_eq!(layer.layer().state(), BreakerState::Closed, "nine, for the first five are past");
    fail(&layer, &vendor, 1).await;
    assert_eq!(layer.layer().state(), open(10), "the four are not");
}

#[tokio::test(start_paused = true)]
async fn only_outages_count() {
    for kind in ErrorKind::ALL {
        let vendor = Vendor::new(Duration::ZERO);
        let layer = breaker(&vendor);
        let kind = *kind;
        vendor.ends(move || Err(Error::new(kind, "no").with_delivery(Delivery::Unknown)));
        for _ in 0..10 {
            layer.check(&check()).await.unwrap_err();
        }
        let opens = matches!(kind, ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Connection);
        assert_eq!(layer.layer().state() == open(10), opens, "{kind}");
    }
    for status in [400, 401, 403, 404, 409, 429, 499] {
        let vendor = Vendor::new(Duration::ZERO);
        let layer = breaker(&vendor);
        vendor.ends(move || Err(down().with_http_status(StatusCode::from_u16(status).unwrap())));
        for _ in 0..100 {
            layer.check(&check()).await.unwrap_err();
        }
        assert_eq!((layer.layer().state(), vendor.count()), (BreakerState::Closed, 100), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_says_that_nothing_was_sent_and_how_long_to_wait() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = breaker(&vendor);
    fail(&layer, &vendor, 10).await;
    advance(seconds(3)).await;
    for outcome in every_operation(&layer).await {
        let error = outcome.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::NotSent));
        assert_eq!(error.retry_after(), Some(seconds(7)));
        assert!(error.provider().is_some() && error.operation().is_some());
    }
    assert_eq!(vendor.count(), 10);
    assert_news_get_through(&*layer);
}

#[tokio::test(start_paused = true)]
async fn probes_go_one_at_a_time_and_the_first_that_succeeds_closes_it() {
    let vendor = Vendor::new(seconds(1));
    let layer = breaker(&vendor);
    fail(&layer, &vendor, 10).await;
    for pause in [10, 20, 40, 60, 60] {
        assert_eq!(layer.layer().state(), open(pause));
        advance(seconds(pause)).await;
        assert_eq!(layer.layer().state(), BreakerState::HalfOpen);
        let before = vendor.count();
        let probe = tokio::spawn({
            let layer = Arc::clone(&layer);
            async move { layer.start(&StartRequest::new("probe")).await }
        });
        yield_now().await;
        let error = layer.check(&check()).await.unwrap_err();
        assert_eq!((error.retry_after(), vendor.count()), (Some(seconds(1)), before + 1));
        probe.await.unwrap().unwrap_err();
    }
    advance(seconds(60)).await;
    succeed(&layer, &vendor, 1).await;
    assert_eq!(layer.layer().state(), BreakerState::Closed);
    fail(&layer, &vendor, 9).await;
    assert_eq!(layer.layer().state(), BreakerState::Closed, "it begins anew");
    fail(&layer, &vendor, 1).await;
    assert_eq!(layer.layer().state(), open(10));
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_given_up_or_says_nothing_makes_room_for_the_next() {
    let vendor = Vendor::new(seconds(5));
    let layer = breaker(&vendor);
    fail(&layer, &vendor, 10).await;
    advance(seconds(10)).await;
    timeout(seconds(1), layer.check(&check())).await.unwrap_err();
    assert_eq!(layer.layer().state(), BreakerState::HalfOpen);
    vendor.ends(|| Err(Error::new(ErrorKind::InvalidRequest, "nothing was sent")));
    layer.check(&check()).await.unwrap_err();
    assert_eq!((layer.layer().state(), vendor.count()), (BreakerState::HalfOpen, 12));
    vendor.ends(|| Err(Error::new(ErrorKind::NotFound, "no").with_http_status(StatusCode::NOT_FOUND)));
    layer.check(&check()).await.unwrap_err();
    assert_eq!(layer.layer().state(), BreakerState::Closed, "who answers is there");
}

#[tokio::test(start_paused = true)]
async fn what_was_let_through_before_says_nothing_of_later() {
    let vendor = Vendor::new(seconds(4));
    let layer = breaker(&vendor);
    let slow = tokio::spawn({
        let layer = Arc::clone(&layer);
        async move {
            tokio::time::sleep(seconds(2)).await;
            layer.check(&check()).await
        }
    });
    fail(&layer, &vendor, 10).await;
    vendor.ends(|| Ok(()));
    slow.await.unwrap().unwrap();
    assert!(matches!(layer.layer().state(), BreakerState::Open { .. }), "{:?}", layer.layer().state());
}

#[tokio::test(start_paused = true)]
async fn a_policy_of_ones_own_is_kept() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = BreakerPolicy::default();
    (policy.least_calls, policy.percent, policy.pause) = (many(2), many(100), seconds(3));
    let layer = Arc::new({
        let provider = Arc::clone(&vendor);
        Layered::around(CircuitBreaker::new(provider.id(), policy), provider)
    });
    succeed(&layer, &vendor, 1).await;
    fail(&layer, &vendor, 1).await;
    assert_eq!(layer.layer().state(), BreakerState::Closed);
    advance(seconds(31)).await;
    fail(&layer, &vendor, 2).await;
    assert_eq!(layer.layer().state(), open(3));
}

#[tokio::test(start_paused = true)]
async fn a_pause_beyond_all_clocks_is_a_long_one() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = BreakerPolicy::default();
    (policy.pause, policy.longest_pause) = (Duration::MAX, Duration::MAX);
    let layer = Arc::new({
        let provider = Arc::clone(&vendor);
        Layered::around(CircuitBreaker::new(provider.id(), policy), provider)
    });
    fail(&layer, &vendor, 10).await;
    let day = seconds(24 * 3600);
    assert!(
        matches!(layer.layer().state(), BreakerState::Open { remaining } if remaining > day),
        "{layer:?}"
    );
}

/// A vendor that takes its time answers the others.
#[tokio::test(start_paused = true)]
async fn impatient_callers_do_not_close_the_way_for_the_others() {
    for (takes, deadline, opens) in [(1, 1, false), (1, 3, true), (30, 60, true), (8, 8, true)] {
        let vendor = Vendor::new(seconds(takes));
        let layer = breaker(&vendor);
        vendor.ends(|| Err(Error::new(ErrorKind::Timeout, "no").with_delivery(Delivery::Unknown)));
        let mut callers = JoinSet::new();
        for _ in 0..20 {
            let layer = Arc::clone(&layer);
            callers
                .spawn(async move { layer.check(&check().deadline(seconds(deadline))).await.unwrap_err() });
        }
        callers.join_all().await;
        assert_eq!(layer.layer().state() != BreakerState::Closed, opens, "{takes} s of {deadline} s");
    }
    let vendor = Vendor::new(Duration::ZERO);
    let layer = breaker(&vendor);
    vendor.ends(|| Err(Error::new(ErrorKind::Timeout, "the deadline passed before anything was sent")));
    for _ in 0..20 {
        layer.start(&StartRequest::new("case-7").deadline(Duration::ZERO)).await.unwrap_err();
    }
    assert_eq!(layer.layer().state(), BreakerState::Closed);
}

/// An answer that nobody can read is one.
#[tokio::test(start_paused = true)]
async fn every_answer_to_a_probe_closes_it() {
    for kind in [ErrorKind::InvalidResponse, ErrorKind::Conflict] {
        let vendor = Vendor::new(Duration::ZERO);
        let layer = breaker(&vendor);
        fail(&layer, &vendor, 10).await;
        advance(seconds(10)).await;
        vendor.ends(move || Err(Error::new(kind, "no").with_delivery(Delivery::Answered)));
        layer.check(&check()).await.unwrap_err();
        assert_eq!(layer.layer().state(), BreakerState::Closed, "{kind}");
    }
}
