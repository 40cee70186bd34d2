//! Watching, on a clock that moves only when everybody waits.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(feature = "watch")]

mod watched;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use idv::adapter::OsRandomness;
use idv::config::ConfigDocument;
use idv::testing::CountingRandomness;
use idv::watching::{Watch, WatchPolicy, Watcher};
use idv::{
    CredentialOwner, Delivery, Error, ErrorKind, Registry, Retry, UserToken, VerificationStatus as Status,
};
use tokio::time::{Instant, advance, sleep, timeout};

use watched::{Always, Log, Vendor, factory, logged, registry, request, watcher};

const NO_JITTER: Always = Always(0);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn down(after: Option<u64>) -> Error {
    Error::new(ErrorKind::Unavailable, "down")
        .with_delivery(Delivery::Answered)
        .with_retry(Retry::Allowed { after: after.map(seconds) })
}

fn throttled(after: u64) -> Error {
    Error::new(ErrorKind::RateLimited, "slow down").with_retry(Retry::Allowed { after: Some(seconds(after)) })
}

/// The pauses between the checks of a key, in seconds.
fn pauses(log: &Log, key: &str) -> Vec<f64> {
    let log = log.lock().unwrap();
    let at: Vec<Instant> = log.iter().filter(|(of, _)| of == key).map(|(_, at)| *at).collect();
    at.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect()
}

/// Timers round up to the next thousandth.
fn assert_pauses(found: &[f64], wanted: &[f64]) {
    assert!(found.len() >= wanted.len(), "{found:?} is shorter than {wanted:?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((wanted - 0.001..wanted + 0.004).contains(found), "{found} s, and not {wanted} s");
    }
}

async fn statuses(watch: &mut Watch) -> Vec<Status> {
    let mut all = Vec::new();
    while let Some(news) = watch.next().await {
        all.push(news.unwrap().status);
    }
    all
}

