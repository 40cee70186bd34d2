//! All layers of the registry around a vendor that is down for an hour.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use idv::adapter::{BuildContext, BuiltProvider, JsonSchema, ProviderFactory, ProviderOptions};
use idv::config::ConfigDocument;
use idv::{ConfigProblem, ProviderId, ProviderKind, Registry, VerificationStatus};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::support::{Vendor, check, down, seconds};

#[derive(Debug)]
pub(crate) struct Factory(pub(crate) Arc<Vendor>);

impl ProviderFactory for Factory {
    fn kind(&self) -> ProviderKind {
        ProviderKind::from_static("vendor")
    }

    fn build(
        &self,
        _: &ProviderId,
        _: &ProviderOptions,
        _: &BuildContext,
    ) -> Result<BuiltProvider, Vec<ConfigProblem>> {
        Ok(Arc::clone(&self.0).into())
    }

    fn schema(&self) -> Option<JsonSchema> {
        None
    }
}

pub(crate) fn text(limits: &str) -> String {
    format!("active = \"vendor\"\n[providers.vendor]\nkind = \"vendor\"\n[providers.vendor.limits]\n{limits}")
}

pub(crate) fn registry(vendor: &Arc<Vendor>, limits: &str) -> Registry {
    let document = ConfigDocument::from_toml_str(&text(limits)).unwrap();
    Registry::builder().factory(Factory(Arc::clone(vendor))).build(&document).unwrap()
}

const HOUR: Duration = Duration::from_secs(3600);

/// Twenty callers who check every second for an hour and a while; gives how many checks failed.
async fn an_hour(registry: &Registry, vendor: &Arc<Vendor>) -> usize {
    let begun = Instant::now();
    let up = begun + HOUR;
    vendor.ends(move || if Instant::now() < up { Err(down()) } else { Ok(()) });
    let failed = Arc::new(AtomicUsize::new(0));
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let (registry, failed) = (registry.clone(), Arc::clone(&failed));
        callers.spawn(async move {
            while begun.elapsed() < HOUR + seconds(120) {
                match registry.check(&check()).await {
                    Ok(state) => assert_eq!(state.status, VerificationStatus::InReview, "as the vendor says"),
                    Err(_) => drop(failed.fetch_add(1, Ordering::SeqCst)),
                }
                sleep(seconds(1)).await;
            }
        });
    }
    callers.join_all().await;
    failed.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_outage_costs_few_calls_and_ends_by_itself() {
    let vendor = Vendor::new(Duration::from_millis(200));
    let registry = registry(&vendor, "");
    let begun = Instant::now();
    let failed = an_hour(&registry, &vendor).await;
    let arrivals = vendor.arrivals(begun);
    let during = arrivals.iter().filter(|at| **at < 3_600_000).count();
    // The first calls, those that were under way with them, and one probe a minute.
    assert!((60..120).contains(&during), "{during} calls reached the vendor");
    assert!(failed > 1000, "the callers were told: {failed}");
    let back = arrivals.iter().position(|at| *at >= 3_600_000).unwrap();
    assert!(arrivals[back] < 3_662_000, "found within a pause: {}", arrivals[back]);
    assert!(arrivals.len() - back > 500, "everything goes through again");
}

#[tokio::test(start_paused = true)]
async fn without_a_breaker_the_vendor_is_asked_all_the_time() {
    let vendor = Vendor::new(Duration::from_millis(200));
    let registry = registry(&vendor, "breaker = false");
    an_hour(&registry, &vendor).await;
    assert!(vendor.count() > 10_000, "{}", vendor.count());
}

#[tokio::test(start_paused = true)]
async fn the_table_reaches_every_layer() {
    let vendor = Vendor::new(seconds(1));
    let limits = "in_flight = 2\ncalls_per_minute = 4\nlongest_wait = \"5s\"\nqueue = 3";
    let registry = registry(&vendor, limits);
    let mut callers = JoinSet::new();
    for _ in 0..6 {
        let registry = registry.clone();
        callers.spawn(async move { registry.check(&check().deadline(seconds(9))).await.map(drop) });
    }
    let outcomes = callers.join_all().await;
    let messages: Vec<String> =
        outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!((vendor.count(), vendor.most_under_way(), messages.len()), (4, 2, 2), "{messages:?}");
    assert!(messages.iter().all(|message| message.contains("our own limit")), "{messages:?}");
}
