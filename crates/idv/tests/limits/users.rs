//! How many sessions one user may have.

use std::sync::Arc;
use std::time::Duration;

use idv::layers::{Layered, LimitPolicy, Provider, Rate, RateLimit};
use idv::{Delivery, Error, ErrorKind, RefreshRequest, Retry, StartRequest, VerificationProvider};
use tokio::task::JoinSet;
use tokio::time::{Instant, advance};

use crate::support::{Vendor, assert_ours, check, many, random, reference, seconds};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn limited(vendor: &Arc<Vendor>) -> Layered<RateLimit, Provider<Arc<Vendor>>> {
    let mut policy = LimitPolicy::default();
    policy.starts_per_user = Some((many(3), DAY));
    Layered::around(RateLimit::new(policy, &random()), Arc::clone(vendor))
}

fn start(token: &str) -> StartRequest {
    StartRequest::new("case-7").user_token(token)
}

#[tokio::test(start_paused = true)]
async fn starts_and_refreshes_of_one_token_count_together_and_checks_do_not() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor);
    layer.start(&start("ada")).await.unwrap();
    advance(seconds(3600)).await;
    layer.refresh(&RefreshRequest::new(reference()).user_token("ada")).await.unwrap();
    layer.start(&start("ada")).await.unwrap();
    let error = layer.start(&start("ada")).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(DAY - seconds(3600)));
    assert!(!format!("{error:?} {layer:?}").contains("ada"));
    for _ in 0..9 {
        layer.check(&check().user_token("ada")).await.unwrap();
        layer.start(&StartRequest::new("case-7")).await.unwrap();
    }
    layer.start(&start("grace")).await.unwrap();
    advance(DAY - seconds(3600)).await;
    layer.start(&start("ada")).await.unwrap();
    assert_ours(&layer.start(&start("ada")).await.unwrap_err());
}

#[tokio::test(start_paused = true)]
async fn only_what_made_a_session_or_may_have_made_one_counts() {
    for (delivery, counts) in
        [(Delivery::NotSent, false), (Delivery::Answered, false), (Delivery::Unknown, true)]
    {
        let vendor = Vendor::new(Duration::ZERO);
        let layer = limited(&vendor);
        vendor.ends(move || Err(Error::new(ErrorKind::Timeout, "no").with_delivery(delivery)));
        for _ in 0..4 {
            layer.start(&start("ada")).await.unwrap_err();
        }
        assert_eq!(vendor.count(), if counts { 3 } else { 4 }, "{delivery}");
    }
}

/// In line, too, where all of them came before one of them was counted.
#[tokio::test(start_paused = true)]
async fn a_user_in_line_gets_no_more_and_one_who_has_had_all_does_not_wait() {
    let vendor = Vendor::new(Duration::ZERO);
    let mut policy = LimitPolicy::default();
    policy.starts_per_user = Some((many(3), DAY));
    policy.rates = vec![Rate::Window { calls: many(1), per: seconds(2) }];
    let layer = Arc::new(Layered::around(RateLimit::new(policy, &random()), Arc::clone(&vendor)));
    let mut crowd = JoinSet::new();
    for _ in 0..6 {
        let layer = Arc::clone(&layer);
        crowd.spawn(async move { layer.start(&start("ada")).await.is_ok() });
    }
    let served = crowd.join_all().await.into_iter().filter(|served| *served).count();
    assert_eq!((served, vendor.count()), (3, 3));
    layer.start(&start("grace")).await.unwrap();
    let begun = Instant::now();
    assert_ours(&layer.start(&start("ada")).await.unwrap_err());
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_user_whom_the_vendor_refuses_is_not_sent_again_until_the_wait_is_over() {
    let vendor = Vendor::new(Duration::ZERO);
    let layer = limited(&vendor);
    vendor.ends(|| {
        Err(Error::new(ErrorKind::RateLimited, "no")
            .with_delivery(Delivery::Answered)
            .with_retry(Retry::Allowed { after: Some(seconds(3600)) }))
    });
    layer.start(&start("ada")).await.unwrap_err();
    vendor.ends(|| Ok(()));
    advance(seconds(600)).await;
    let error = layer.refresh(&RefreshRequest::new(reference()).user_token("ada")).await.unwrap_err();
    assert_ours(&error);
    assert_eq!(error.retry_after(), Some(seconds(3000)));
    assert_eq!(vendor.count(), 1);
    layer.start(&start("grace")).await.unwrap();
    layer.check(&check().user_token("ada")).await.unwrap();
    advance(seconds(3000)).await;
    layer.start(&start("ada")).await.unwrap();
}