#[tokio::test(start_paused = true)]
async fn changes_are_told_once_each_until_nothing_more_can_come() {
    let words = [
        Status::NotStarted,
        Status::InProgress,
        Status::InProgress,
        Status::Unrecognized,
        Status::InReview,
        Status::OnHold,
        Status::OnHold,
        Status::Approved,
    ];
    let vendor = Arc::new(Vendor::new(move |_, nth| Ok(words[nth])));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    let mut told = words.to_vec();
    told.dedup();
    assert_eq!(statuses(&mut watch).await, told);
    assert!(watch.next().await.is_none(), "the end stays the end");
    assert_eq!((watch.last().unwrap().status, watcher.watched()), (Status::Approved, 0));
    sleep(seconds(3600)).await;
    assert_eq!(vendor.checks(), words.len(), "nobody asks about what is settled");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_skips_what_was_replaced_and_gets_the_newest() {
    let words = [Status::NotStarted, Status::InProgress, Status::InReview, Status::Rejected];
    let vendor = Arc::new(Vendor::new(move |_, nth| Ok(words[nth])));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::NotStarted);
    sleep(seconds(600)).await;
    assert_eq!(statuses(&mut watch).await, [Status::Rejected]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_stops_exactly_where_polling_alone_changes_nothing_more() {
    for status in Status::ALL {
        let vendor = Arc::new(Vendor::new(move |_, _| Ok(*status)));
        let watcher = watcher(&vendor, NO_JITTER);
        let mut watch = watcher.watch(&request("acme:k"));
        assert_eq!(watch.next().await.unwrap().unwrap().status, *status);
        let ended = timeout(seconds(3600), watch.next()).await.is_ok();
        assert_eq!(ended, status.stops_watching(), "{status}");
        assert_eq!(vendor.checks() == 1, status.stops_watching(), "{status}");
    }
}

/// The cadences that vendors document: nxos 10-30 s and then a minute, Baanx 5 s for sixty polls, and what a session API gets.
#[tokio::test(start_paused = true)]
async fn polls_follow_the_vendors_cadence_and_then_grow_slower() {
    for (status, cadence, short, polls, later) in [
        (Status::InProgress, (15, 60), 15.0, 20, vec![22.5, 33.75, 50.625, 60.0, 60.0]),
        (Status::OnHold, (15, 60), 60.0, 5, vec![60.0, 60.0]),
        (Status::InReview, (5, 5), 5.0, 60, vec![7.5, 11.25, 16.875, 25.3125, 37.96875, 56.952, 60.0, 60.0]),
        (Status::NotStarted, (10, 30), 10.0, 30, vec![15.0, 22.5, 33.75, 50.625, 60.0]),
        (Status::InReview, (60, 600), 600.0, 5, vec![600.0]),
    ] {
        let (vendor, log) = logged(Vendor::new(move |_, _| Ok(status)).cadence(cadence.0, cadence.1));
        let watcher = watcher(&vendor, NO_JITTER);
        let _watch = watcher.watch(&request("acme:k"));
        sleep(seconds(4000)).await;
        let mut wanted = vec![short; polls];
        if short < 300.0 {
            wanted.extend(later);
        }
        assert_pauses(&pauses(&log, "k")[..wanted.len().min(6)], &wanted[..wanted.len().min(6)]);
        // The thousandths of a second that timers add up can take the last of the short ones away.
        let found = pauses(&log, "k");
        let grown = found.iter().position(|pause| *pause > short * 1.01).unwrap_or(polls);
        assert!(grown.abs_diff(polls) <= 1 || short >= 60.0, "{grown} short pauses, and not {polls}");
        if short < 60.0 {
            assert_pauses(&found[grown..], &wanted[polls..]);
        }
        assert!(found.last().unwrap() <= &(short.max(60.0) + 0.002), "never slower than documented");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_makes_a_session_fresh_again() {
    let change = |_: &str, nth: usize| Ok(if nth < 80 { Status::InReview } else { Status::OnHold });
    let (vendor, log) = logged(Vendor::new(change).cadence(5, 5));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watch = watcher.watch(&request("acme:k"));
    sleep(seconds(3600)).await;
    let found = pauses(&log, "k");
    assert!(found[78] > 59.0);
    assert_pauses(&found[80..130], &[5.0; 50]);
}

#[tokio::test(start_paused = true)]
async fn chance_makes_a_pause_longer_by_less_than_a_twentieth_and_never_shorter() {
    for (random, most) in [(Always(u128::MAX), 5.2), (Always(u128::MAX / 2), 5.1)] {
        let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::InReview)).cadence(5, 5));
        let watcher = watcher(&vendor, random);
        let _watch = watcher.watch(&request("acme:k"));
        sleep(seconds(60)).await;
        assert_pauses(&pauses(&log, "k"), &[most; 10]);
    }
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::InReview)).cadence(5, 5));
    let watcher = watcher(&vendor, OsRandomness);
    let watches: Vec<Watch> = (0..200).map(|n| watcher.watch(&request(&format!("acme:{n}")))).collect();
    sleep(seconds(250)).await;
    let all: Vec<f64> = (0..watches.len()).flat_map(|n| pauses(&log, &n.to_string())).collect();
    assert!(all.len() > 9000 && all.iter().all(|pause| (5.0..5.25).contains(pause)));
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    assert!((5.09..5.11).contains(&mean), "{mean}");
}

#[tokio::test(start_paused = true)]
async fn pauses_double_with_errors_and_are_short_again_after_an_answer() {
    let answer = |_: &str, nth: usize| match nth {
        1..8 => Err(down(None)),
        _ => Ok(Status::InReview),
    };
    let (vendor, log) = logged(Vendor::new(answer).cadence(5, 5));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::InReview);
    assert!(timeout(seconds(100), watch.next()).await.is_err(), "an error is no change");
    let progress = watch.progress();
    assert_eq!((progress.errors_in_a_row, progress.error), (4, Some(ErrorKind::Unavailable)));
    assert_eq!(progress.checks, 5);
    assert!(progress.next_check.is_some_and(|at| at > Instant::now().into_std()));
    sleep(seconds(2000)).await;
    assert_pauses(&pauses(&log, "k"), &[5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 300.0, 300.0]);
    assert_eq!((watch.progress().errors_in_a_row, watch.progress().error), (0, None));
    assert!(*pauses(&log, "k").last().unwrap() <= 60.002);
}

