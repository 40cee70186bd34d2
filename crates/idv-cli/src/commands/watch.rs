//! `idv watch`.

use std::time::Duration;

use idv::watching::{Watch, Watcher};
use idv::{HumanDuration, Result, Verification};
use serde_json::json;
use tokio::time::{Instant, interval, sleep};

use crate::args::{Args, Watch as Options};
use crate::progress::Progress;
use crate::{commands, json, output, view};

pub(crate) async fn run(args: &Args, options: &Options) -> Result<()> {
    let request = commands::check_request(&options.existing)?;
    let registry = commands::registry(args)?;
    let mut watch = Watcher::new(registry.clone())?.watch(&request);
    let show = |state: &Verification, begun: Instant| {
        let document = json!({"verification": json::verification(&registry, state)});
        output::print(args, document, || line(state, begun));
    };
    let progress = Progress::begin();
    let end = follow(&mut watch, options.limit, &progress, show).await;
    progress.end();
    end?;
    let last = watch.outcome()?;
    if args.json {
        return Ok(());
    }
    if !last.status.stops_watching() {
        output::print_text(&format!("\nThe time is up. To go on: idv watch {}", last.reference));
    }
    output::print_text(&format!("\n{}", view::verification(&last)));
    Ok(())
}

/// Shows every change until nothing more can come or the time is up.
async fn follow(
    watch: &mut Watch,
    limit: Option<HumanDuration>,
    progress: &Progress,
    show: impl Fn(&Verification, Instant),
) -> Result<()> {
    let begun = Instant::now();
    let mut tick = interval(Duration::from_millis(250));
    let time_is_up = async {
        match limit {
            Some(limit) => sleep(limit.get()).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(time_is_up);
    loop {
        tokio::select! {
            // What is known at the last moment is shown.
            biased;
            news = watch.next() => match news {
                Some(state) => progress.hidden(|| state.map(|state| show(&state, begun)))?,
                None => return Ok(()),
            },
            () = &mut time_is_up => return Ok(()),
            _ = tick.tick() => progress.step(&waiting(watch, begun)),
        }
    }
}

/// What the spinner says.
fn waiting(watch: &Watch, begun: Instant) -> String {
    let progress = watch.progress();
    let left = |at: Instant| at.saturating_duration_since(Instant::now()).as_secs_f64().ceil();
    let next = match progress.next_check {
        Some(at) => format!("next check in {}s", left(at)),
        None => "asking".to_owned(),
    };
    let trouble = match progress.error {
        Some(kind) => format!(", {} failed in a row ({kind})", progress.errors_in_a_row),
        None => String::new(),
    };
    format!("{} elapsed, {next}{trouble}", seconds(begun))
}

/// One change.
fn line(state: &Verification, begun: Instant) -> String {
    let (after, action) = (seconds(begun), view::action(&state.next_action));
    format!("{after:>6}  {}  (vendor says {}; next action {action})", state.status, state.provider_status)
}

fn seconds(since: Instant) -> String {
    let whole = Duration::from_secs(since.elapsed().as_secs());
    if whole.is_zero() { "0s".to_owned() } else { HumanDuration::from(whole).to_string() }
}
