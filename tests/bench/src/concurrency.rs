//! Many calls at a time.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use idv::Registry;
use tokio::runtime::{Builder, Runtime};

use crate::by_hand::{ByHand, client};
use crate::calls::{NXOS_KEY, ORGANIZATION, check_request, configuration, reference};
use crate::vendor::Vendors;
use crate::{Aim, Figure};

/// How long a round of load takes.
pub(crate) const ROUND: Duration = Duration::from_millis(700);
const ROUNDS: usize = 5;

/// What a round of load showed.
#[derive(Debug, Default, Clone)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    latencies: Vec<Duration>,
}

impl Load {
    /// The latency that this share of the calls did not exceed, in microseconds.
    fn percentile(&self, share: f64) -> f64 {
        let index = (self.latencies.len() as f64 * share) as usize;
        let latency = self.latencies.get(index.min(self.latencies.len().saturating_sub(1)));
        latency.map_or(0.0, |latency| latency.as_secs_f64() * 1e6)
    }
}

/// The runtime of an application with two cores.
pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

/// Keeps so many calls under way for a time.
pub(crate) async fn load<F>(
    in_flight: usize,
    time: Duration,
    call: impl Fn() -> F + Clone + Send + 'static,
) -> Load
where
    F: Future<Output = ()> + Send,
{
    let begun = Instant::now();
    let tasks: Vec<_> = (0..in_flight)
        .map(|_| {
            let call = call.clone();
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while begun.elapsed() < time {
                    let sent = Instant::now();
                    call().await;
                    latencies.push(sent.elapsed());
                }
                latencies
            })
        })
        .collect();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.expect("calls that work"));
    }
    let per_second = latencies.len() as f64 / begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    Load { per_second, latencies }
}

fn median(mut loads: Vec<Load>) -> Load {
    loads.sort_by(|one, other| one.per_second.total_cmp(&other.per_second));
    loads.swap_remove(loads.len() / 2)
}

/// Calls per second and their latencies, of few and of many at a time.
pub(crate) fn levels() -> Vec<Figure> {
    [1, 8, 64, 512].into_iter().flat_map(level).collect()
}

fn level(in_flight: usize) -> Vec<Figure> {
    let (vendors, runtime) = (Vendors::start(), runtime());
    let registry = Registry::from_toml_str(&configuration("nxos", &vendors.base_url)).expect("a registry");
    let by_hand = ByHand { http: client(), base_url: vendors.base_url.clone() };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(runtime.block_on(load(in_flight, ROUND, checks(&registry))));
        let by_hand = by_hand.clone();
        theirs.push(runtime.block_on(load(in_flight, ROUND, move || {
            let by_hand = by_hand.clone();
            async move { drop(by_hand.nxos_check(NXOS_KEY, ORGANIZATION).await.expect("a state")) }
        })));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let name = format!("{in_flight} calls at a time");
    let latency = |measure, share| {
        Figure::new(&name, measure, "µs", ours.percentile(share)).against("by hand", theirs.percentile(share))
    };
    vec![
        Figure::new(&name, "calls", "/s", ours.per_second).against("by hand", theirs.per_second),
        latency("latency, half of them", 0.5),
        latency("latency, 99 %", 0.99),
        latency("latency, 99.9 %", 0.999),
    ]
}

fn checks(
    registry: &Registry,
) -> impl Fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> + Clone + use<> {
    // Made once, as what the calls by hand are made of.
    let (registry, request) = (registry.clone(), Arc::new(check_request("nxos")));
    move || {
        let (registry, request) = (registry.clone(), Arc::clone(&request));
        Box::pin(async move { drop(registry.check(&request).await.expect("a state")) })
    }
}

/// A vendor that answers at once, alone and beside one that takes a second, of whom 512 checks are under way or wait.
pub(crate) fn slow_beside_fast() -> Vec<Figure> {
    let (vendors, runtime) = (Vendors::start(), runtime());
    let both = format!(
        "{}\n[providers.slow]\nkind = \"nxos\"\nbase_url = \"{}\"\napi_key = \"{NXOS_KEY}\"\n\
         limits = {{ calls_per_minute = 4000000000 }}\n",
        configuration("nxos", &vendors.base_url),
        vendors.slow_url()
    );
    let registry = Registry::from_toml_str(&both).expect("a registry");
    let slow = {
        let registry = registry.clone();
        move || {
            let registry = registry.clone();
            let request = idv::CheckRequest::new(reference(&format!("slow:{ORGANIZATION}")));
            async move { drop(registry.check(&request).await.expect("a state")) }
        }
    };
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        alone.push(runtime.block_on(load(16, 2 * ROUND, checks(&registry))));
        let stalled = runtime.spawn(load(512, 2 * ROUND, slow.clone()));
        beside.push(runtime.block_on(load(16, 2 * ROUND, checks(&registry))));
        runtime.block_on(stalled).expect("slow calls that work");
    }
    let (alone, beside) = (median(alone), median(beside));
    let name = "fast vendor beside a slow one";
    vec![
        Figure::new(name, "calls", "/s", beside.per_second)
            .against("the fast one alone", alone.per_second)
            .aim(Aim::RatioAtLeast(0.95)),
        Figure::new(name, "latency, 99 %", "µs", beside.percentile(0.99))
            .against("the fast one alone", alone.percentile(0.99)),
    ]
}
