//! Calls keep within their rates, in the order in which they came.

use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use idv::layers::{Layered, LimitPolicy, Provider, Rate, RateLimit, Retries, RetryPolicy};
use idv::profile::{Limit, LimitScope};
use idv::testing::{ScriptedProvider, profile};
use idv::{Delivery, Error, ErrorKind, Retry, StartRequest, VerificationProvider};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{Instant, advance, sleep, timeout};

use crate::support::{
    OPERATIONS, Vendor, assert_news_get_through, assert_ours, call, check, every_operation, many, random,
    seconds,
};

fn policy(rates: &[Rate]) -> LimitPolicy {
    let mut policy = LimitPolicy::default();
    policy.rates = rates.to_vec();
    policy
}

const fn per_second(calls: u32, burst: u32) -> Rate {
    let (Some(calls), Some(burst)) = (std::num::NonZeroU32::new(calls), std::num::NonZeroU32::new(burst))
    else {
        panic!("not 0")
    };
    Rate::PerSecond { calls, burst }
}

fn limited(vendor: &Arc<Vendor>, policy: LimitPolicy) -> Arc<Layered<RateLimit, Provider<Arc<Vendor>>>> {
    Arc::new(Layered::around(RateLimit::new(policy, &random()), Arc::clone(vendor)))
}

/// Callers who come one after the other, and stay.
async fn callers(
    layer: &Arc<Layered<RateLimit, Provider<Arc<Vendor>>>>,
    count: usize,
) -> JoinSet<idv::Result<()>> {
    let mut callers = JoinSet::new();
    for number in 0..count {
        let layer = Arc::clone(layer);
        callers.spawn(async move { layer.start(&StartRequest::new(number.to_string())).await.map(drop) });
        yield_now().await;
    }
    callers
}

#[tokio::test(start_paused = true)]
async fn what_comes_too_fast_waits_in_order() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[per_second(10, 3)]));
    let begun = Instant::now();
    for outcome in callers(&layer, 8).await.join_all().await {
        outcome.unwrap();
    }
    assert_eq!(vendor.names(), ["0", "1", "2", "3", "4", "5", "6", "7"]);
    for (arrival, due) in vendor.arrivals(begun).into_iter().zip([0, 0, 0, 100, 200, 300, 400, 500]) {
        assert!((due..due + 3).contains(&arrival), "{arrival} ms, and not {due}");
    }
}

#[tokio::test(start_paused = true)]
async fn all_rates_hold_at_once() {
    let vendor = Vendor::new(Duration::ZERO);
    let minute = Rate::Window { calls: many(20), per: seconds(60) };
    let mut policy = policy(&[per_second(10, 5), minute]);
    policy.longest_wait = seconds(120);
    let layer = limited(&vendor, policy);
    let begun = Instant::now();
    callers(&layer, 41).await.join_all().await;
    let arrivals = vendor.arrivals(begun);
    assert!(arrivals[19] < 2_000 && arrivals[20] >= 60_000 && arrivals[40] >= 120_000, "{arrivals:?}");
    assert!(arrivals[40] < 122_000, "{arrivals:?}");
}

#[tokio::test(start_paused = true)]
async fn every_operation_is_counted_and_news_are_not() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[Rate::Window { calls: many(7), per: seconds(60) }]));
    assert!(every_operation(&layer).await.iter().all(Result::is_ok));
    for outcome in every_operation(&layer).await {
        let error = outcome.unwrap_err();
        assert_ours(&error);
        assert_eq!(error.retry_after(), Some(seconds(60)));
    }
    assert_eq!(vendor.count(), 7);
    assert_news_get_through(&*layer);
}

#[tokio::test(start_paused = true)]
async fn who_would_wait_too_long_is_told_how_long_and_who_does_not_is_served() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = policy(&[per_second(1, 1)]);
    policy.longest_wait = seconds(3);
    let layer = limited(&vendor, policy);
    let begun = Instant::now();
    let outcomes = callers(&layer, 6).await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    let error = layer.check(&check()).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(seconds(4)), "as long as those wait who are ahead, and a second");
    assert_eq!(begun.elapsed(), Duration::ZERO, "at once");
    let outcomes = outcomes.join_all().await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 4);
    assert_eq!(vendor.names(), ["0", "1", "2", "3"]);
}

#[tokio::test(start_paused = true)]
async fn each_of_those_who_are_ahead_waits_for_a_window_of_their_own() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = policy(&[Rate::Window { calls: many(1), per: seconds(2) }]);
    policy.longest_wait = seconds(5);
    let layer = limited(&vendor, policy);
    let outcomes = callers(&layer, 3).await;
    let error = layer.start(&StartRequest::new("late")).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(seconds(6)));
    assert!(outcomes.join_all().await.iter().all(Result::is_ok));
}

