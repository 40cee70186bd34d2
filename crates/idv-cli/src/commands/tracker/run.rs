//! `idv tracker run`.

use std::time::Duration;

use idv_tracker::Tracker;
use tokio::sync::oneshot;
use tokio::time::{interval, sleep};

use crate::args::{Args, RunTracker};
use crate::failure::Failure;
use crate::hangup::{self, Hangups};
use crate::output::{Document, Notice, Output, Stored};
use crate::stop::{self, Stops};
use crate::store;

/// How many transitions are read at once.
const PAGE: usize = 256;

pub(super) async fn run(args: &Args, options: &RunTracker) -> Result<(), Failure> {
    let mut signals = Signals { hangups: Hangups::listen()?, stops: Stops::listen()? };
    let (tracker, output) = (store::open(args).await?, args.output());
    let position = match options.after {
        Some(position) => position,
        None => tracker.newest_position().await?,
    };
    let mut desk = Desk { tracker, output, position, warned: false };
    match options.once {
        true => desk.work_once(&mut signals.stops).await,
        false => desk.work(options.limit.map(idv::adapter::HumanDuration::get), &mut signals).await,
    }
}

/// An event from outside while a worker is under way.
struct Signals {
    hangups: Hangups,
    stops: Stops,
}

/// The context of a worker: the tracker, the output, the position up to which transitions were printed, and whether an error of
/// the database was warned of.
struct Desk {
    tracker: Tracker,
    output: Output,
    position: i64,
    warned: bool,
}

impl Desk {
    /// Rounds until nothing is due any more.
    async fn work_once(&mut self, stops: &mut Stops) -> Result<(), Failure> {
        loop {
            let polled = self.tracker.round().await?;
            self.show_news().await?;
            if polled.checks == 0 || stop::reader_is_gone() {
                return Ok(());
            }
            tokio::select! {
                biased;
                stop = stops.next() => return Ok(stop?),
                () = std::future::ready(()) => {}
            }
        }
    }

    /// Works until a signal, the end of the time or a closed standard output. The round under way is finished, unless a second
    /// signal gives it up.
    async fn work(&mut self, limit: Option<Duration>, signals: &mut Signals) -> Result<(), Failure> {
        let (stop, stopped) = oneshot::channel::<()>();
        let tracker = self.tracker.clone();
        let worker = tokio::spawn(async move {
            let stopped = async { drop(stopped.await) };
            tracker.run(stopped).await;
        });
        let end = self.follow(limit, signals).await;
        drop(stop);
        let abort = worker.abort_handle();
        tokio::select! {
            _ = worker => {}
            _ = signals.stops.next() => abort.abort(),
        }
        end?;
        self.show_news().await
    }

    async fn follow(&mut self, limit: Option<Duration>, signals: &mut Signals) -> Result<(), Failure> {
        let mut tick = interval(Duration::from_millis(250));
        let time_is_up = async {
            match limit {
                Some(limit) => sleep(limit).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(time_is_up);
        loop {
            tokio::select! {
                biased;
                stop = signals.stops.next() => return Ok(stop?),
                () = &mut time_is_up => return Ok(()),
                hangup = signals.hangups.next() => {
                    hangup?;
                    let outcome = hangup::reload(self.tracker.registry()).await;
                    self.output.notice(&Notice::Reload(&outcome));
                }
                _ = tick.tick() => {
                    if stop::reader_is_gone() {
                        return Err(Failure::ReaderGone);
                    }
                    self.show_news_or_warn().await?;
                }
            }
        }
    }

    /// The same while a worker is under way, which goes on after an error of the database: of one that stays, it warns once.
    async fn show_news_or_warn(&mut self) -> Result<(), Failure> {
        match self.show_news().await {
            Ok(()) => self.warned = false,
            Err(Failure::Error(error)) if !self.warned => {
                self.warned = true;
                self.output.notice(&Notice::Warning(&format!("{error}; the worker goes on once it can")));
            }
            Err(Failure::Error(_)) => {}
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Prints the transitions since the last time, whichever process stored them.
    async fn show_news(&mut self) -> Result<(), Failure> {
        loop {
            let page = self.tracker.transitions(self.position, PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            for transition in &page {
                self.output.show(&Document::Stored(Stored::Transition(transition)))?;
                self.position = transition.position;
            }
        }
    }
}
