//! What it costs to read a configuration and to build its providers.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use idv::Registry;
use idv::config::ConfigDocument;
use serde::Deserialize;
use std::collections::BTreeMap;

use crate::calls::{check_request, configuration};
use crate::concurrency::{ROUND, load, runtime};
use crate::vendor::Vendors;
use crate::{Aim, Aims, Case, Figure, Side, by_hand};

/// What an application would read by hand.
#[derive(Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct Configuration {
    active: String,
    providers: BTreeMap<String, Provider>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "an application reads them")]
struct Provider {
    kind: String,
    base_url: url::Url,
    api_key: String,
    webhook_secrets: Vec<String>,
}

fn text(providers: usize) -> String {
    let mut text = "active = \"p0\"\n".to_owned();
    for number in 0..providers {
        let secret = crate::webhooks::SVIX_SECRET;
        write!(
            text,
            "[providers.p{number}]\nkind = \"nxos\"\nbase_url = \"https://p{number}.example.test\"\n\
             api_key = \"nxos_sk_test_{number}\"\nwebhook_secrets = [\"{secret}\"]\n"
        )
        .expect("a text can be written to");
    }
    text
}

/// Reading a configuration and building its providers, each with a client of its own.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("configuration of 1 provider", 1, 20),
        case("configuration of 10 providers", 10, 5),
        case("configuration of 1000 providers", 1000, 1),
    ]
}

fn case(name: &'static str, providers: usize, counted: u64) -> Case {
    let idv = Side::new("idv", move || {
        let text = text(providers);
        move |times| (0..times).for_each(|_| drop(Registry::from_toml_str(&text).expect("a registry")))
    });
    let by_hand = Side::new("by hand", move || {
        let text = text(providers);
        move |times| {
            for _ in 0..times {
                let read: Configuration = toml::from_str(&text).expect("a configuration");
                let clients = read.providers.values().map(|_| by_hand::client());
                std::hint::black_box(clients.collect::<Vec<_>>());
            }
        }
    });
    Case { name, aims: Aims::default(), sides: vec![idv, by_hand], counted }
}

/// Calls while the configuration is read again, ten times a second, each time with one provider changed.
pub(crate) fn reload_under_load() -> Vec<Figure> {
    let vendors = Vendors::start();
    let text = configuration("nxos", &vendors.base_url);
    let changed = AtomicBool::new(false);
    let load_next = move || {
        let region = if changed.fetch_xor(true, Ordering::SeqCst) { "us" } else { "international" };
        let other = format!("region = \"{region}\"\nsuccessor = \"user\"");
        ConfigDocument::from_toml_str(&text.replace("successor = \"user\"", &other))
    };
    let registry = Registry::builder().load(load_next).expect("a registry");
    let call = {
        let registry = registry.clone();
        move || {
            let registry = registry.clone();
            async move { drop(registry.check(&check_request("nxos")).await.expect("a state")) }
        }
    };
    let (mut still, mut reloading) = (0.0_f64, 0.0_f64);
    let runtime = runtime();
    for _ in 0..3 {
        still = still.max(runtime.block_on(load(16, ROUND, call.clone())).per_second);
        let reloads = runtime.spawn({
            let registry = registry.clone();
            async move {
                loop {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    let registry = registry.clone();
                    let reload = tokio::task::spawn_blocking(move || registry.reload());
                    reload.await.expect("a reload").expect("a configuration");
                }
            }
        });
        reloading = reloading.max(runtime.block_on(load(16, ROUND, call.clone())).per_second);
        reloads.abort();
    }
    let figure = Figure::new("reload ten times a second", "calls", "/s", reloading);
    vec![figure.against("no reload", still).aim(Aim::RatioAtLeast(0.9))]
}
