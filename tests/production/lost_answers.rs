//! Ten thousand starts while every third answer goes wrong, in every way that does not make anybody wait.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use idv::config::ConfigDocument;
use idv::layers::{Layered, Retries, RetryPolicy};
use idv::testing::CountingRandomness;
use idv::{Delivery, Error, FindRequest, Registry, Retry, StartRequest, VerificationProvider};
use idv_conformance::storyline::Stage;
use idv_conformance::storyline::sandbox::{Flow, SandboxStage};
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
    let (nxos, baanx, sessions) = (sandbox.nxos(), sandbox.baanx(), sandbox.session_api());
    let options = match flow {
        Flow::Nxos => format!("base_url = \"{}\"\napi_key = \"{}\"\n", nxos.base_url(), nxos.api_key()),
        Flow::SessionApi => format!(
            "preset = \"deepidv\"\nbase_url = \"{}\"\napi_key = \"{}\"\n",
            sessions.base_url(),
            sessions.api_key()
        ),
        _ => format!("base_url = \"{}\"\nclient_key = \"{}\"\n", baanx.base_url(), baanx.client_key()),
    };
    let kind = flow.kind();
    let toml = format!(
        "active = \"p\"\n[providers.p]\nkind = \"{kind}\"\n{options}http.attempts = 1\nlimits.documented = false\nlimits.breaker = false\n"
    );
    let registry = Registry::builder().build(&ConfigDocument::from_toml_str(&toml).unwrap()).unwrap();
    registry.provider(&registry.active()).unwrap()
}

fn mix(sandbox: &Sandbox, flow: Flow, seed: u64) {
    let mix = Some(FaultMix { seed, per_mille: 333, kinds: kinds() });
    match flow {
        Flow::Nxos => sandbox.nxos().mix_faults(mix),
        Flow::SessionApi => sandbox.session_api().mix_faults(mix),
        _ => sandbox.baanx().mix_faults(mix),
    }
    .unwrap();
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
    /// The vendor did its work and answered nonsense, and a repetition is safe under the same key.
    Useless,
}

async fn start(provider: &dyn VerificationProvider, request: &StartRequest) -> End {
    let mut request = request.clone();
    if provider.profile().capabilities.idempotent_start {
        request = request.clone().idempotency_key(format!("key-{}", request.reference));
    }
    for _ in 0..8 {
        let error = match provider.start(&request).await {
            Ok(_) => return End::Session,
            Err(error) => error,
        };
        match told(provider, &error) {
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

/// What an error says about a session.
fn told(provider: &dyn VerificationProvider, error: &Error) -> End {
    if error.retry() == Retry::AfterCheck || error.delivery() == Delivery::Unknown {
        return End::InDoubt;
    }
    let refused = error.http_status().is_some_and(|status| status >= 400);
    match error.delivery() {
        Delivery::Answered if !refused && provider.profile().capabilities.idempotent_start => End::Useless,
        _ => End::None,
    }
}

/// How many sessions the vendor holds that it did not hold before.
struct Counter<'a> {
    sandbox: &'a Sandbox,
    flow: Flow,
    before: usize,
}

impl<'a> Counter<'a> {
    fn new(sandbox: &'a Sandbox, flow: Flow) -> Self {
        Self { sandbox, flow, before: Self::sessions(sandbox) }
    }

    fn sessions(sandbox: &Sandbox) -> usize {
        sandbox.session_api().sessions().len()
    }

    async fn made(&self, stage: &SandboxStage<'_>, case: &idv_conformance::storyline::Case) -> usize {
        match self.flow {
            Flow::SessionApi => Self::sessions(self.sandbox) - self.before,
            _ => stage.held(case).await.unwrap().count,
        }
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
    for number in 0..STARTS {
        let case = stage.enter().await.unwrap();
        let counter = Counter::new(&sandbox, flow);
        let end = start(&provider, &case.start).await;
        let made = counter.made(&stage, &case).await;
        let (least, most) = match end {
            End::Session | End::Found | End::Useless => (1, 1),
            End::InDoubt => (0, 1),
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
    let flows = Flow::ALL.map(|one| (one, tokio::spawn(flow(one))));
    let mut all = 0;
    for (one, running) in flows {
        let ends = running.await.unwrap();
        println!("{:<20} {ends:?}", one.kind());
        all += ends.values().sum::<usize>();
        assert!(ends[&End::Session] > STARTS / 2, "most get through");
        let doubtful = if one == Flow::Nxos { End::Useless } else { End::InDoubt };
        assert!(ends.contains_key(&doubtful) || ends.contains_key(&End::Found), "something was lost");
    }
    assert_eq!(all, 10_000);
}