#[tokio::test(start_paused = true)]
async fn the_pauses_of_a_vendor_that_was_down_from_the_first_grow_from_its_cadence() {
    let (vendor, log) = logged(Vendor::new(|_, _| Err(down(None))).cadence(5, 60));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watch = watcher.watch(&request("acme:k"));
    sleep(seconds(200)).await;
    assert_pauses(&pauses(&log, "k"), &[10.0, 20.0, 40.0, 80.0]);
}

/// An hour in which the vendor is down: few calls, no verdict, and afterwards all goes on by itself.
#[tokio::test(start_paused = true)]
async fn an_outage_costs_few_calls_and_yields_no_verdict() {
    let begun = Instant::now();
    let answer = move |_: &str, _: usize| match begun.elapsed().as_secs() {
        0..60 => Ok(Status::InProgress),
        60..3660 => Err(down(None)),
        _ => Ok(Status::Approved),
    };
    let (vendor, log) = logged(Vendor::new(answer));
    let watcher = watcher(&vendor, CountingRandomness::default());
    let readers = (0..50).map(|n| watcher.watch(&request(&format!("acme:{n}"))));
    let readers: Vec<_> =
        readers.map(|mut watch| tokio::spawn(async move { statuses(&mut watch).await })).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), [Status::InProgress, Status::Approved]);
    }
    let during = log.lock().unwrap().iter().filter(|(_, at)| *at >= begun + seconds(60)).count();
    assert!(during <= 50 * 19, "{during} calls");
    assert!(begun.elapsed() < seconds(3660 + 320), "recovery is noticed after the longest pause at most");
}

#[tokio::test(start_paused = true)]
async fn the_vendors_wait_is_the_least_pause_and_a_nudge_does_not_shorten_it() {
    let answer = |_: &str, nth: usize| if nth == 0 { Err(down(Some(700))) } else { Ok(Status::Approved) };
    let (vendor, log) = logged(Vendor::new(answer));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    sleep(seconds(10)).await;
    assert_eq!(watcher.wake(&"acme:k".parse().unwrap()), 1);
    assert_eq!(statuses(&mut watch).await, [Status::Approved]);
    assert_pauses(&pauses(&log, "k"), &[700.0]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_no_throttling_holds_for_its_session_alone() {
    let answer = |key: &str, _| if key == "k" { Err(down(Some(700))) } else { Ok(Status::OnHold) };
    let (vendor, log) = logged(Vendor::new(answer).cadence(15, 60));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watches = ["acme:k", "acme:other"].map(|one| watcher.watch(&request(one)));
    sleep(seconds(200)).await;
    assert_eq!(pauses(&log, "k"), [0.0; 0]);
    assert_pauses(&pauses(&log, "other"), &[60.0, 60.0, 60.0]);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_provider_is_left_alone_by_all_its_sessions_and_by_no_other() {
    let answer = |_: &str, nth: usize| if nth == 0 { Err(throttled(120)) } else { Ok(Status::Approved) };
    let (slow, log) = logged(Vendor::new(answer).latency(seconds(1)));
    let (other, others) = logged(Vendor::new(|_, _| Ok(Status::InReview)).named("other").cadence(5, 5));
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let registry = registry(&[Arc::clone(&slow), other]);
    let watcher = Watcher::with(registry, policy, Arc::new(NO_JITTER)).unwrap();
    let begun = Instant::now();
    let mut watches: Vec<Watch> =
        ["acme:a", "acme:b", "acme:c"].map(|one| watcher.watch(&request(one))).into();
    let _other = watcher.watch(&request("other:k"));
    for watch in &mut watches {
        statuses(watch).await;
    }
    let at: Vec<Duration> = log.lock().unwrap().iter().map(|(_, at)| *at - begun).collect();
    assert_eq!(at.len(), 4);
    assert!(at[1..].iter().all(|at| *at >= seconds(121)), "{at:?}");
    assert!(others.lock().unwrap().len() > 20);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_provider_is_left_alone_by_who_comes_later_too() {
    let answer = |_: &str, nth: usize| if nth == 0 { Err(throttled(120)) } else { Ok(Status::Approved) };
    let (vendor, log) = logged(Vendor::new(answer));
    let watcher = watcher(&vendor, NO_JITTER);
    let _first = watcher.watch(&request("acme:first"));
    sleep(seconds(10)).await;
    let begun = Instant::now();
    let mut late = watcher.watch(&request("acme:late"));
    assert_eq!(statuses(&mut late).await, [Status::Approved]);
    let asked = log.lock().unwrap().iter().find(|(key, _)| key == "late").unwrap().1;
    assert!((seconds(109)..seconds(111)).contains(&(asked - begun)), "{:?}", asked - begun);
}

#[tokio::test(start_paused = true)]
async fn a_nudge_asks_at_once_and_a_storm_asks_once_a_second() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::OnHold)).cadence(15, 60));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watches = [watcher.watch(&request("acme:k")), watcher.watch(&request("acme:other"))];
    sleep(seconds(20)).await;
    assert_eq!(watcher.wake(&"acme:k".parse().unwrap()), 1);
    sleep(seconds(5)).await;
    assert_pauses(&pauses(&log, "k"), &[20.0]);
    assert_eq!(pauses(&log, "other"), [0.0; 0]);
    let before = log.lock().unwrap().len();
    for _ in 0..1000 {
        watcher.wake(&"acme:k".parse().unwrap());
        sleep(Duration::from_millis(10)).await;
    }
    let asked = log.lock().unwrap().len() - before;
    assert!((9..=12).contains(&asked), "{asked} checks in ten seconds");
    assert_eq!(watcher.wake(&"acme:nobody".parse().unwrap()), 0);
}

