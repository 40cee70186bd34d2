//! The commands, one file each.

mod arguments;
mod cancel;
mod check;
mod completions;
mod config;
mod describe;
mod doctor;
mod erase;
mod find;
mod import;
mod providers;
mod redirect;
mod refresh;
mod route;
mod sandbox;
mod start;
#[cfg(feature = "tracker")]
mod tracker;
mod watch;
mod webhook;

use crate::args::{Args, Command};
use crate::failure::Failure;
use crate::{compare, demo};

pub(crate) async fn run(args: &Args) -> Result<(), Failure> {
    match &args.command {
        Command::Demo => demo::run(args).await,
        Command::Compare(options) => compare::run(args, options).await,
        Command::Providers => providers::run(args),
        Command::Route(route) => route::run(args, route),
        Command::Start(start) => start::run(args, start).await,
        Command::Refresh(existing) => refresh::run(args, existing).await,
        Command::Check(check) => check::run(args, check).await,
        Command::Watch(options) => watch::run(args, options).await,
        Command::Find(find) => find::run(args, find).await,
        Command::Import(import) => import::run(args, import).await,
        Command::Cancel(cancel) => cancel::run(args, cancel).await,
        Command::Erase(erase) => erase::run(args, erase).await,
        Command::Redirect(redirect) => redirect::run(args, redirect).await,
        Command::Webhook(webhook) => webhook::run(args, webhook).await,
        #[cfg(feature = "tracker")]
        Command::Tracker(tracker) => tracker::run(args, tracker).await,
        Command::Config(config) => config::run(args, config),
        Command::Describe(options) => describe::run(args, options),
        Command::Doctor => doctor::run(args).await,
        Command::Sandbox(sandbox) => sandbox::run(args, sandbox).await,
        Command::Completions { shell } => completions::run(*shell),
    }
}
