//! Twenty-five thousand starts while every third answer goes wrong, in every way that does not make anybody wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use idv::config::ConfigDocument;
use idv::layers::{Layered, Retries, RetryPolicy};
use idv::testing::CountingRandomness;
use idv::{Delivery, Error, FindRequest, Registry, Retry, StartRequest, VerificationProvider};
use idv_conformance::storyline::Stage;
use idv_conformance::storyline::sandbox::{Flow, SandboxClock, SandboxStage};
use idv_sandbox::{CannedAnswer, FaultKind, FaultMix, Sandbox};

const STARTS: usize = 2_500;
const SEED: u64 = 7;

/// What can go wrong with an answer; the vendor has done its work in all but the first five.
fn kinds() -> Vec<FaultKind> {
    let answer = |status| FaultKind::Answer { answer: CannedAnswer::json(status, "{}") };
    vec![
        answer(429),
        answer(500),
        answer(502),
        answer(503),
        FaultKind::ResetBefore,
        FaultKind::LostAnswer,
        FaultKind::LostAnswer,
        FaultKind::Truncated,
        FaultKind::WrongTypes,
        FaultKind::Oversized { bytes: 2 * 1024 * 1024 },
        FaultKind::InvalidUtf8,
        FaultKind::EmptyBody,
        FaultKind::Html,
    ]
}

/// The adapter of a flow, without layers.
fn adapter(sandbox: &Sandbox, flow: Flow) -> Arc<dyn VerificationProvider> {
    let bare = "http.attempts = 1\nlimits.documented = false\nlimits.breaker = false\n";
    // The successor of another flow is not there, and not needed.
    let table = flow.literal_configuration(sandbox).replace("successor = \"cards\"\n", "");
    let toml = format!("active = \"{}\"\n{table}{bare}", flow.id());
    let clock = Arc::new(SandboxClock::of(sandbox));
    let document = ConfigDocument::from_toml_str(&toml).unwrap();
    let registry = Registry::builder().clock(clock).build(&document).unwrap();
    registry.provider(&registry.active()).unwrap()
}

fn mix(sandbox: &Sandbox, flow: Flow, seed: u64) {
    let mix = Some(FaultMix { seed, per_mille: 333, kinds: kinds() });
    flow.vendor(sandbox).mix_faults(mix).unwrap();
}

/// How a start ended for a caller that does what the errors say, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// There is a session.
    Session,
    /// The answer was lost, and a search brought the session.
    Found,
    /// Nobody knows: the caller was told so.
    InDoubt,
    /// There certainly is none.
    None,
    /// The vendor did its work and answered nonsense, and a repetition is safe: under the same key, or for the same applicant.
    Useless,
}

async fn start(flow: Flow, provider: &dyn VerificationProvider, request: &StartRequest) -> End {
    let mut request = request.clone();
    if provider.profile().capabilities.idempotent_start {
        request = request.clone().idempotency_key(format!("key-{}", request.reference));
    }
    for _ in 0..8 {
        let error = match provider.start(&request).await {
            Ok(_) => return End::Session,
            Err(error) => error,
        };
        match told(flow, &error) {
            End::InDoubt if provider.profile().capabilities.find => {
                match provider.find(&FindRequest::new(request.reference.as_str())).await {
                    Ok(found) if found.is_empty() => {}
                    Ok(_) => return End::Found,
                    Err(_) => return End::InDoubt,
                }
            }
            end => return end,
        }
    }
    End::None
}

/// Whether the vendor makes one session of all starts of an application that repeats them: under one key, or for one
/// applicant.
fn is_repeatable(flow: Flow) -> bool {
    ["nxos", "stripe-identity", "sumsub", "persona", "plaid"].contains(&flow.name())
}

/// What an error says about a session.
fn told(flow: Flow, error: &Error) -> End {
    if error.retry() == Retry::AfterCheck || error.delivery() == Delivery::Unknown {
        return End::InDoubt;
    }
    let is_refused = error.http_status().is_some_and(|status| status >= 400);
    match error.delivery() {
        Delivery::Answered if !is_refused && is_repeatable(flow) => End::Useless,
        _ => End::None,
    }
}

/// The number of all sessions, or applicants, at vendors where nothing but the start makes one.
fn sessions(sandbox: &Sandbox, flow: Flow) -> Option<usize> {
    match flow.name() {
        "session-api" => Some(sandbox.session_api().sessions().len()),
        "veriff" => Some(sandbox.veriff().sessions().len()),
        "stripe-identity" => Some(sandbox.stripe().sessions().len()),
        "onfido" => Some(sandbox.onfido().runs().len()),
        "sumsub" => Some(sandbox.sumsub().applicants().len()),
        "persona" => Some(sandbox.persona().inquiries().len()),
        "didit" => Some(sandbox.didit().sessions().len()),
        "idenfy" => Some(sandbox.idenfy().sessions().len()),
        "shufti" => Some(sandbox.shufti().sessions().len()),
        "plaid" => Some(sandbox.plaid().sessions().len()),
        _ => None,
    }
}

/// The starts of a flow: twice as many at Sumsub and at Veriff, and fewer at each vendor of a built-in description, which all have
/// one adapter.
fn starts(flow: Flow) -> usize {
    match flow.name() {
        "sumsub" | "veriff" => 2 * STARTS,
        "persona" | "didit" | "idenfy" | "shufti" | "plaid" => STARTS / 5,
        _ => STARTS,
    }
}

async fn flow(flow: Flow) -> BTreeMap<End, usize> {
    let sandbox = Sandbox::builder().seed(SEED).start().await.unwrap();
    let mut policy = RetryPolicy::default();
    policy.first_pause = Duration::from_micros(1);
    let random = Arc::new(CountingRandomness::default());
    let provider = Layered::around(Retries::new(policy, random), adapter(&sandbox, flow));
    let stage = SandboxStage::set(&sandbox, flow).await.unwrap();
    mix(&sandbox, flow, SEED);
    let mut ends = BTreeMap::new();
    for number in 0..starts(flow) {
        let case = stage.enter().await.unwrap();
        let before = sessions(&sandbox, flow);
        let end = start(flow, &provider, &case.start).await;
        let made = match (before, sessions(&sandbox, flow)) {
            (Some(before), Some(now)) => now - before,
            _ => stage.held(&case).await.unwrap().count,
        };
        let (least, most) = match end {
            End::Session | End::Found | End::Useless => (1, 1),
            End::InDoubt => (0, 1),
            // The first call of a start makes the applicant, and a repeated start goes on with the same one.
            End::None if flow.name() == "sumsub" => (0, 1),
            End::None => (0, 0),
        };
        assert!((least..=most).contains(&made), "{flow:?} {number}: {end:?}, and the vendor has {made}");
        *ends.entry(end).or_insert(0) += 1;
    }
    ends
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_lost_answer_makes_a_second_session_and_every_caller_is_told_the_truth() {
    println!("seed {SEED}");
    let flows: Vec<_> = Flow::all().map(|one| (one, tokio::spawn(flow(one)))).collect();
    let mut all = 0;
    for (one, running) in flows {
        let ends = running.await.unwrap();
        println!("{:<20} {ends:?}", one.name());
        all += ends.values().sum::<usize>();
        let found = ends.get(&End::Found).copied().unwrap_or_default();
        assert!(ends[&End::Session] + found > starts(one) / 2, "most get through");
        let doubtful = if is_repeatable(one) { End::Useless } else { End::InDoubt };
        assert!(ends.contains_key(&doubtful) || ends.contains_key(&End::Found), "something was lost");
    }
    assert_eq!(all, Flow::all().map(starts).sum::<usize>());
}