#[tokio::test(start_paused = true)]
async fn a_nudge_makes_a_session_fresh_again() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::InReview)).cadence(5, 5));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watch = watcher.watch(&request("acme:k"));
    sleep(seconds(1000)).await;
    assert!(*pauses(&log, "k").last().unwrap() > 59.0);
    watcher.wake(&"acme:k".parse().unwrap());
    sleep(seconds(60)).await;
    let found = pauses(&log, "k");
    assert_pauses(&found[found.len() - 10..], &[5.0; 10]);
}

#[tokio::test(start_paused = true)]
async fn a_nudge_moves_the_next_check_and_adds_none() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::OnHold)).cadence(15, 60));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watch = watcher.watch(&request("acme:k"));
    sleep(seconds(20)).await;
    watcher.wake(&"acme:k".parse().unwrap());
    sleep(seconds(200)).await;
    assert_pauses(&pauses(&log, "k"), &[20.0, 60.0, 60.0, 60.0]);
}

#[tokio::test(start_paused = true)]
async fn a_nudge_of_what_is_due_and_waits_for_room_adds_no_check() {
    let vendor = Vendor::new(|_, _| Ok(Status::OnHold)).cadence(15, 60).latency(seconds(70));
    let (vendor, log) = logged(vendor);
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let watcher = Watcher::with(registry(&[vendor]), policy, Arc::new(NO_JITTER)).unwrap();
    let watch = watcher.watch(&request("acme:k"));
    let _other = watcher.watch(&request("acme:other"));
    sleep(seconds(120)).await;
    assert!(watch.progress().next_check.is_some_and(|at| at > Instant::now().into_std()));
    sleep(seconds(15)).await;
    assert_eq!(watch.progress().next_check, None, "it is due");
    watcher.wake(&"acme:k".parse().unwrap());
    sleep(seconds(200)).await;
    assert_pauses(&pauses(&log, "k"), &[140.0, 140.0]);
}

