//! `idv watch`.

use std::time::Duration;

use idv::adapter::HumanDuration;
use idv::watching::{Watch, Watcher};
use idv::{Registry, Result, SessionRef, Verification};
use tokio::time::{Instant, interval, sleep};

use super::arguments;
use crate::args::{Args, Watch as Options};
use crate::failure::Failure;
use crate::hangup::{self, Hangups};
use crate::output::text::view::elapsed;
use crate::output::{Document, Notice, Output, Progress, WatchEnd};
use crate::stop::{self, Stops};

pub(super) async fn run(args: &Args, options: &Options) -> Result<(), Failure> {
    let request = arguments::check_request(&options.existing)?;
    let mut signals = Signals { hangups: Hangups::listen()?, stops: Stops::listen()? };
    let registry = Registry::from_toml_file(&args.config)?;
    let watcher = Watcher::new(registry.clone())?;
    let mut watch = watcher.watch(&request);
    let output = args.output();
    let desk = Desk { output, registry, watcher, progress: Progress::begin(), begun: Instant::now() };
    let end = desk.follow(&mut watch, &request.session, options.limit, &mut signals).await;
    desk.progress.end();
    let end = end?;
    if end == WatchEnd::Stopped && watch.last().is_none() {
        return Ok(());
    }
    output.show(&Document::WatchEnd { last: &watch.outcome()?, end })
}

/// An event from outside while a watch is under way.
struct Signals {
    hangups: Hangups,
    stops: Stops,
}

/// The context of a watch: output, registry, watcher and progress line.
struct Desk {
    output: Output,
    registry: Registry,
    watcher: Watcher,
    progress: Progress,
    begun: Instant,
}

impl Desk {
    /// Shows every change until the state is final, the time is up, or a signal or a closed standard output ends the
    /// watch; reads the configuration again on SIGHUP.
    async fn follow(
        &self,
        watch: &mut Watch,
        session: &SessionRef,
        limit: Option<HumanDuration>,
        signals: &mut Signals,
    ) -> Result<WatchEnd, Failure> {
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
                    Some(state) => self.progress.hidden(|| self.show(&state?))?,
                    None => return Ok(WatchEnd::Settled),
                },
                () = &mut time_is_up => return Ok(WatchEnd::TimeIsUp),
                stop = signals.stops.next() => return Ok(stop.map(|()| WatchEnd::Stopped)?),
                hangup = signals.hangups.next() => {
                    hangup?;
                    self.read_again(session).await;
                }
                _ = tick.tick() => {
                    if stop::reader_is_gone() {
                        return Err(Failure::ReaderGone);
                    }
                    self.progress.step(&waiting(watch, self.begun));
                }
            }
        }
    }

    fn show(&self, state: &Verification) -> Result<(), Failure> {
        let registry = &self.registry.pinned();
        self.output.show(&Document::Change { registry, state, after: self.begun.elapsed() })
    }

    /// Reloads the configuration, and then asks the vendor at once, to show whether it works.
    async fn read_again(&self, session: &SessionRef) {
        let outcome = hangup::reload(&self.registry).await;
        self.progress.hidden(|| self.output.notice(&Notice::Reload(&outcome)));
        if outcome.is_ok() {
            self.watcher.wake(session);
        }
    }
}

/// The text of the spinner.
fn waiting(watch: &Watch, begun: Instant) -> String {
    let progress = watch.progress();
    let left = |at: Instant| at.saturating_duration_since(Instant::now()).as_secs_f64().ceil();
    let next = match progress.next_check.map(Instant::from_std) {
        Some(at) => format!("next check in {}s", left(at)),
        None => "asking".to_owned(),
    };
    let trouble = match progress.error {
        Some(kind) => format!(", {} failed in a row ({kind})", progress.errors_in_a_row),
        None => String::new(),
    };
    format!("{} elapsed, {next}{trouble}", elapsed(begun.elapsed()))
}
