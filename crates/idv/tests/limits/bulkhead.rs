//! Few calls are under way at a time.

use std::sync::Arc;
use std::time::Duration;

use idv::layers::{ConcurrencyLimit, ConcurrencyPolicy, Layered, Provider};
use idv::{StartRequest, VerificationProvider};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout};

use crate::support::{
    OPERATIONS, Vendor, assert_news_get_through, assert_ours, call, check, every_operation, many, seconds,
};

fn bulkhead(
    vendor: &Arc<Vendor>,
    in_flight: u32,
    queue: usize,
) -> Arc<Layered<ConcurrencyLimit, Provider<Arc<Vendor>>>> {
    let mut policy = ConcurrencyPolicy::default();
    (policy.in_flight, policy.queue) = (many(in_flight), queue);
    Arc::new(Layered::around(ConcurrencyLimit::new(policy), Arc::clone(vendor)))
}

/// Callers who come one after the other.
async fn callers(
    layer: &Arc<Layered<ConcurrencyLimit, Provider<Arc<Vendor>>>>,
    count: usize,
) -> Vec<tokio::task::JoinHandle<idv::Result<()>>> {
    let mut tasks = Vec::new();
    for number in 0..count {
        let layer = Arc::clone(layer);
        let call = async move { layer.start(&StartRequest::new(number.to_string())).await.map(drop) };
        tasks.push(tokio::spawn(call));
        yield_now().await;
    }
    tasks
}

#[tokio::test(start_paused = true)]
async fn no_more_than_allowed_are_under_way_and_the_others_follow_in_order() {
    let vendor = Vendor::new(seconds(1));
    let layer = bulkhead(&vendor, 2, 100);
    let begun = Instant::now();
    for task in callers(&layer, 7).await {
        task.await.unwrap().unwrap();
    }
    assert_eq!(vendor.most_under_way(), 2);
    assert_eq!(vendor.names(), ["0", "1", "2", "3", "4", "5", "6"]);
    assert!(begun.elapsed().abs_diff(seconds(4)) < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn who_comes_when_enough_wait_is_refused_at_once_and_who_waits_too_long_is_in_the_end() {
    let vendor = Vendor::new(seconds(60));
    let layer = bulkhead(&vendor, 1, 1);
    let mut tasks = callers(&layer, 2).await;
    let begun = Instant::now();
    for outcome in every_operation(&layer).await {
        let error = outcome.unwrap_err();
        assert_ours(&error);
        assert_eq!(error.retry_after(), None, "nobody knows");
    }
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_news_get_through(&*layer);
    assert_ours(&tasks.pop().unwrap().await.unwrap().unwrap_err());
    assert!(begun.elapsed().abs_diff(seconds(20)) < Duration::from_millis(10));
    let error = layer.check(&check().deadline(seconds(10))).await.unwrap_err();
    assert_ours(&error);
    let half = "half of the deadline is the vendor's";
    assert!(begun.elapsed().abs_diff(seconds(25)) < Duration::from_millis(10), "{half}");
    assert_eq!(vendor.names(), ["0"]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_taken_off_the_deadline() {
    for operation in OPERATIONS {
        let vendor = Vendor::new(seconds(2));
        let layer = bulkhead(&vendor, 1, 1);
        let tasks = callers(&layer, 1).await;
        call(&layer, operation, Some(seconds(10))).await.unwrap();
        assert_eq!(tasks.len(), 1);
        let left = vendor.deadlines()[1].unwrap();
        assert!(left.abs_diff(seconds(8)) < Duration::from_millis(10), "{operation}: {left:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_away_leaves_no_slot_taken() {
    let vendor = Vendor::new(seconds(5));
    let layer = bulkhead(&vendor, 1, 2);
    // One under way, two waiting: all of them go away.
    for task in callers(&layer, 3).await {
        task.abort();
        task.await.unwrap_err();
    }
    let begun = Instant::now();
    for _ in 0..3 {
        timeout(seconds(1), layer.check(&check())).await.unwrap_err();
    }
    layer.check(&check()).await.unwrap();
    assert!(begun.elapsed().abs_diff(seconds(8)) < Duration::from_millis(20), "{:?}", begun.elapsed());
    for task in callers(&layer, 3).await {
        assert!(task.await.unwrap().is_ok(), "both places in the line are free again");
    }
}