/// What the vendor says may be older than the webhook that came meanwhile.
#[tokio::test(start_paused = true)]
async fn a_nudge_during_a_check_asks_once_more() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::OnHold)).latency(seconds(3)));
    let watcher = watcher(&vendor, NO_JITTER);
    let _watch = watcher.watch(&request("acme:k"));
    sleep(seconds(1)).await;
    assert_eq!(watcher.wake(&"acme:k".parse().unwrap()), 1);
    sleep(seconds(30)).await;
    assert_pauses(&pauses(&log, "k"), &[4.0]);
    assert_eq!(vendor.checks(), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_watch_cancels_it_wherever_it_is() {
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::InReview)).cadence(5, 5).latency(seconds(2)));
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let watcher = Watcher::with(registry(&[Arc::clone(&vendor)]), policy, Arc::new(NO_JITTER)).unwrap();
    let (flying, ready) = (watcher.watch(&request("acme:a")), watcher.watch(&request("acme:b")));
    sleep(seconds(1)).await;
    assert_eq!((vendor.checks(), vendor.under_way(), watcher.watched()), (1, 1, 2));
    drop((flying, ready));
    sleep(Duration::from_millis(1)).await;
    assert_eq!((vendor.under_way(), vendor.finished()), (0, 0), "the check is cut short");
    let waiting = watcher.watch(&request("acme:c"));
    sleep(seconds(3)).await;
    drop(waiting);
    sleep(seconds(60)).await;
    assert_eq!((vendor.checks(), watcher.watched()), (2, 0), "the room of the first check is free again");
}

#[tokio::test(start_paused = true)]
async fn a_watch_outlives_its_watcher_but_not_its_runtime() {
    let vendor =
        Arc::new(Vendor::new(|_, nth| Ok(if nth < 3 { Status::InReview } else { Status::Approved })));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    drop(watcher);
    assert_eq!(statuses(&mut watch).await, [Status::InReview, Status::Approved]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_left_when_the_last_watcher_and_the_last_watch_are_gone() {
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::InReview)));
    let (watcher, left) = (watcher(&vendor, NO_JITTER), Arc::downgrade(&vendor));
    drop(vendor);
    let watch = watcher.watch(&request("acme:k"));
    sleep(seconds(1)).await;
    drop(watcher);
    sleep(seconds(1)).await;
    assert!(left.upgrade().is_some(), "it is watched on");
    drop(watch);
    sleep(seconds(1)).await;
    assert!(left.upgrade().is_none());
}

