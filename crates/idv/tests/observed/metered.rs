//! What a recorder of metrics gets to count.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use http::StatusCode;
use idv::layers::{BreakerPolicy, BreakerState, CircuitBreaker, Layered};
use idv::observe::describe_metrics;
use idv::testing::ScriptedProvider;
use idv::{CheckRequest, Delivery, Error, ErrorKind, VerificationProvider};
use idv_sandbox::{CannedAnswer, Fault, FaultKind};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshot};

use crate::sandboxed::World;

/// Runs on this thread alone, so that the recorder of this thread sees everything. What the run gives lives until the end.
fn recorded<T>(run: impl AsyncFnOnce() -> T) -> Snapshot {
    let recorder = DebuggingRecorder::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recorder, || {
        describe_metrics();
        let kept = runtime.block_on(run());
        let snapshot = recorder.snapshotter().snapshot();
        drop(kept);
        snapshot
    })
}

/// Name and labels of each metric, as Prometheus writes them, and its value; histograms by the number of their values and
/// their sum.
fn values(snapshot: Snapshot) -> BTreeMap<String, f64> {
    let mut values = BTreeMap::new();
    for (key, _, description, value) in snapshot.into_vec() {
        let name = key.key().name().to_owned();
        assert!(description.is_some(), "{name} is not described");
        let labels: Vec<String> =
            key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{name}{{{}}}", labels.join(","));
        match value {
            DebugValue::Counter(count) => drop(values.insert(name, count as f64)),
            DebugValue::Gauge(value) => drop(values.insert(name, value.into_inner())),
            DebugValue::Histogram(all) => {
                values.insert(format!("{name} sum"), all.iter().map(|value| value.into_inner()).sum());
                values.insert(format!("{name} count"), all.len() as f64);
            }
        }
    }
    values
}

#[test]
fn calls_are_counted_by_provider_kind_operation_and_outcome() {
    let values = values(recorded(async || {
        let world = World::new().await;
        let down = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
        world.sandbox.nxos().add_fault(Fault::new(down)).unwrap();
        world.registry.start(&world.start()).await.unwrap();
        world.registry.check(&world.check()).await.unwrap();
        world.registry.check(&world.check()).await.unwrap();
        world.registry.check(&CheckRequest::new("primary:org_404".parse().unwrap())).await.unwrap_err();
    }));
    let of = |metric: &str, rest: &str| {
        let (name, what) =
            metric.split_once(' ').map_or((metric, String::new()), |(n, w)| (n, format!(" {w}")));
        values.get(&format!("{name}{{provider=primary,kind=nxos,{rest}}}{what}")).copied()
    };
    assert_eq!(of("idv_calls_total", "operation=start,outcome=ok"), Some(1.0));
    assert_eq!(of("idv_calls_total", "operation=check,outcome=ok"), Some(2.0));
    assert_eq!(of("idv_calls_total", "operation=check,outcome=not_found"), Some(1.0));
    assert_eq!(of("idv_call_attempts sum", "operation=start,outcome=ok"), Some(2.0));
    assert_eq!(of("idv_call_duration_seconds count", "operation=check,outcome=ok"), Some(2.0));
    assert_eq!(of("idv_call_wait_seconds count", "operation=check,outcome=ok"), Some(2.0));
    assert_eq!(of("idv_statuses_total", "operation=check,status=in_progress"), Some(2.0));
    assert_eq!(of("idv_calls_in_flight", "operation=check"), Some(0.0));
}

#[test]
fn a_breaker_is_seen_while_it_is_open_and_there() {
    let open = async || {
        let world = World::new().await;
        let down = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
        for _ in 0..10 {
            world.sandbox.nxos().add_fault(Fault::new(down.clone())).unwrap();
        }
        // Two attempts each.
        for _ in 0..5 {
            world.registry.check(&world.check()).await.unwrap_err();
        }
        world
    };
    let gauge = |snapshot| values(snapshot).get("idv_breaker_open{provider=primary}").copied();
    assert_eq!(gauge(recorded(open)), Some(1.0));
    assert_eq!(gauge(recorded(async || drop(open().await))), Some(0.0), "a reload may have replaced it");
}

#[test]
fn a_breaker_that_closes_again_is_seen_no_longer() {
    let error = |status| {
        Error::new(ErrorKind::Unavailable, "no").with_http_status(status).with_delivery(Delivery::Answered)
    };
    let closed = async || {
        let provider = ScriptedProvider::new("primary".parse().unwrap())
            .on_check(Err(error(StatusCode::SERVICE_UNAVAILABLE)))
            .on_check(Err(error(StatusCode::NOT_FOUND)));
        let mut policy = BreakerPolicy::default();
        (policy.least_calls, policy.pause) = (NonZeroU32::MIN, Duration::ZERO);
        let breaker = Layered::around(CircuitBreaker::new(provider.id(), policy), provider);
        for state in [BreakerState::HalfOpen, BreakerState::Closed] {
            breaker.check(&CheckRequest::new("primary:k1".parse().unwrap())).await.unwrap_err();
            assert_eq!(breaker.layer().state(), state);
        }
        breaker
    };
    let values = values(recorded(closed));
    assert_eq!(values.get("idv_breaker_open{provider=primary}"), Some(&0.0));
}

#[test]
fn an_outcome_that_nobody_claims_is_counted_and_a_cancelled_call_ends() {
    let values = values(recorded(async || {
        use futures_util::FutureExt;
        let world = World::new().await;
        let request = world.start();
        let mut start = Box::pin(world.registry.start(&request));
        assert!((&mut start).now_or_never().is_none(), "it is under way");
        drop(start);
        let check = world.check();
        let mut check = Box::pin(world.registry.check(&check));
        assert!((&mut check).now_or_never().is_none(), "it is under way");
        drop(check);
        while world.records().len() < 2 {
            tokio::task::yield_now().await;
        }
    }));
    assert_eq!(
        values.get("idv_unclaimed_outcomes_total{provider=primary,operation=start}"),
        Some(&1.0),
        "{values:?}"
    );
    let cancelled = "idv_calls_total{provider=primary,kind=nxos,operation=check,outcome=cancelled}";
    assert_eq!(values.get(cancelled), Some(&1.0), "{values:?}");
    assert_eq!(values.get("idv_calls_in_flight{provider=primary,kind=nxos,operation=check}"), Some(&0.0));
}

/// Whoever names providers that are not there, in references for example, makes no metrics of their names.
#[test]
fn refusals_are_counted_and_names_of_strangers_are_not() {
    let values = values(recorded(async || {
        let world = World::new().await;
        let (registry, _) = world.again("[providers.sessions]", "[providers.sessions]\nretired = true");
        registry.start_at(&"sessions".parse().unwrap(), &world.start()).await.unwrap_err();
        for stranger in ["nobody:1", "canary:2"] {
            registry.check(&CheckRequest::new(stranger.parse().unwrap())).await.unwrap_err();
        }
        drop(registry);
        world
    }));
    let labels = "provider=sessions,kind=session-api,operation=start";
    assert_eq!(values[&format!("idv_calls_total{{{labels},outcome=config}}")], 1.0, "{values:#?}");
    assert_eq!(values[&format!("idv_calls_in_flight{{{labels}}}")], 0.0);
    let labels = "provider=,kind=,operation=check";
    assert_eq!(values[&format!("idv_calls_total{{{labels},outcome=config}}")], 2.0, "{values:#?}");
    assert_eq!(values[&format!("idv_call_attempts{{{labels},outcome=config}} sum")], 0.0);
    assert!(!values.keys().any(|name| name.contains("canary") || name.contains("nobody")), "{values:#?}");
}