#[tokio::test(start_paused = true)]
async fn the_line_is_bounded() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = policy(&[per_second(1, 1)]);
    policy.queue = 2;
    let layer = limited(&vendor, policy);
    let outcomes = callers(&layer, 3).await;
    let error = layer.check(&check()).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(seconds(3)));
    assert!(outcomes.join_all().await.iter().all(Result::is_ok));
    assert_eq!(vendor.count(), 3);
    layer.check(&check()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_requests_own_deadline_counts_and_the_wait_is_taken_off() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[per_second(1, 1)]));
    layer.check(&check()).await.unwrap();
    let error = layer.check(&check().deadline(Duration::from_millis(900))).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(seconds(1)));
    for operation in OPERATIONS {
        call(&layer, operation, Some(seconds(10))).await.unwrap();
        let left = vendor.deadlines().pop().flatten().unwrap();
        assert!(left <= seconds(9) && left > Duration::from_millis(8990), "{operation}: {left:?}");
    }
}

/// More calls than the rate allows, for long: those that are let through still have time for the vendor's answer.
#[tokio::test(start_paused = true)]
async fn in_a_crowd_the_vendor_keeps_half_of_the_deadline() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[per_second(10, 1)]));
    let mut crowd = JoinSet::new();
    for _ in 0..600 {
        let layer = Arc::clone(&layer);
        crowd.spawn(async move { layer.check(&check().deadline(seconds(4))).await.map(drop) });
        sleep(Duration::from_millis(50)).await;
    }
    let refused = crowd.join_all().await.into_iter().filter_map(Result::err).count();
    assert!((200..400).contains(&refused), "{refused} of 600 were too many");
    let least = vendor.deadlines().into_iter().flatten().min().unwrap();
    assert!(least >= Duration::from_millis(1900), "{least:?}");
}

/// Watching many sessions asks as often as it may. New applicants do not wait for that.
#[tokio::test(start_paused = true)]
async fn however_much_is_polled_there_is_room_for_starts() {
    for rate in [Rate::Window { calls: many(100), per: seconds(60) }, per_second(20, 30)] {
        let vendor = Vendor::new(Duration::from_millis(100));
        let layer = limited(&vendor, policy(&[rate]));
        let mut pollers = JoinSet::new();
        for _ in 0..8 {
            let layer = Arc::clone(&layer);
            pollers.spawn(async move {
                loop {
                    let pause = layer.check(&check()).await.err().and_then(|error| error.retry_after());
                    sleep(pause.unwrap_or_default()).await;
                }
            });
        }
        for number in 0..40 {
            sleep(seconds(7)).await;
            let begun = Instant::now();
            layer.start(&StartRequest::new(number.to_string())).await.unwrap();
            assert!(begun.elapsed() < seconds(1), "{number}: {:?}, {rate:?}", begun.elapsed());
        }
        let polls = vendor.names().iter().filter(|name| *name == "check").count();
        let most = if rate.per() == seconds(60) { 5 * 90 } else { 285 * 18 + 27 };
        assert!((most * 9 / 10..=most).contains(&polls), "{polls} of {most}");
        pollers.shutdown().await;
        sleep(seconds(60)).await;
        layer.check(&check()).await.unwrap();
    }
}

/// A poll that goes away or is not sent gives back both of its places.
#[tokio::test(start_paused = true)]
async fn a_poll_that_is_not_made_leaves_nothing_taken() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[Rate::Window { calls: many(10), per: seconds(60) }]));
    vendor.ends(|| Err(Error::new(ErrorKind::Connection, "no")));
    for _ in 0..50 {
        assert_eq!(layer.check(&check()).await.unwrap_err().kind(), ErrorKind::Connection);
    }
    vendor.ends(|| Ok(()));
    for outcome in callers(&layer, 10).await.join_all().await {
        outcome.unwrap();
    }
    // All is taken by starts, so polls wait behind them, and go away again.
    for _ in 0..20 {
        assert_ours(&layer.check(&check()).await.unwrap_err());
    }
    sleep(seconds(42)).await;
    for _ in 0..10 {
        timeout(seconds(1), layer.check(&check())).await.unwrap_err();
    }
    sleep(seconds(40)).await;
    for _ in 0..9 {
        let begun = Instant::now();
        layer.check(&check()).await.unwrap();
        assert!(begun.elapsed().is_zero());
    }
}

