//! Repeating calls, on a clock that moves only when everybody waits.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use idv::adapter::{Randomness, UrlRule};
use idv::layers::{Layered, Provider, Retries, RetryPolicy};
use idv::testing::{Call, CountingRandomness, ScriptedProvider, profile};
use idv::{
    CheckRequest, Delivery, Error, ErrorKind, FindRequest, ImportRequest, Operation, RefreshRequest, Result,
    Retry, SessionRef, SessionUrl, StartRequest, VerificationProvider, VerificationSession,
};
use tokio::time::Instant;

/// The upper bits of a random number, which decide about pauses.
#[derive(Debug)]
struct Always(u128);

impl Randomness for Always {
    fn bits(&self) -> u128 {
        self.0
    }
}

const LONGEST_PAUSES: Always = Always(u128::MAX);

fn session() -> VerificationSession {
    let url = SessionUrl::parse("https://vendor.example/s", UrlRule::Https).unwrap();
    VerificationSession::new(reference(), url)
}

fn reference() -> SessionRef {
    "scripted:k1".parse().unwrap()
}

fn allowed(kind: ErrorKind, delivery: Delivery) -> Error {
    Error::new(kind, "no").with_delivery(delivery).with_retry(Retry::Allowed { after: None })
}

fn throttled(seconds: u64) -> Error {
    let after = Some(Duration::from_secs(seconds));
    Error::new(ErrorKind::RateLimited, "slow down")
        .with_delivery(Delivery::Answered)
        .with_http_status(StatusCode::TOO_MANY_REQUESTS)
        .with_retry(Retry::Allowed { after })
}

fn down() -> Error {
    allowed(ErrorKind::Unavailable, Delivery::Answered).with_http_status(StatusCode::SERVICE_UNAVAILABLE)
}

/// An answer that says that it worked, and cannot be used.
fn useless() -> Error {
    allowed(ErrorKind::InvalidResponse, Delivery::Answered)
}

fn lost() -> Error {
    allowed(ErrorKind::Connection, Delivery::Unknown)
}

/// A provider that knows idempotency keys and gives these to its first starts.
fn scripted(answers: impl IntoIterator<Item = Result<VerificationSession>>) -> Arc<ScriptedProvider> {
    let mut profile = profile();
    profile.capabilities.idempotent_start = true;
    let provider = ScriptedProvider::with_profile("scripted".parse().unwrap(), profile);
    Arc::new(answers.into_iter().fold(provider, ScriptedProvider::on_start))
}

fn retrying(
    inner: &Arc<ScriptedProvider>,
    random: impl Randomness,
) -> Layered<Retries, Provider<Arc<ScriptedProvider>>> {
    Layered::around(Retries::new(RetryPolicy::default(), Arc::new(random)), Arc::clone(inner))
}

fn starts(provider: &ScriptedProvider) -> Vec<StartRequest> {
    let start = |call: Call| match call {
        Call::Start(request) => Some(request),
        _ => None,
    };
    provider.calls().into_iter().filter_map(start).collect()
}

