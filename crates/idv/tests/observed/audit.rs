//! The audit hook is told of every outcome, and of nothing that it must not know.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use idv::adapter::Randomness;
use idv::layers::{Layered, LimitPolicy, Observe, Provider, Rate, RateLimit, Retries, RetryPolicy};
use idv::observe::{AuditRecord, AuditResult, Observation};
use idv::routing::RouteRequest;
use idv::testing::{CountingRandomness, FixedClock, ScriptedProvider};
use idv::{
    CheckRequest, Delivery, Error, ErrorKind, FindRequest, ImportRequest, Operation, ProviderId, Redirect,
    RefreshRequest, Retry, SessionRef, Timestamp, VerificationProvider, VerificationStatus, WebhookRequest,
};
use idv_sandbox::{CannedAnswer, Fault, FaultKind, NxosEventData};
use secrecy::SecretString;
use serde_json::json;

use crate::sandboxed::{World, headers};

fn kinds(records: &[AuditRecord]) -> Vec<(&'static str, String)> {
    let result = |record: &AuditRecord| {
        let written = serde_json::to_value(record).unwrap();
        written["result"].as_str().unwrap().to_owned()
    };
    records.iter().map(|record| (record.operation.as_str(), result(record))).collect()
}

#[tokio::test]
async fn every_outcome_is_told_of_once() {
    let world = World::new().await;
    let registry = &world.registry;
    let primary = "primary".parse().unwrap();
    registry.start(&world.start()).await.unwrap();
    registry.refresh(&RefreshRequest::new(world.session())).await.unwrap();
    registry.check(&world.check()).await.unwrap();
    registry.check(&CheckRequest::new("primary:org_404".parse().unwrap())).await.unwrap_err();
    registry.import(&primary, &ImportRequest::new("no-such-token")).await.unwrap_err();
    let session: SessionRef = "sessions:6b1d".parse().unwrap();
    let back = "/back?session_id=6b1d&status=success";
    registry.parse_redirect(&Redirect::new(&session, back)).unwrap();
    registry.find(session.provider(), &FindRequest::new("case-7")).await.unwrap();
    let event = world.sandbox.nxos().webhook(&world.organization, NxosEventData::Full);
    let signed = headers(&event);
    registry.verify_webhook(&primary, &WebhookRequest::new(&signed, &event.body, world.now())).unwrap();
    registry.verify_webhook(&primary, &WebhookRequest::new(&signed, b"{}", world.now())).unwrap_err();
    let told = kinds(&world.records());
    let told: Vec<_> = told.iter().map(|(operation, result)| (*operation, result.as_str())).collect();
    assert_eq!(
        told,
        [
            ("start", "session"),
            ("refresh", "session"),
            ("check", "verification"),
            ("check", "failed"),
            ("import", "failed"),
            ("redirect", "redirect"),
            ("find", "found"),
            ("webhook", "event"),
            ("webhook", "failed"),
        ]
    );
}

/// What no provider was asked, and of whom the record is: provider, kind, attempts, kind of the error.
fn refusals(records: &[AuditRecord]) -> Vec<serde_json::Value> {
    let facts = |record: &AuditRecord| {
        let record = serde_json::to_value(record).unwrap();
        assert_eq!((&record["result"], &record["attempts"]), (&json!("failed"), &json!(0)), "{record}");
        json!([record["operation"], record["provider"], record["kind"], record["error"]])
    };
    records.iter().map(facts).collect()
}

#[tokio::test]
async fn what_a_retired_provider_refuses_is_told_of() {
    let world = World::new().await;
    let (registry, told) = world.again("[providers.sessions]", "[providers.sessions]\nretired = true");
    let retired = "sessions".parse().unwrap();
    registry.start_at(&retired, &world.start()).await.unwrap_err();
    registry.import(&retired, &ImportRequest::new("token")).await.unwrap_err();
    registry.provider(&retired).unwrap().start(&world.start()).await.unwrap_err();
    let start = json!(["start", "sessions", "session-api", "config"]);
    let import = json!(["import", "sessions", "session-api", "config"]);
    assert_eq!(refusals(&told()), [start.clone(), import, start]);
    let reference = world.observation.pseudonym_of_reference("case-7");
    assert_eq!(told()[0].reference, Some(reference));
    registry.find(&retired, &FindRequest::new("case-7")).await.unwrap();
    assert_eq!(told().len(), 4, "and what it does not refuse, once");
}

