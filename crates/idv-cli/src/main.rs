//! The `idv` command.

mod args;
mod commands;
mod compare;
mod demo;
mod failure;
mod hangup;
mod hint;
mod identity;
mod json;
mod logs;
mod output;
mod progress;
mod qr;
mod report;
mod simulated;
mod stop;
mod subject;
mod view;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind as ClapError;

use args::Args;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return usage(&error),
    };
    logs::init(args.verbose);
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let error = idv::Error::new(idv::ErrorKind::Unavailable, "the command cannot start its runtime")
                .with_source(error);
            return report::report(&error.into(), args.wants_json());
        }
    };
    match runtime.block_on(commands::run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => report::report(&failure, args.wants_json()),
    }
}

/// Prints help, the version, or the problem of the command line.
fn usage(error: &clap::Error) -> ExitCode {
    let text = error.render().ansi().to_string();
    if matches!(error.kind(), ClapError::DisplayHelp | ClapError::DisplayVersion) {
        return match output::print_text(&text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => report::report(&failure, asks_for_json()),
        };
    }
    output::note(text.trim_end());
    if asks_for_json() {
        let message = "the command line cannot be understood: see `idv help`";
        output::note(&json::error(&failure::usage(message), None).to_string());
    }
    ExitCode::from(failure::USAGE)
}

/// Whether an invalid command line asks for JSON.
fn asks_for_json() -> bool {
    let given: Vec<_> = std::env::args_os().collect();
    let format = given.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    format || given.iter().any(|arg| arg == "--json" || arg == "--format=json")
}