fn keys(provider: &ScriptedProvider) -> Vec<String> {
    starts(provider)
        .into_iter()
        .map(|request| request.context().idempotency_key().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_the_error_allows_is_repeated_and_nothing_else() {
    let error = |retry| Error::new(ErrorKind::Unavailable, "no").with_retry(retry);
    for (retry, calls) in [
        (Retry::Never, 1),
        (Retry::AfterCheck, 1),
        (Retry::Exhausted, 1),
        (Retry::Allowed { after: None }, 3),
    ] {
        let provider = ScriptedProvider::new("scripted".parse().unwrap());
        let provider = (0..4).fold(provider, |provider, _| {
            provider
                .on_start(Err(error(retry)))
                .on_refresh(Err(error(retry)))
                .on_check(Err(error(retry)))
                .on_find(Err(error(retry)))
                .on_import(Err(error(retry)))
        });
        let inner = Arc::new(provider);
        let layer = retrying(&inner, CountingRandomness::default());
        let mut made = 0;
        for operation in
            [Operation::Start, Operation::Refresh, Operation::Check, Operation::Find, Operation::Import]
        {
            let outcome = match operation {
                Operation::Start => layer.start(&StartRequest::new("case-7")).await.map(drop),
                Operation::Refresh => layer.refresh(&RefreshRequest::new(reference())).await.map(drop),
                Operation::Check => layer.check(&CheckRequest::new(reference())).await.map(drop),
                Operation::Find => layer.find(&FindRequest::new("case-7")).await.map(drop),
                _ => layer.import(&ImportRequest::new("token")).await.map(drop),
            };
            let wanted = if calls == 1 { retry.as_str() } else { "exhausted" };
            assert_eq!(outcome.unwrap_err().retry().as_str(), wanted, "{operation}");
            made += calls;
            assert_eq!(inner.calls().len(), made, "{operation} {}", retry.as_str());
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_works_in_the_end_has_worked() {
    let inner = scripted([Err(down()), Err(lost()), Ok(session())]);
    let session = retrying(&inner, LONGEST_PAUSES).start(&StartRequest::new("case-7")).await.unwrap();
    assert_eq!(session.reference, reference());
    assert_eq!(starts(&inner).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_and_are_random_from_nothing_up() {
    for (random, longest) in [(Always(0), 0), (LONGEST_PAUSES, 1500), (Always(u128::MAX / 2), 750)] {
        let inner = scripted([Err(down()), Err(down()), Ok(session())]);
        let begun = Instant::now();
        retrying(&inner, random).start(&StartRequest::new("case-7").idempotency_key("k")).await.unwrap();
        let taken = begun.elapsed().as_millis();
        assert!(taken.abs_diff(longest) <= 3, "{taken} ms, and not {longest}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_vendors_wait_is_the_least_pause_and_a_long_one_goes_back_to_the_caller() {
    let inner = scripted([Err(throttled(20)), Ok(session())]);
    let begun = Instant::now();
    retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(20));

    let inner = scripted([Err(throttled(21)), Ok(session())]);
    let begun = Instant::now();
    let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Allowed { after: Some(Duration::from_secs(21)) });
    assert_eq!((begun.elapsed(), starts(&inner).len()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn all_attempts_share_one_deadline() {
    let inner = scripted([Err(throttled(6)), Err(throttled(6)), Ok(session())]);
    let request = StartRequest::new("case-7").deadline(Duration::from_secs(10));
    let begun = Instant::now();
    let error = retrying(&inner, Always(0)).start(&request).await.unwrap_err();
    assert_eq!((error.kind(), error.retry()), (ErrorKind::RateLimited, Retry::Exhausted));
    assert!(begun.elapsed() < Duration::from_secs(7), "nobody waits for what comes too late");
    let ends: Vec<_> =
        starts(&inner).iter().map(|request| request.context().time_left(begun.into_std()).unwrap()).collect();
    assert_eq!(ends, [Duration::from_secs(10); 2], "each attempt knows when all of them must be over");

    let inner = scripted((0..9).map(|_| Err(throttled(20))));
    let mut policy = RetryPolicy::default();
    policy.attempts = 9;
    let layer = Layered::around(Retries::new(policy, Arc::new(Always(0))), Arc::clone(&inner));
    let begun = Instant::now();
    layer.start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(starts(&inner).len(), 5);
    assert!(begun.elapsed() <= Duration::from_secs(90));
}

#[tokio::test(start_paused = true)]
async fn the_other_operations_know_what_is_left_too() {
    let script = ScriptedProvider::new("scripted".parse().unwrap());
    let script = (0..2).fold(script, |script, _| {
        script
            .on_refresh(Err(throttled(6)))
            .on_check(Err(throttled(6)))
            .on_find(Err(throttled(6)))
            .on_import(Err(throttled(6)))
    });
    let inner = Arc::new(script);
    let (layer, deadline) = (retrying(&inner, Always(0)), Duration::from_secs(10));
    let mut errors = Vec::new();
    let mut begun = Vec::new();
    macro_rules! fails {
        ($method:ident, $request:expr) => {
            begun.push(Instant::now().into_std());
            errors.push(layer.$method(&$request.deadline(deadline)).await.unwrap_err());
        };
    }
    fails!(refresh, RefreshRequest::new(reference()));
    fails!(check, CheckRequest::new(reference()));
    fails!(find, FindRequest::new("case-7"));
    fails!(import, ImportRequest::new("token"));
    assert!(errors.iter().all(|error| error.retry() == Retry::Exhausted), "{errors:?}");
    let context = |call: &Call| match call {
        Call::Refresh(request) => request.context().clone(),
        Call::Check(request) => request.context().clone(),
        Call::Find(request) => request.context().clone(),
        Call::Import(request) => request.context().clone(),
        other => panic!("{other:?}"),
    };
    let calls = inner.calls();
    for (attempts, begun) in calls.chunks(2).zip(begun) {
        let ends = attempts.iter().map(|call| context(call).time_left(begun));
        assert_eq!(ends.collect::<Vec<_>>(), [Some(deadline); 2], "each attempt knows when it must be over");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_until_no_time_is_left() {
    let inner = scripted([Err(throttled(10)), Ok(session())]);
    let request = StartRequest::new("case-7").deadline(Duration::from_secs(10));
    let begun = Instant::now();
    retrying(&inner, Always(0)).start(&request).await.unwrap_err();
    assert_eq!((begun.elapsed(), starts(&inner).len()), (Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn a_time_beyond_all_clocks_is_no_limit() {
    let inner = scripted([Err(throttled(20)), Err(throttled(20)), Ok(session())]);
    let mut policy = RetryPolicy::default();
    policy.total_timeout = Duration::MAX;
    let layer = Layered::around(Retries::new(policy, Arc::new(Always(0))), Arc::clone(&inner));
    layer.start(&StartRequest::new("case-7")).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_minted_key_is_kept_while_nobody_knows_and_replaced_where_the_answer_is_remembered() {
    let unauthenticated =
        || allowed(ErrorKind::Unavailable, Delivery::Answered).with_http_status(StatusCode::UNAUTHORIZED);
    let in_flight =
        || allowed(ErrorKind::Conflict, Delivery::Answered).with_http_status(StatusCode::CONFLICT);
    for (name, error, kept) in [
        ("lost", lost(), true),
        ("5xx", down(), true),
        ("in flight", in_flight(), true),
        ("401", unauthenticated(), false),
        ("429", throttled(1), false),
    ] {
        let inner = scripted([Err(error), Ok(session())]);
        retrying(&inner, CountingRandomness::default()).start(&StartRequest::new("case-7")).await.unwrap();
        let keys = keys(&inner);
        assert_eq!(keys[0] == keys[1], kept, "{name}");
    }
    let inner = scripted([Err(throttled(1)), Err(unauthenticated()), Ok(session())]);
    let mine = StartRequest::new("case-7").idempotency_key("mine");
    retrying(&inner, CountingRandomness::default()).start(&mine).await.unwrap();
    assert_eq!(keys(&inner), ["mine", "mine", "mine"], "the caller's own key is the caller's business");
}

#[tokio::test(start_paused = true)]
async fn every_refresh_has_a_key_of_its_own_and_keeps_it() {
    let mut profile = profile();
    profile.capabilities.idempotent_start = true;
    let inner = ScriptedProvider::with_profile("scripted".parse().unwrap(), profile)
        .on_refresh(Err(lost()))
        .on_refresh(Ok(session()))
        .on_refresh(Ok(session()));
    let inner = Arc::new(inner);
    let layer = retrying(&inner, CountingRandomness::default());
    for _ in 0..2 {
        layer.refresh(&RefreshRequest::new(reference())).await.unwrap();
    }
    let key = |call: &Call| match call {
        Call::Refresh(request) => request.context().idempotency_key().unwrap().to_owned(),
        other => panic!("{other:?}"),
    };
    let keys: Vec<String> = inner.calls().iter().map(key).collect();
    assert_eq!(keys[0], keys[1]);
    assert_ne!(keys[1], keys[2]);
}

#[tokio::test(start_paused = true)]
async fn no_key_is_minted_where_the_vendor_knows_none() {
    let provider = ScriptedProvider::new("scripted".parse().unwrap()).on_start(Ok(session()));
    let inner = Arc::new(provider);
    retrying(&inner, CountingRandomness::default()).start(&StartRequest::new("case-7")).await.unwrap();
    assert_eq!(starts(&inner)[0].context().idempotency_key(), None);
}

/// The last attempt was refused at the door, but the first one may have made a session.
#[tokio::test(start_paused = true)]
async fn the_error_speaks_of_all_attempts() {
    let refused = || allowed(ErrorKind::Connection, Delivery::NotSent);
    let inner = scripted([Err(lost()), Err(refused()), Err(refused())]);
    let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.delivery(), error.retry()), (Delivery::Unknown, Retry::Exhausted));

    let inner = scripted([Err(refused()), Err(refused()), Err(refused())]);
    let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.delivery(), error.retry()), (Delivery::NotSent, Retry::Exhausted));
}

/// A vendor that is down for an hour is asked little more often than applications call.
#[tokio::test(start_paused = true)]
async fn a_vendor_that_is_down_is_spared() {
    const CALLS: usize = 3600;
    let inner = scripted((0..3 * CALLS).map(|_| Err(down())));
    let layer = retrying(&inner, Always(0));
    for _ in 0..CALLS {
        let error = layer.start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        tokio::time::advance(Duration::from_millis(100)).await;
    }
    let made = starts(&inner).len();
    // Six minutes at ten calls a second: one repetition a second, and those that a fresh budget allows.
    assert!((CALLS + 100..CALLS + 600).contains(&made), "{made} attempts for {CALLS} calls");
}

/// A tenth of what works may be repeated, beside what few calls may.
#[tokio::test(start_paused = true)]
async fn calls_that_work_pay_for_repetitions() {
    let repeated = async |good: usize| {
        let inner = scripted((0..good).map(|_| Ok(session())).chain((0..400).map(|_| Err(down()))));
        let layer = retrying(&inner, Always(0));
        for _ in 0..good {
            layer.start(&StartRequest::new("case-7")).await.unwrap();
        }
        for _ in 0..100 {
            layer.start(&StartRequest::new("case-7")).await.unwrap_err();
        }
        starts(&inner).len() - good - 100
    };
    let (few, many) = (repeated(0).await, repeated(1000).await);
    assert!((90..=110).contains(&(many - few)), "{few} after none, and {many} after a thousand");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_our_own_costs_no_budget() {
    let ours = || {
        let after = Some(Duration::from_millis(1));
        Error::new(ErrorKind::RateLimited, "our own limit").with_retry(Retry::Allowed { after })
    };
    let inner =
        scripted((0..100).flat_map(|_| [Err(ours()), Ok(session())]).chain([Err(down()), Ok(session())]));
    let layer = retrying(&inner, Always(0));
    for _ in 0..101 {
        layer.start(&StartRequest::new("case-7")).await.unwrap();
    }
}

/// Who meets a probe waits for its second; who meets an open breaker is told at once.
#[tokio::test(start_paused = true)]
async fn a_probe_is_waited_for_and_a_vendor_that_is_left_alone_is_not() {
    for (after, waits) in [(1000, true), (1001, false)] {
        let after = Some(Duration::from_millis(after));
        let spared = Error::new(ErrorKind::Unavailable, "left alone").with_retry(Retry::Allowed { after });
        let inner = scripted([Err(spared), Ok(session())]);
        let outcome = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await;
        assert_eq!((outcome.is_ok(), starts(&inner).len() == 2), (waits, waits), "{after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_attempt_is_no_repetition() {
    let inner = scripted([Err(down()), Ok(session())]);
    let mut policy = RetryPolicy::default();
    policy.attempts = 1;
    let layer = Layered::around(Retries::new(policy, Arc::new(Always(0))), Arc::clone(&inner));
    let error = layer.start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.retry(), Retry::Allowed { after: None });
    assert_eq!(starts(&inner).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_was_sent_only_if_no_attempt_was_processed() {
    let not_sent = || allowed(ErrorKind::Connection, Delivery::NotSent);
    let conflict = || allowed(ErrorKind::Conflict, Delivery::Answered).with_http_status(StatusCode::CONFLICT);
    for (name, first, delivery) in [
        ("nothing sent", not_sent(), Delivery::NotSent),
        ("refused", throttled(1), Delivery::NotSent),
        ("broken", down(), Delivery::Unknown),
        ("in flight", conflict(), Delivery::Unknown),
        ("lost", lost(), Delivery::Unknown),
    ] {
        let inner = scripted([Err(first), Err(not_sent()), Err(not_sent())]);
        let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!((error.kind(), error.delivery()), (ErrorKind::Connection, delivery), "{name}");
    }
    let left_alone = || allowed(ErrorKind::Unavailable, Delivery::NotSent);
    let inner = scripted([Err(down()), Err(left_alone()), Err(left_alone())]);
    let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Unavailable, Delivery::Answered));
}

/// The vendor broke over the first attempt. That it has no time for the others says nothing of the first.
#[tokio::test(start_paused = true)]
async fn a_later_refusal_does_not_hide_an_attempt_that_may_have_made_a_session() {
    let conflict = || allowed(ErrorKind::Conflict, Delivery::Answered).with_http_status(StatusCode::CONFLICT);
    for (name, first, then, delivery) in [
        ("broken, then throttled", down(), [throttled(1), throttled(1)], Delivery::Unknown),
        ("in flight, then broken", conflict(), [down(), down()], Delivery::Unknown),
        ("useless, then throttled", useless(), [throttled(1), throttled(1)], Delivery::Unknown),
        ("broken in between", throttled(1), [down(), throttled(1)], Delivery::Unknown),
        ("always broken", down(), [down(), down()], Delivery::Answered),
        ("throttled, then broken", throttled(1), [throttled(1), down()], Delivery::Answered),
    ] {
        let [second, third] = then;
        let inner = scripted([Err(first), Err(second), Err(third)]);
        let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
        assert_eq!(error.delivery(), delivery, "{name}");
    }
}

/// The first start may have made a session, under the first key.
#[tokio::test(start_paused = true)]
async fn a_key_that_may_be_in_use_outlives_a_refusal() {
    let conflict = || allowed(ErrorKind::Conflict, Delivery::Answered).with_http_status(StatusCode::CONFLICT);
    for (name, first, kept) in [
        ("lost", lost(), true),
        ("broken", down(), true),
        ("in flight", conflict(), true),
        ("useless", useless(), true),
        ("nothing sent", allowed(ErrorKind::Connection, Delivery::NotSent), false),
        ("refused", throttled(1), false),
    ] {
        let inner = scripted([Err(first), Err(throttled(1)), Ok(session())]);
        retrying(&inner, CountingRandomness::default()).start(&StartRequest::new("case-7")).await.unwrap();
        let keys = keys(&inner);
        assert_eq!(keys[0] == keys[2], kept, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_vendors_wait_is_told_also_when_the_attempts_are_used_up() {
    let inner = scripted([Err(throttled(1)), Err(throttled(2)), Err(throttled(15))]);
    let error = retrying(&inner, Always(0)).start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!((error.retry(), error.retry_after()), (Retry::Exhausted, Some(Duration::from_secs(15))));
}

#[tokio::test(start_paused = true)]
async fn a_longest_wait_below_the_first_pause_shortens_the_pauses() {
    let inner = scripted([Err(down()), Err(down()), Ok(session())]);
    let mut policy = RetryPolicy::default();
    policy.longest_wait = Duration::from_millis(100);
    let layer = Layered::around(Retries::new(policy, Arc::new(LONGEST_PAUSES)), Arc::clone(&inner));
    let begun = Instant::now();
    layer.start(&StartRequest::new("case-7")).await.unwrap();
    assert!(begun.elapsed() <= Duration::from_millis(203), "{:?}", begun.elapsed());
}

fn once() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.attempts = 1;
    policy
}

#[tokio::test(start_paused = true)]
async fn an_error_tells_the_key_under_which_a_session_may_exist() {
    let conflict = || allowed(ErrorKind::Conflict, Delivery::Answered).with_http_status(StatusCode::CONFLICT);
    for (name, error, told) in [
        ("lost", lost(), true),
        ("lost, to be looked for", lost().with_retry(Retry::AfterCheck), true),
        ("broken", down(), true),
        ("in flight", conflict(), true),
        ("nothing sent", allowed(ErrorKind::Connection, Delivery::NotSent), false),
        ("throttled", throttled(1), false),
        (
            "refused",
            Error::new(ErrorKind::NotFound, "no")
                .with_delivery(Delivery::Answered)
                .with_http_status(StatusCode::NOT_FOUND),
            false,
        ),
    ] {
        let inner = scripted([Err(error), Ok(session())]);
        let layer = Layered::around(
            Retries::new(once(), Arc::new(CountingRandomness::default())),
            Arc::clone(&inner),
        );
        let error = layer.start(&StartRequest::new("case-7")).await.unwrap_err();
        let key = error.idempotency_key().map(str::to_owned);
        assert_eq!(key.is_some(), told, "{name}");
        let Some(key) = key else { continue };
        assert!(!format!("{error} {error:?}").contains(&key), "{name}: it is not printed by accident");
        layer.start(&StartRequest::new("case-7").idempotency_key(&key)).await.unwrap();
        assert_eq!(
            keys(&inner),
            [key.as_str(), key.as_str()],
            "{name}: the caller repeats it under the same key"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_key_is_told_also_when_the_attempts_or_the_budget_are_used_up() {
    let inner = scripted([Err(throttled(1)), Err(lost()), Err(throttled(1))]);
    let error = retrying(&inner, CountingRandomness::default())
        .start(&StartRequest::new("case-7"))
        .await
        .unwrap_err();
    assert_eq!(error.idempotency_key(), Some(keys(&inner)[2].as_str()));
    assert_eq!(keys(&inner)[1], keys(&inner)[2], "the one that was lost");

    let inner = scripted((0..300).map(|_| Err(lost())));
    let layer = retrying(&inner, CountingRandomness::default());
    let mut before = 0;
    let mut spent = 0;
    for _ in 0..40 {
        let error = layer.start(&StartRequest::new("case-7")).await.unwrap_err();
        let keys = keys(&inner);
        assert_eq!(error.idempotency_key(), keys.last().map(String::as_str));
        spent += usize::from(keys.len() == before + 1);
        before = keys.len();
    }
    assert!(spent > 0, "some of them had no budget for a second attempt");
}

#[tokio::test(start_paused = true)]
async fn a_refresh_tells_its_key_too_and_nobody_is_told_a_key_of_the_callers_own() {
    let mut profile = profile();
    profile.capabilities.idempotent_start = true;
    let inner = ScriptedProvider::with_profile("scripted".parse().unwrap(), profile)
        .on_refresh(Err(lost()))
        .on_start(Err(lost()));
    let layer = Layered::around(Retries::new(once(), Arc::new(CountingRandomness::default())), inner);
    let error = layer.refresh(&RefreshRequest::new(reference())).await.unwrap_err();
    assert!(error.idempotency_key().is_some());
    let mine = StartRequest::new("case-7").idempotency_key("mine");
    assert_eq!(layer.start(&mine).await.unwrap_err().idempotency_key(), None);

    let provider = ScriptedProvider::new("scripted".parse().unwrap()).on_start(Err(lost()));
    let layer = Layered::around(Retries::new(once(), Arc::new(CountingRandomness::default())), provider);
    let error = layer.start(&StartRequest::new("case-7")).await.unwrap_err();
    assert_eq!(error.idempotency_key(), None, "the vendor knows no keys");
}