#[tokio::test]
async fn what_finds_no_provider_is_told_of() {
    let world = World::new().await;
    let registry = &world.registry;
    let (nobody, session): (ProviderId, SessionRef) =
        ("nobody".parse().unwrap(), "nobody:org_1".parse().unwrap());
    registry.start_at(&nobody, &world.start()).await.unwrap_err();
    registry.refresh(&RefreshRequest::new(session.clone())).await.unwrap_err();
    registry.check(&CheckRequest::new(session.clone())).await.unwrap_err();
    registry.find(&nobody, &FindRequest::new("case-7")).await.unwrap_err();
    registry.import(&nobody, &ImportRequest::new("token")).await.unwrap_err();
    registry.parse_redirect(&Redirect::new(&session, "/back")).unwrap_err();
    let headers = http::HeaderMap::new();
    registry.verify_webhook(&nobody, &WebhookRequest::new(&headers, b"{}", world.now())).unwrap_err();
    let refused = |operation: &str| json!([operation, "nobody", null, "config"]);
    let operations = ["start", "refresh", "check", "find", "import", "redirect", "webhook"];
    assert_eq!(refusals(&world.records()), operations.map(refused));
    let session = world.observation.pseudonym(&session);
    for record in world.records() {
        let of_session =
            matches!(record.operation, Operation::Refresh | Operation::Check | Operation::Redirect);
        assert_eq!(record.session, of_session.then_some(session), "{record:?}");
    }
}

#[tokio::test]
async fn a_start_that_goes_to_nobody_is_told_of_once() {
    let world = World::new().await;
    let out = "active = \"primary\"\n[routing.outage]\nproviders = [\"primary\"]\n";
    let (registry, told) = world.again("active = \"primary\"", out);
    registry.start(&world.start()).await.unwrap_err();
    registry.start_routed(&RouteRequest::new("case-7"), &world.start()).await.unwrap_err();
    let nobody = json!(["start", null, null, "unavailable"]);
    assert_eq!(refusals(&told()), [nobody.clone(), nobody]);
}

/// Not even what is used wrongly ends unsaid.
#[test]
fn a_start_without_a_runtime_is_told_of() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let world = runtime.block_on(World::new());
    futures_util::FutureExt::now_or_never(world.registry.start(&world.start())).unwrap().unwrap_err();
    assert_eq!(refusals(&world.records()), [json!(["start", "primary", "nxos", "unavailable"])]);
}

#[tokio::test]
async fn a_call_with_all_its_attempts_is_one_record() {
    let world = World::new().await;
    let down = FaultKind::Answer { answer: CannedAnswer::json(503, "{}") };
    world.sandbox.nxos().add_fault(Fault::new(down)).unwrap();
    world.registry.start(&world.start()).await.unwrap();
    let [record] = &world.records()[..] else { panic!("one record") };
    assert_eq!(record.attempts, 2);
    assert_eq!(world.sandbox.nxos().requests().len(), 2);
    assert!(record.wait <= record.duration, "{record:?}");
}

#[tokio::test]
async fn a_record_names_sessions_and_references_by_pseudonyms_alone() {
    let key = SecretString::from("a key of the application");
    let world = World::observed(|observation| observation.pseudonym_key(&key)).await;
    let session = world.registry.start(&world.start()).await.unwrap().reference;
    let record = world.records().pop().unwrap();
    assert_eq!(record.session, Some(world.observation.pseudonym(&session)));
    assert_eq!(record.reference, Some(world.observation.pseudonym_of_reference("case-7")));
    let elsewhere = Observation::new().pseudonym_key(&key);
    assert_eq!(record.session, Some(elsewhere.pseudonym(&session)), "the same in every process");
    let without = Observation::new();
    assert_ne!(record.session, Some(without.pseudonym(&session)), "nobody tells it without the key");
    let printed = format!("{record:?}{}", serde_json::to_string(&record).unwrap());
    assert!(!printed.contains(&world.organization) && !printed.contains("case-7"), "{printed}");
}

#[tokio::test(start_paused = true)]
async fn a_record_is_one_flat_object() {
    let provider = ScriptedProvider::new("scripted".parse().unwrap());
    let error = Error::new(ErrorKind::RateLimited, "slow down")
        .with_delivery(Delivery::Answered)
        .with_http_status(http::StatusCode::TOO_MANY_REQUESTS)
        .with_retry(idv::Retry::Allowed { after: Some(Duration::from_secs(7)) });
    let (observed, records) = observed(provider.on_check(Err(error)));
    let key = CheckRequest::new("scripted:k1".parse().unwrap());
    observed.check(&key).await.unwrap_err();
    let mut written = serde_json::to_value(records.take()).unwrap();
    let session = written[0]["session"].take();
    assert_eq!(session.as_str().map(str::len), Some(32));
    assert_eq!(
        written[0],
        json!({
            "at": "2026-11-20T12:30:00Z", "provider": "scripted", "kind": "scripted", "operation": "check",
            "reference": null, "session": null, "attempts": 1, "wait_ms": 0, "duration_ms": 0,
            "result": "failed", "error": "rate_limited", "http_status": 429, "code": null, "request_id": null,
            "credential": null, "delivery": "answered", "retry": "allowed", "retry_after_ms": 7000,
        })
    );
}