#[tokio::test(start_paused = true)]
async fn a_poll_that_goes_away_behind_those_who_start_leaves_its_own_place_too() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[Rate::Window { calls: many(10), per: seconds(60) }]));
    assert!(callers(&layer, 10).await.join_all().await.iter().all(Result::is_ok));
    sleep(seconds(42)).await;
    for _ in 0..9 {
        timeout(seconds(1), layer.check(&check())).await.unwrap_err();
    }
    sleep(seconds(10)).await;
    let begun = Instant::now();
    for _ in 0..9 {
        layer.check(&check()).await.unwrap();
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_leaves_no_place_taken() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = policy(&[per_second(1, 1)]);
    policy.queue = 10;
    let layer = limited(&vendor, policy);
    let begun = Instant::now();
    layer.check(&check()).await.unwrap();
    let mut tasks = Vec::new();
    for number in 0..10 {
        let layer = Arc::clone(&layer);
        tasks.push(tokio::spawn(async move { layer.start(&StartRequest::new(number.to_string())).await }));
        yield_now().await;
    }
    // The first in the line and most behind it: only the last is left.
    for task in &tasks[..9] {
        task.abort();
    }
    tasks.pop().unwrap().await.unwrap().unwrap();
    assert_eq!(vendor.names(), ["check", "9"]);
    assert!(begun.elapsed() < Duration::from_millis(1_010), "{:?}", begun.elapsed());
    advance(seconds(1)).await;
    let outcomes = callers(&layer, 11).await.join_all().await;
    assert!(outcomes.iter().all(Result::is_ok), "the line has all its places again");
}

/// What a future says now.
async fn look<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

#[tokio::test(start_paused = true)]
async fn nobody_overtakes_who_has_not_yet_noticed_that_it_is_their_turn() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[per_second(1, 1)]));
    layer.check(&check()).await.unwrap();
    let (early, late) = (StartRequest::new("early"), StartRequest::new("late"));
    let mut early = Box::pin(layer.start(&early));
    assert!(look(&mut early).await.is_pending());
    advance(seconds(2)).await;
    let mut late = Box::pin(layer.start(&late));
    assert!(look(&mut late).await.is_pending());
    early.await.unwrap();
    late.await.unwrap();
    assert_eq!(vendor.names(), ["check", "early", "late"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_sent_gives_its_place_back_and_what_may_have_been_does_not() {
    for (delivery, given_back) in
        [(Delivery::NotSent, true), (Delivery::Unknown, false), (Delivery::Answered, false)]
    {
        for rate in [per_second(1, 1), Rate::Window { calls: many(1), per: seconds(1) }] {
            let vendor = Vendor::new(Duration::ZERO);
            let layer = limited(&vendor, policy(&[rate]));
            vendor.ends(move || Err(Error::new(ErrorKind::Connection, "no").with_delivery(delivery)));
            layer.check(&check()).await.unwrap_err();
            let begun = Instant::now();
            layer.check(&check()).await.unwrap_err();
            assert_eq!(begun.elapsed().is_zero(), given_back, "{delivery} {rate:?}");
        }
    }
}

/// A poll waits for its part first, and then behind those who start: both waits together are not too long.
#[tokio::test(start_paused = true)]
async fn a_poll_waits_no_longer_in_two_lines_than_in_one() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor, policy(&[Rate::Window { calls: many(10), per: seconds(60) }]));
    for _ in 0..9 {
        layer.check(&check()).await.unwrap();
    }
    sleep(seconds(10)).await;
    layer.start(&StartRequest::new("tenth")).await.unwrap();
    sleep(seconds(35)).await;
    let starts = callers(&layer, 9).await;
    let begun = Instant::now();
    assert_ours(&layer.check(&check()).await.unwrap_err());
    assert!(begun.elapsed() < seconds(16), "{:?}", begun.elapsed());
    assert!(starts.join_all().await.iter().all(Result::is_ok));
}

#[test]
fn a_rate_takes_the_place_of_the_one_for_the_same_time_and_of_no_other() {
    let minute = |calls| Rate::Window { calls: many(calls), per: seconds(60) };
    let mut policy = policy(&[per_second(10, 3), minute(20)]);
    policy.set(minute(5));
    assert_eq!(policy.rates, [per_second(10, 3), minute(5)]);
}