/// Whether somebody was woken.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[test]
fn the_end_of_the_runtime_ends_watches_with_an_error() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::InReview)));
    let first = runtime();
    let guard = first.enter();
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    drop(guard);
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    assert!(watch.poll_next(&mut Context::from_waker(&waker)).is_pending());
    drop(first);
    assert!(woken.0.load(Ordering::SeqCst), "nobody waits for what never comes");
    let mut late = watcher.watch(&request("acme:late"));
    runtime().block_on(async {
        for watch in [&mut watch, &mut late] {
            assert_eq!(watch.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unavailable);
            assert!(watch.next().await.is_none());
            let again = watch.outcome().unwrap_err();
            assert_eq!(again.kind(), ErrorKind::Unavailable, "the time is not up: {again}");
        }
    });
    assert_eq!(watcher.watched(), 0);
    let outside = Watcher::new(registry(&[vendor])).unwrap_err();
    assert_eq!(outside.kind(), ErrorKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_gives_the_last_value() {
    let vendor =
        Arc::new(Vendor::new(|_, nth| Ok(if nth < 2 { Status::InProgress } else { Status::InReview })));
    let watcher = watcher(&vendor, NO_JITTER);
    let begun = Instant::now();
    let state = watcher.wait_settled(&request("acme:k"), seconds(600)).await.unwrap();
    assert_eq!(state.status, Status::InReview);
    assert!((seconds(600)..seconds(601)).contains(&begun.elapsed()));
    assert_eq!(watcher.watched(), 0);

    // Even where the vendor is down by then.
    let answer = |_: &str, nth: usize| if nth == 0 { Ok(Status::OnHold) } else { Err(down(None)) };
    let watcher = self::watcher(&Arc::new(Vendor::new(answer)), NO_JITTER);
    let state = watcher.wait_settled(&request("acme:k"), seconds(600)).await.unwrap();
    assert_eq!(state.status, Status::OnHold);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_without_any_value_says_why() {
    let watcher = self::watcher(&Arc::new(Vendor::new(|_, _| Err(down(None)))), NO_JITTER);
    let error = watcher.wait_settled(&request("acme:k"), seconds(600)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);

    let slow = Vendor::new(|_, _| Ok(Status::Approved)).latency(seconds(20));
    let watcher = self::watcher(&Arc::new(slow), NO_JITTER);
    let error = watcher.wait_settled(&request("acme:k"), seconds(10)).await.unwrap_err();
    assert_eq!((error.kind(), watcher.watched()), (ErrorKind::Timeout, 0));
    let state = watcher.wait_settled(&request("acme:k"), Duration::MAX).await.unwrap();
    assert_eq!(state.status, Status::Approved);
}

#[tokio::test(start_paused = true)]
async fn errors_that_waiting_does_not_heal_end_the_watch_and_no_others() {
    let of = |kind| Error::new(kind, "no");
    let allowed = Retry::Allowed { after: None };
    for (error, ends) in [
        (of(ErrorKind::NotFound), true),
        (of(ErrorKind::NotFound).with_retry(allowed), true),
        (Error::unauthenticated(CredentialOwner::User), true),
        (Error::unauthenticated(CredentialOwner::User).with_retry(allowed), true),
        (Error::unauthenticated(CredentialOwner::Application), true),
        (Error::unauthenticated(CredentialOwner::Application).with_retry(allowed), false),
        (of(ErrorKind::InvalidRequest), true),
        (of(ErrorKind::Conflict), true),
        (of(ErrorKind::Conflict).with_retry(Retry::Exhausted), false),
        (of(ErrorKind::Unavailable), false),
        (of(ErrorKind::Timeout), false),
        (of(ErrorKind::Connection), false),
        (of(ErrorKind::InvalidResponse), false),
        (of(ErrorKind::RateLimited), false),
    ] {
        let (name, kind) = (format!("{error:?}"), error.kind());
        let error = std::sync::Mutex::new(Some(error));
        let answer = move |_: &str, _| error.lock().unwrap().take().map_or(Ok(Status::Approved), Err);
        let vendor = Arc::new(Vendor::new(answer));
        let watcher = watcher(&vendor, NO_JITTER);
        let mut watch = watcher.watch(&request("acme:k"));
        match watch.next().await.unwrap() {
            Err(error) => assert!(ends && error.kind() == kind, "{name}"),
            Ok(state) => assert!(!ends && state.status == Status::Approved, "{name}"),
        }
        assert!(watch.next().await.is_none());
        let wait = watcher.wait_settled(&request("nobody:k"), seconds(9)).await.unwrap_err();
        assert_eq!(wait.kind(), ErrorKind::Config, "a provider that is not configured");
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_that_panics_is_an_error_like_others() {
    let vendor =
        Arc::new(Vendor::new(|_, nth| if nth == 0 { panic!("on purpose") } else { Ok(Status::Approved) }));
    let watcher = watcher(&vendor, NO_JITTER);
    let mut watch = watcher.watch(&request("acme:k"));
    sleep(seconds(1)).await;
    assert_eq!(watch.progress().error, Some(ErrorKind::Unavailable));
    assert_eq!(statuses(&mut watch).await, [Status::Approved]);
}

/// Under a cap the fresh come first: old sessions, whose next check is far away anyway, wait a little.
#[tokio::test(start_paused = true)]
async fn what_is_urgent_comes_first_and_nobody_starves() {
    let answer = |key: &str, _| Ok(if key.starts_with("old") { Status::OnHold } else { Status::InProgress });
    let vendor = Vendor::new(answer).cadence(5, 60).latency(Duration::from_millis(500));
    let (vendor, log) = logged(vendor);
    let mut policy = WatchPolicy::default();
    policy.in_flight = 2;
    let watcher = Watcher::with(registry(&[Arc::clone(&vendor)]), policy, Arc::new(NO_JITTER)).unwrap();
    // Four checks a second are possible: 140 old sessions alone take 2.4 of them, 12 fresh ones as many again.
    let _old: Vec<Watch> = (0..140).map(|n| watcher.watch(&request(&format!("acme:old{n}")))).collect();
    sleep(seconds(50)).await;
    let _fresh: Vec<Watch> = (0..12).map(|n| watcher.watch(&request(&format!("acme:fresh{n}")))).collect();
    sleep(seconds(200)).await;
    let most = |of: &str, count: usize| {
        let all = (0..count).flat_map(|n| pauses(&log, &format!("{of}{n}")));
        all.fold(0.0, f64::max)
    };
    assert_eq!(vendor.most_under_way(), 2);
    let (fresh, old) = (most("fresh", 12), most("old", 140));
    assert!(fresh < 9.0, "a fresh session waited {fresh} s");
    assert!((60.0..140.0).contains(&old), "an old session waited {old} s");
    assert!((0..140).all(|n| pauses(&log, &format!("old{n}")).len() >= 2), "nobody starves");
}

/// A check that is under way counts, whatever else happens in the meantime.
#[tokio::test(start_paused = true)]
async fn no_more_checks_are_under_way_than_allowed_when_they_become_due_one_by_one() {
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::Approved)).latency(seconds(60)));
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let watcher = Watcher::with(registry(&[Arc::clone(&vendor)]), policy, Arc::new(NO_JITTER)).unwrap();
    let mut watches = Vec::new();
    for key in ["acme:a", "acme:b", "acme:c"] {
        watcher.wake(&"acme:nobody".parse().unwrap());
        sleep(seconds(1)).await;
        watches.push(watcher.watch(&request(key)));
        sleep(seconds(1)).await;
    }
    sleep(seconds(300)).await;
    assert_eq!((vendor.finished(), vendor.most_under_way()), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_nudged_session_comes_before_all_others() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::OnHold)).cadence(5, 60).latency(seconds(1)));
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let watcher = Watcher::with(registry(&[vendor]), policy, Arc::new(NO_JITTER)).unwrap();
    let _all: Vec<Watch> = (0..90).map(|n| watcher.watch(&request(&format!("acme:{n}")))).collect();
    sleep(Duration::from_millis(95_500)).await;
    watcher.wake(&"acme:85".parse().unwrap());
    let before = log.lock().unwrap().len();
    sleep(seconds(2)).await;
    let next = log.lock().unwrap()[before].0.clone();
    assert_eq!(next, "85");
}

