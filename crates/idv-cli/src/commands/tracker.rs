//! `idv tracker`, one file for each of its commands.

mod erase;
mod history;
mod reconcile;
mod replay;
mod run;
mod status;

use crate::args::{Args, Tracker};
use crate::failure::Failure;

pub(super) async fn run(args: &Args, tracker: &Tracker) -> Result<(), Failure> {
    match tracker {
        Tracker::Run(options) => run::run(args, options).await,
        Tracker::Status => status::run(args).await,
        Tracker::History(which) => history::run(args, which).await,
        Tracker::Replay(options) => replay::run(args, options).await,
        Tracker::Reconcile(options) => reconcile::run(args, options).await,
        Tracker::Erase(erase) => erase::run(args, erase).await,
    }
}