#[test]
fn the_vendors_documented_limits_are_the_defaults() {
    let mut profile = profile();
    assert_eq!(LimitPolicy::documented(&profile), LimitPolicy::default(), "nothing is made up");
    let limit = |what, count, per: Option<u64>| Limit::new(what, count, per.map(seconds), "a page");
    profile.limits = vec![
        limit(LimitScope::Calls, 25, Some(1)),
        limit(LimitScope::Burst, 35, None),
        limit(LimitScope::Calls, 10_000, Some(86_400)),
        limit(LimitScope::SessionsPerUser, 10, Some(86_400)),
        limit(LimitScope::OpenSessionsPerUser, 3, None),
    ];
    let policy = LimitPolicy::documented(&profile);
    let day = Rate::Window { calls: many(10_000), per: seconds(86_400) };
    assert_eq!(policy.rates, [per_second(25, 35), day]);
    assert_eq!(policy.starts_per_user, Some((many(10), seconds(86_400))));
}

/// The first attempt may have made a session. What our own limit says of the second must not bring a new key.
#[tokio::test(start_paused = true)]
async fn a_refusal_of_our_own_keeps_the_idempotency_key() {
    let allowed = |kind, delivery| {
        Err(Error::new(kind, "no").with_delivery(delivery).with_retry(Retry::Allowed { after: None }))
    };
    let mut profile = profile();
    profile.capabilities.idempotent_start = true;
    let inner = ScriptedProvider::with_profile("scripted".parse().unwrap(), profile)
        .on_start(allowed(ErrorKind::Connection, Delivery::Unknown))
        .on_start(allowed(ErrorKind::RateLimited, Delivery::NotSent))
        .on_start(allowed(ErrorKind::Unavailable, Delivery::Answered));
    let inner = Arc::new(inner);
    let layer = Layered::around(Retries::new(RetryPolicy::default(), random()), Arc::clone(&inner));
    layer.start(&StartRequest::new("case-7")).await.unwrap_err();
    let key = |call: &idv::testing::Call| match call {
        idv::testing::Call::Start(request) => request.context().idempotency_key().unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    let keys: Vec<String> = inner.calls().iter().map(key).collect();
    assert!(keys.len() == 3 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

/// A window of five seconds.
fn window(calls: u32) -> Rate {
    Rate::Window { calls: many(calls), per: seconds(5) }
}

#[tokio::test(start_paused = true)]
async fn reads_and_writes_have_rates_of_their_own() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = LimitPolicy::default();
    (policy.read_rates, policy.write_rates) = (vec![window(10)], vec![window(2)]);
    let layer = limited(&vendor, policy);
    let begun = Instant::now();
    for outcome in callers(&layer, 3).await.join_all().await {
        outcome.unwrap();
    }
    let arrivals = vendor.arrivals(begun);
    assert!(arrivals[1] < 5 && arrivals[2] >= 5000, "the third start waits: {arrivals:?}");
    let before = Instant::now();
    for _ in 0..10 {
        layer.check(&check()).await.unwrap();
    }
    assert!(before.elapsed() < Duration::from_millis(5), "starts took nothing from the checks");
    layer.check(&check()).await.unwrap();
    assert!(before.elapsed() >= seconds(4), "checks have a rate too");
}

#[tokio::test(start_paused = true)]
async fn a_start_of_two_calls_counts_as_two_and_gives_both_back_where_none_was_sent() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = LimitPolicy::default();
    (policy.write_rates, policy.start_calls) = (vec![window(4)], 2);
    let layer = limited(&vendor, policy);
    vendor.ends(|| Err(Error::new(ErrorKind::Connection, "refused").with_delivery(Delivery::NotSent)));
    for _ in 0..8 {
        layer.start(&StartRequest::new("case")).await.unwrap_err();
    }
    vendor.ends(|| Ok(()));
    let begun = Instant::now();
    for _ in 0..2 {
        layer.start(&StartRequest::new("case")).await.unwrap();
    }
    assert!(begun.elapsed() < Duration::from_millis(5), "what was not sent is not counted");
    layer.start(&StartRequest::new("case")).await.unwrap();
    assert!(begun.elapsed() >= seconds(5), "two starts are four calls");
}

#[test]
fn the_limits_by_method_that_a_vendor_documents_are_kept() {
    let mut profile = profile();
    profile.limits = [(LimitScope::Reads, 300), (LimitScope::Writes, 50)]
        .map(|(scope, count)| Limit::new(scope, count, Some(seconds(5)), "a page"))
        .into();
    profile.start_calls = 2;
    let policy = LimitPolicy::documented(&profile);
    assert_eq!((policy.read_rates, policy.write_rates), (vec![window(300)], vec![window(50)]));
    assert_eq!((policy.rates.len(), policy.start_calls), (0, 2));
}
