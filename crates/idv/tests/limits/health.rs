//! What the health of a registry says of breaker, retry budget, bulkhead and rate limits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use idv::Registry;
use idv::config::ConfigDocument;
use idv::health::{Finding, HealthCheck as Check, HealthOutcome as Outcome};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::outage::{Factory, registry, text};
use crate::support::{Vendor, check, down, seconds};

/// Outcome and message of a check of the one provider.
fn told(findings: &[Finding], check: Check) -> (Outcome, &str) {
    let mut of_check = findings.iter().filter(|finding| finding.check == check);
    let finding = of_check.next().expect("every check gives a finding");
    assert!(of_check.next().is_none(), "{findings:#?}");
    let to_do = matches!(finding.outcome, Outcome::Doubtful | Outcome::Broken);
    assert_eq!(finding.advice.is_some(), to_do, "{finding:#?}");
    (finding.outcome, &finding.message)
}

/// As many checks at once.
async fn crowd(registry: &Registry, checks: usize) {
    let mut callers = JoinSet::new();
    for _ in 0..checks {
        let registry = registry.clone();
        callers.spawn(async move { drop(registry.check(&check()).await) });
    }
    callers.join_all().await;
}

const NO_CALL: (Outcome, &str) =
    (Outcome::NotChecked, "this process has made no call yet, so it knows nothing");

#[tokio::test(start_paused = true)]
async fn without_calls_nothing_is_claimed_and_with_calls_it_is() {
    let vendor = Vendor::new(Duration::ZERO);
    let registry = registry(&vendor, "");
    for _ in 0..2 {
        let findings = registry.health().await;
        assert_eq!(told(&findings, Check::Breaker), NO_CALL, "the question itself is no call");
        assert_eq!(told(&findings, Check::RetryBudget), NO_CALL);
        assert_eq!(told(&findings, Check::Concurrency), NO_CALL);
        let none = "there are none: the vendor documents none for calls, and `limits` sets none";
        assert_eq!(told(&findings, Check::RateLimits), (Outcome::NotChecked, none));
    }
    crowd(&registry, 3).await;
    let findings = registry.health().await;
    let breaker = (Outcome::Fine, "closed: 0 of 3 calls failed in the last 30 s");
    assert_eq!(told(&findings, Check::Breaker), breaker);
    let budget = (Outcome::Fine, "3 calls, 0 repetitions, none refused");
    assert_eq!(told(&findings, Check::RetryBudget), budget);
    sleep(seconds(30)).await;
    let findings = registry.health().await;
    assert_eq!(told(&findings, Check::Breaker).1, "closed: 0 of 0 calls failed in the last 30 s");
}

#[tokio::test(start_paused = true)]
async fn an_outage_shows_until_it_is_over() {
    let vendor = Vendor::new(Duration::ZERO);
    let registry = registry(&vendor, "breaker_calls = 4\n[providers.vendor.http]\nattempts = 1\n");
    crowd(&registry, 1).await;
    vendor.ends(|| Err(down()));
    crowd(&registry, 1).await;
    let closed = (Outcome::Fine, "closed: 1 of 2 calls failed in the last 30 s");
    assert_eq!(told(&registry.health().await, Check::Breaker), closed);
    crowd(&registry, 2).await;
    let open = (Outcome::Broken, "open: no call goes out for another 10 s");
    assert_eq!(told(&registry.health().await, Check::Breaker), open);
    sleep(seconds(4)).await;
    assert_eq!(told(&registry.health().await, Check::Breaker).1, "open: no call goes out for another 6 s");
    sleep(seconds(6)).await;
    let probing = (Outcome::Doubtful, "half open: one call at a time goes out");
    assert_eq!(told(&registry.health().await, Check::Breaker), probing);
    vendor.ends(|| Ok(()));
    assert_eq!(told(&registry.health().await, Check::Breaker), probing, "the question is no probe");
    crowd(&registry, 1).await;
    let closed = (Outcome::Fine, "closed: 0 of 0 calls failed in the last 30 s");
    assert_eq!(told(&registry.health().await, Check::Breaker), closed, "a probe counts for nothing");
}

#[tokio::test(start_paused = true)]
async fn a_spent_budget_is_news_for_a_minute() {
    let vendor = Vendor::new(Duration::ZERO);
    let registry = registry(&vendor, "breaker = false\n");
    let none = (Outcome::NotChecked, "there is none: it is switched off with `limits.breaker`");
    assert_eq!(told(&registry.health().await, Check::Breaker), none);
    vendor.ends(|| Err(down()));
    crowd(&registry, 5).await;
    let enough = (Outcome::Fine, "5 calls, 10 repetitions, none refused");
    assert_eq!(told(&registry.health().await, Check::RetryBudget), enough);
    crowd(&registry, 7).await;
    let spent = "the last repetition was refused 0 s ago; 7 refused and 10 made so far";
    assert_eq!(told(&registry.health().await, Check::RetryBudget), (Outcome::Doubtful, spent));
    sleep(seconds(59)).await;
    assert_eq!(told(&registry.health().await, Check::RetryBudget).0, Outcome::Doubtful);
    sleep(seconds(1)).await;
    let over = "the last repetition was refused 60 s ago; 7 refused and 10 made so far";
    assert_eq!(told(&registry.health().await, Check::RetryBudget), (Outcome::Fine, over));
}