#[tokio::test(start_paused = true)]
async fn a_record_says_how_long_a_call_waited() {
    let random = || Arc::new(CountingRandomness::default());
    let scripted = || ScriptedProvider::new("scripted".parse().unwrap());
    let check = CheckRequest::new("scripted:k1".parse().unwrap());
    let seconds = |record: &AuditRecord| (record.attempts, record.wait.as_secs());

    let after = Some(Duration::from_secs(5));
    let throttled = Error::new(ErrorKind::RateLimited, "slow down").with_retry(Retry::Allowed { after });
    let inner = scripted().on_check(Err(throttled)).on_check(Err(Error::new(ErrorKind::NotFound, "no")));
    let (layer, records) = observed(Layered::around(Retries::new(RetryPolicy::default(), random()), inner));
    layer.check(&check).await.unwrap_err();
    assert_eq!(records.take().iter().map(seconds).collect::<Vec<_>>(), [(2, 5)]);

    let missing = || Error::new(ErrorKind::NotFound, "no").with_delivery(Delivery::Answered);
    let inner = scripted().on_check(Err(missing())).on_check(Err(missing()));
    let mut policy = LimitPolicy::default();
    policy.rates = vec![Rate::Window { calls: NonZeroU32::MIN, per: Duration::from_secs(7) }];
    let random: Arc<dyn Randomness> = random();
    let (layer, records) = observed(Layered::around(RateLimit::new(policy, &random), inner));
    for _ in 0..2 {
        layer.check(&check).await.unwrap_err();
    }
    assert_eq!(records.take().iter().map(seconds).collect::<Vec<_>>(), [(1, 0), (1, 7)]);
}

#[tokio::test]
async fn a_caller_who_goes_away_leaves_a_cancelled_check_and_a_whole_start() {
    let world = World::new().await;
    let request = world.check();
    let mut check = Box::pin(world.registry.check(&request));
    assert!((&mut check).now_or_never().is_none(), "it is under way");
    drop(check);
    assert_eq!(kinds(&world.records()), [("check", "cancelled".to_owned())]);
    let request = world.start();
    let mut start = Box::pin(world.registry.start(&request));
    assert!((&mut start).now_or_never().is_none(), "it is under way");
    drop(start);
    while world.records().len() < 2 {
        tokio::task::yield_now().await;
    }
    let told = kinds(&world.records());
    assert_eq!(told, [("check", "cancelled".to_owned()), ("start", "session".to_owned())]);
}

#[tokio::test]
async fn a_hook_that_panics_harms_no_call() {
    let told = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&told);
    let world = World::observed(|_| {
        Observation::new().audit(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            panic!("the hook of this test panics");
        })
    })
    .await;
    world.registry.start(&world.start()).await.unwrap();
    let checked = world.registry.check(&world.check()).await.unwrap();
    assert_eq!(checked.status, VerificationStatus::InProgress);
    assert_eq!(told.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_return_url_is_told_of_without_its_words() {
    let world = World::new().await;
    let session: SessionRef = "sessions:6b1d".parse().unwrap();
    let back = "/back?session_id=6b1d&status=AdaLovelace&reason=BornIn1815";
    world.registry.parse_redirect(&Redirect::new(&session, back)).unwrap();
    let record = world.records().pop().unwrap();
    assert_eq!(record.operation, Operation::Redirect);
    let AuditResult::Redirect { status, .. } = record.result else { panic!("{record:?}") };
    assert_eq!(status, VerificationStatus::Unrecognized);
    let printed = format!("{record:?}");
    assert!(!printed.contains("Ada") && !printed.contains("1815"), "{printed}");
}

#[derive(Clone, Default)]
struct Records(Arc<std::sync::Mutex<Vec<AuditRecord>>>);

impl Records {
    fn take(&self) -> Vec<AuditRecord> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

fn observed<P: VerificationProvider>(provider: P) -> (Layered<Observe, Provider<P>>, Records) {
    let records = Records::default();
    let kept = records.clone();
    let observation = Observation::new().audit(move |record| kept.0.lock().unwrap().push(record.clone()));
    let now: Timestamp = "2026-11-20T12:30:00Z".parse().unwrap();
    (Layered::around(Observe::new(&provider, observation, Arc::new(FixedClock::new(now))), provider), records)
}
