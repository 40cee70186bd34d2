//! The same storylines at every simulated vendor: what each of them leads to is kept as a snapshot, and none of it
//! depends on ids, times or chance.
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use idv::config::ConfigDocument;
use idv::{Registry, VerificationProvider};
use idv_conformance::storyline::sandbox::{Flow, SandboxClock, SandboxStage};
use idv_conformance::storyline::{Storyline, Trace};
use idv_sandbox::Sandbox;

/// A sandbox whose ids and tokens follow from a number.
async fn sandbox(seed: u64) -> Sandbox {
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_782_900_000 + seed * 86_399);
    Sandbox::builder().seed(seed).frozen_at(at).start().await.unwrap()
}

fn registry(sandbox: &Sandbox) -> Registry {
    let tables = Flow::all().map(|flow| flow.literal_configuration(sandbox) + "http.attempts = 1\n");
    let config: String = std::iter::once("active = \"primary\"\n".to_owned()).chain(tables).collect();
    let clock = Arc::new(SandboxClock::of(sandbox));
    Registry::builder().clock(clock).build(&ConfigDocument::from_toml_str(&config).unwrap()).unwrap()
}

async fn traces(sandbox: &Sandbox, storyline: Storyline) -> Vec<Trace> {
    let registry = registry(sandbox);
    let mut traces = Vec::new();
    for flow in Flow::all() {
        let stage = SandboxStage::set(sandbox, flow).await.unwrap();
        let provider: Arc<dyn VerificationProvider> = registry.provider(&flow.id().parse().unwrap()).unwrap();
        traces.push(storyline.play(&stage, &*provider).await.unwrap());
    }
    traces
}

/// Each line was compared with the vendors' pages: a snapshot is accepted when it is true, not when it is new.
#[tokio::test]
async fn every_storyline_leads_where_the_vendors_pages_say() {
    let sandbox = sandbox(1).await;
    for storyline in Storyline::ALL {
        let mut text = format!("{}\n", storyline.about());
        for trace in traces(&sandbox, *storyline).await {
            write!(text, "\n{trace}").unwrap();
        }
        insta::assert_snapshot!(storyline.name(), text);
    }
}

#[tokio::test]
async fn traces_are_the_same_in_every_run() {
    let (one, other) = (sandbox(2).await, sandbox(3).await);
    // The same storylines in another order, so that none depends on what was played before.
    let mut again = Vec::new();
    for storyline in Storyline::ALL.iter().rev() {
        again.push(traces(&other, *storyline).await);
    }
    for storyline in Storyline::ALL {
        let first = traces(&one, *storyline).await;
        assert_eq!(first, again.pop().unwrap(), "{}, seeds 2 and 3", storyline.name());
    }
}