/// Something else is edited: what is known of this one stays. Its own table is edited: it begins anew.
#[tokio::test(start_paused = true)]
async fn a_reload_keeps_what_is_known_of_a_provider_that_stays_as_it_is() {
    let vendor = Vendor::new(Duration::ZERO);
    let file = Arc::new(Mutex::new(text("breaker_calls = 1\n")));
    let read = Arc::clone(&file);
    let load = move || ConfigDocument::from_toml_str(&read.lock().unwrap());
    let builder = Registry::builder().factory(Factory(Arc::clone(&vendor)));
    let registry = builder.load(load).unwrap();
    vendor.ends(|| Err(down()));
    crowd(&registry.pinned(), 1).await;
    for (edited, outcome) in [
        (text("breaker_calls = 1\n[routing]\ncaps = { vendor = 5 }\n"), Outcome::Broken),
        (text("breaker_calls = 2\n"), Outcome::NotChecked),
    ] {
        *file.lock().unwrap() = edited;
        registry.reload().unwrap();
        let findings = registry.health().await;
        assert_eq!(told(&findings, Check::Breaker).0, outcome);
    }
}

/// A registry, and a way to have checks begun that go on in the background.
fn held(vendor: &Arc<Vendor>, limits: &str) -> (Registry, impl AsyncFn(usize) -> JoinSet<()>) {
    vendor.hold();
    let registry = registry(vendor, limits);
    let calls = registry.clone();
    let begin = async move |checks| {
        let mut callers = JoinSet::new();
        for _ in 0..checks {
            let registry = calls.clone();
            callers.spawn(async move { drop(registry.check(&check()).await) });
        }
        // All that can be done without the vendor is done.
        sleep(Duration::from_millis(1)).await;
        callers
    };
    (registry, begin)
}

#[tokio::test(start_paused = true)]
async fn calls_under_way_and_those_that_wait_are_counted() {
    let vendor = Vendor::new(Duration::ZERO);
    let (registry, begin) = held(&vendor, "in_flight = 2\nqueue = 2\n");
    let now = async || {
        let findings = registry.health().await;
        let (outcome, message) = told(&findings, Check::Concurrency);
        (outcome, message.to_owned())
    };
    let one = begin(1).await;
    assert_eq!(now().await, (Outcome::Fine, "1 of 2 calls under way, 0 of 2 waiting".to_owned()));
    let two = begin(1).await;
    let waits = "2 of 2 calls under way, 0 of 2 waiting: the next call waits";
    assert_eq!(now().await, (Outcome::Doubtful, waits.to_owned()));
    let three = begin(1).await;
    let waits = "2 of 2 calls under way, 1 of 2 waiting: the next call waits";
    assert_eq!(now().await, (Outcome::Doubtful, waits.to_owned()));
    let four = begin(1).await;
    let full = "2 of 2 calls under way, 2 of 2 waiting: the next call is refused";
    assert_eq!(now().await, (Outcome::Broken, full.to_owned()));
    vendor.release();
    for callers in [one, two, three, four] {
        callers.join_all().await;
    }
    assert_eq!(now().await, (Outcome::Fine, "0 of 2 calls under way, 0 of 2 waiting".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn what_the_rates_leave_is_told_and_how_long_the_next_call_waits() {
    let vendor = Vendor::new(Duration::ZERO);
    let rates = "calls_per_second = 2\nburst = 5\ncalls_per_minute = 8\nlongest_wait = \"30s\"\n";
    let registry = registry(&vendor, rates);
    let now = async || {
        let findings = registry.health().await;
        let (outcome, message) = told(&findings, Check::RateLimits);
        (outcome, message.to_owned())
    };
    assert_eq!(now().await, (NO_CALL.0, NO_CALL.1.to_owned()));
    crowd(&registry, 3).await;
    let left = "calls left: 2 of 5 at once (2 a second), 5 of 8 in 1m";
    assert_eq!(now().await, (Outcome::Fine, left.to_owned()), "the question itself is no call");
    crowd(&registry, 2).await;
    let left = "calls left: 0 of 5 at once (2 a second), 3 of 8 in 1m; 0 wait, and the next one waits 1 s";
    assert_eq!(now().await, (Outcome::Doubtful, left.to_owned()));
    sleep(seconds(1)).await;
    let left = "calls left: 2 of 5 at once (2 a second), 3 of 8 in 1m";
    assert_eq!(now().await, (Outcome::Fine, left.to_owned()));
    sleep(seconds(9)).await;
    crowd(&registry, 3).await;
    // The first call was made ten seconds ago, so its place comes back in fifty.
    let left =
        "calls left: 2 of 5 at once (2 a second), 0 of 8 in 1m; every call is refused for another 20 s";
    assert_eq!(now().await, (Outcome::Broken, left.to_owned()));
    sleep(seconds(30)).await;
    let left = "calls left: 5 of 5 at once (2 a second), 0 of 8 in 1m; 0 wait, and the next one waits 20 s";
    assert_eq!(now().await, (Outcome::Doubtful, left.to_owned()));
    sleep(seconds(20)).await;
    assert_eq!(
        now().await,
        (Outcome::Fine, "calls left: 5 of 5 at once (2 a second), 5 of 8 in 1m".to_owned())
    );
}

/// A tenth is kept for starts, so checks wait before they do.
#[tokio::test(start_paused = true)]
async fn checks_that_wait_while_a_start_would_not_are_told_of() {
    let vendor = Vendor::new(Duration::ZERO);
    let registry = registry(&vendor, "calls_per_minute = 10\nlongest_wait = \"1h\"\n");
    crowd(&registry, 9).await;
    let findings = registry.health().await;
    let left = "calls left: 1 of 10 in 1m, for starts; 0 wait, and the next check waits 60 s";
    assert_eq!(told(&findings, Check::RateLimits), (Outcome::Doubtful, left));
}
