//! Watching with a registry whose configuration changes, on a clock that moves only when everybody waits.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(feature = "watch")]

#[allow(dead_code, reason = "the other tests use the rest")]
mod watched;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use idv::adapter::ProviderFactory;
use idv::config::ConfigDocument;
use idv::testing::FactoryFn;
use idv::watching::{WatchPolicy, Watcher};
use idv::{ErrorKind, ProviderKind, Registry, VerificationStatus as Status};
use tokio::time::{sleep, timeout};

use watched::{Always, Vendor, request};

/// The vendor `acme` as it is when the configuration is read.
type Present = Arc<Mutex<Arc<Vendor>>>;

/// Builds the present `acme`, and others as they come.
fn factory(present: Present) -> impl ProviderFactory {
    FactoryFn::new(ProviderKind::from_static("present"), move |id| match id.as_str() {
        "acme" => Arc::clone(&present.lock().unwrap()).provider(),
        other => Arc::new(Vendor::new(|_, _| Ok(Status::InProgress)).named(other)).provider(),
    })
}

/// A configuration that is edited, and a watcher that follows it.
struct Desk {
    registry: Registry,
    watcher: Watcher,
    present: Present,
    file: Arc<Mutex<String>>,
}

/// The provider `acme`, with a line more in its table.
fn table(line: &str) -> String {
    format!("active = \"acme\"\n[providers.acme]\nkind = \"present\"\nhttp.attempts = 1\n{line}\n")
}

impl Desk {
    fn new(vendor: &Arc<Vendor>) -> Self {
        let present = Arc::new(Mutex::new(Arc::clone(vendor)));
        let file = Arc::new(Mutex::new(table("")));
        let read = Arc::clone(&file);
        let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap());
        let registry = Registry::builder().factory(factory(Arc::clone(&present))).load(load).unwrap();
        let (policy, random) = (WatchPolicy::default(), Arc::new(Always(0)));
        let watcher = Watcher::with(registry.clone(), policy, random).unwrap();
        Self { registry, watcher, present, file }
    }

    /// Reads another configuration, which builds another vendor where the table of the provider has changed.
    fn edit(&self, text: &str, vendor: &Arc<Vendor>) -> String {
        *self.present.lock().unwrap() = Arc::clone(vendor);
        text.clone_into(&mut self.file.lock().unwrap());
        self.registry.reload().unwrap().to_string()
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn checks_go_where_the_new_configuration_says() {
    // The old one comes to an end as well, so that a check that goes there fails the test and does not hold it up.
    let old = Vendor::new(|_, nth| Ok(if nth < 3 { Status::InProgress } else { Status::Rejected }));
    let old = Arc::new(old.cadence(10, 60).latency(seconds(2)));
    let new = Arc::new(Vendor::new(|_, nth| Ok(if nth < 3 { Status::OnHold } else { Status::Approved })));
    let desk = Desk::new(&old);
    let mut watch = desk.watcher.watch(&request("acme:k"));
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::InProgress);
    sleep(seconds(11)).await;
    assert_eq!((old.checks(), old.finished()), (2, 1), "the second check is under way");
    assert_eq!(desk.edit(&table("http.attempt_timeout = \"5s\""), &new), "rebuilt: acme");
    for status in [Status::OnHold, Status::Approved] {
        assert_eq!(watch.next().await.unwrap().unwrap().status, status);
    }
    assert!(watch.next().await.is_none());
    assert_eq!((old.checks(), old.finished()), (2, 2), "it ended where it began, and nothing came after it");
    assert_eq!(new.checks(), 4);
}

#[tokio::test(start_paused = true)]
async fn the_cadence_is_that_of_the_new_configuration() {
    let old = Arc::new(Vendor::new(|_, _| Ok(Status::NotStarted)).cadence(10, 10));
    let new = Arc::new(Vendor::new(|_, _| Ok(Status::NotStarted)).cadence(2, 2));
    let desk = Desk::new(&old);
    let _watch = desk.watcher.watch(&request("acme:k"));
    sleep(seconds(5)).await;
    desk.edit(&table("http.attempt_timeout = \"5s\""), &new);
    sleep(seconds(12)).await;
    assert_eq!((old.checks(), new.checks()), (1, 4), "at 10, 12, 14 and 16 s");
}

#[tokio::test(start_paused = true)]
async fn a_retired_provider_is_watched_and_a_removed_one_is_not() {
    let vendor = Arc::new(Vendor::new(|_, _| Ok(Status::InProgress)).cadence(10, 10));
    let desk = Desk::new(&vendor);
    let mut watch = desk.watcher.watch(&request("acme:k"));
    assert_eq!(watch.next().await.unwrap().unwrap().status, Status::InProgress);
    let other = "active = \"other\"\n[providers.other]\nkind = \"present\"\n";
    let retired = table("retired = true").replace("active = \"acme\"\n", other);
    assert_eq!(desk.edit(&retired, &vendor), "active: acme -> other; added: other; retired: acme");
    sleep(seconds(35)).await;
    assert_eq!((vendor.checks(), desk.watcher.watched()), (4, 1));
    assert_eq!(desk.edit(other, &vendor), "removed: acme");
    let error = timeout(seconds(60), watch.next()).await.expect("the watch ends").unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert_eq!(error.message(), "no provider `acme` is configured (configured: other)");
    assert!(watch.next().await.is_none());
    assert_eq!(vendor.checks(), 4);
}