/// The first three wait for room again, each due a while after the one before, when the last of them is nudged.
#[tokio::test(start_paused = true)]
async fn a_nudged_session_that_waits_for_room_overtakes_one_that_is_merely_due() {
    let (vendor, log) = logged(Vendor::new(|_, _| Ok(Status::OnHold)).cadence(5, 60).latency(seconds(50)));
    let mut policy = WatchPolicy::default();
    policy.in_flight = 1;
    let watcher = Watcher::with(registry(&[vendor]), policy, Arc::new(NO_JITTER)).unwrap();
    let _all = ["a", "b", "c", "d", "e"].map(|key| watcher.watch(&request(&format!("acme:{key}"))));
    sleep(seconds(215)).await;
    assert_eq!(watcher.wake(&"acme:c".parse().unwrap()), 1);
    sleep(seconds(200)).await;
    let asked: Vec<String> = log.lock().unwrap().iter().map(|(key, _)| key.clone()).collect();
    assert_eq!(asked[..8], ["a", "b", "c", "d", "e", "a", "c", "b"]);
}

#[tokio::test(start_paused = true)]
async fn an_identity_reaches_a_check_and_is_neither_asked_for_nor_kept_by_a_watch() {
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::Approved)));
    let asking = request("acme:1").with_identity();
    let watch = watcher(&vendor, NO_JITTER);
    let settled = watch.wait_settled(&asking, seconds(60)).await.unwrap();
    assert_eq!((settled.status, settled.identity(), vendor.for_identity()), (Status::Approved, None, 0));
    let checked = registry(&[Arc::clone(&vendor)]).check(&asking).await.unwrap();
    let name = checked.identity().and_then(|identity| identity.first_name.clone());
    assert_eq!((name, vendor.for_identity()), (Some("Ada".into()), 1));
}

