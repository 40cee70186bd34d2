//! A vendor whose webhooks do not reach you, such as during development: a watcher asks until the verification is settled.
#![allow(clippy::print_stdout, reason = "an example talks")]

use std::error::Error;
use std::time::Instant;

use idv::watching::Watcher;
use idv::{CheckRequest, Registry, StartRequest};
use idv_sandbox::{Act, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::start().await?;
    let sessions = sandbox.session_api();
    let registry = Registry::from_toml_str(&format!(
        r#"
        active = "sessions"

        [providers.sessions]
        kind = "session-api"
        preset = "deepidv"
        base_url = "{}"
        api_key = "{}"
        "#,
        sessions.base_url(),
        sessions.api_key(),
    ))?;
    let start = StartRequest::new("case-7").first_name("Ada").last_name("Sample");
    let session = registry.start(&start.email("ada@example.com").phone("+15195550100")).await?;
    let reference = session.reference;

    // One watcher serves all sessions of a process. It keeps to each vendor's pace, and slows down where there is no news.
    let watcher = Watcher::new(registry)?;
    let begun = Instant::now();
    let mut watch = watcher.watch(&CheckRequest::new(reference.clone()));
    let mut next = [vec![Act::Open], vec![Act::Submit], vec![Act::Approve]].into_iter();
    while let Some(change) = watch.next().await {
        let state = change?;
        println!(
            "after {} s: {}, next: {}",
            begun.elapsed().as_secs(),
            state.status,
            state.next_action.as_str()
        );
        for act in next.next().unwrap_or_default() {
            sessions.act(reference.key(), &act)?;
        }
        // The applicant came back, or a webhook said that there is news: the watcher asks now, at most once a second.
        watcher.wake(&reference);
    }
    println!(
        "settled after {} checks",
        sessions.requests().iter().filter(|request| request.method == "GET").count()
    );
    Ok(())
}