#[tokio::test(start_paused = true)]
async fn the_request_is_used_for_every_check() {
    let vendor =
        Arc::new(Vendor::new(|_, nth| Ok(if nth == 0 { Status::InReview } else { Status::Approved })));
    let watcher = watcher(&vendor, NO_JITTER);
    let secret = UserToken::new("canary-token");
    let mut watch = watcher.watch(&request("acme:k").user_token(secret.expose()));
    assert!(!format!("{watch:?} {watcher:?}").contains("canary"));
    assert_eq!(statuses(&mut watch).await.len(), 2);
    assert_eq!((vendor.checks(), vendor.with_token()), (2, 2));
    advance(seconds(1)).await;
}

/// A key that was rotated, say: the provider was built anew.
#[tokio::test(start_paused = true)]
async fn a_configuration_that_is_read_again_holds_for_sessions_that_are_watched_already() {
    let before = Arc::new(Vendor::new(|_, _| Ok(Status::InReview)));
    let after = Arc::new(Vendor::new(|_, _| Ok(Status::OnHold)));
    let table = "active = \"acme\"\n[providers.acme]\nkind = \"told\"\n";
    let file = Arc::new(Mutex::new(table.to_owned()));
    let read = Arc::clone(&file);
    let builder = Registry::builder().factory(factory(&[Arc::clone(&before), Arc::clone(&after)]));
    let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap());
    let registry = builder.load(load).unwrap();
    let watcher = Watcher::new(registry.clone()).unwrap();
    let mut watch = watcher.watch(&request("acme:k"));
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::InReview);
    *file.lock().unwrap() = format!("{table}http.attempts = 1\n");
    assert_eq!(registry.reload().unwrap().to_string(), "rebuilt: acme");
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::OnHold);
    let asked = before.checks();
    sleep(seconds(600)).await;
    assert_eq!(before.checks(), asked, "nobody asks the old one");
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_with_the_provider_that_is_removed_and_no_other_one_does() {
    let vendor = |id| Arc::new(Vendor::new(|_, _| Ok(Status::InReview)).named(id));
    let (acme, other) = (vendor("acme"), vendor("other"));
    let table = |id: &str| format!("[providers.{id}]\nkind = \"told\"\n");
    let file = Arc::new(Mutex::new(format!("active = \"other\"\n{}{}", table("acme"), table("other"))));
    let read = Arc::clone(&file);
    let vendors = [&acme, &other, &acme, &other].map(Arc::clone);
    let builder = Registry::builder().factory(factory(&vendors));
    let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap());
    let registry = builder.load(load).unwrap();
    let watcher = Watcher::new(registry.clone()).unwrap();
    let mut removed = watcher.watch(&request("acme:k"));
    let mut kept = watcher.watch(&request("other:k"));
    for watch in [&mut removed, &mut kept] {
        assert_eq!(watch.next().await.unwrap().unwrap().status, Status::InReview);
    }
    *file.lock().unwrap() = format!("active = \"other\"\n{}", table("other"));
    assert_eq!(registry.reload().unwrap().to_string(), "removed: acme");
    assert_eq!(removed.next().await.unwrap().unwrap_err().kind(), ErrorKind::Config);
    assert!(removed.next().await.is_none());
    let asked = other.checks();
    assert!(timeout(seconds(600), kept.next()).await.is_err(), "nothing changes there");
    assert!(other.checks() > asked);
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

impl tracing::field::Visit for Lines {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.lock().unwrap().push_str(&format!("{field}={value:?} "));
    }
}

impl tracing::Subscriber for Lines {
    fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        attributes.record(&mut self.clone());
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, values: &tracing::span::Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

#[tokio::test(start_paused = true)]
async fn no_key_of_a_session_is_logged() {
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let watcher = self::watcher(&Arc::new(Vendor::new(|_, _| Err(down(None)))), NO_JITTER);
    watcher.wait_settled(&request("acme:canary"), seconds(60)).await.unwrap_err();
    let logged = lines.0.lock().unwrap().clone();
    assert!(logged.contains("a watched check failed"), "{logged}");
    assert!(!logged.contains("canary"), "{logged}");
}
