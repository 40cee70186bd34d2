//! The `idv` command.

mod args;
mod commands;
mod compare;
mod demo;
mod failure;
mod hangup;
mod input;
mod logs;
mod output;
mod simulated;
mod stop;
#[cfg(feature = "tracker")]
mod store;
mod subject;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind as ClapError;

use args::Args;
use output::{Notice, Output};

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
            return args.output().failure(&error.into());
        }
    };
    match runtime.block_on(commands::run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => args.output().failure(&failure),
    }
}

/// Prints help, the version, or the problem of the command line.
fn usage(error: &clap::Error) -> ExitCode {
    let output = Output::of_invalid_command_line();
    let text = error.render().ansi().to_string();
    if matches!(error.kind(), ClapError::DisplayHelp | ClapError::DisplayVersion) {
        return match output::print_text(&text) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => output.failure(&failure),
        };
    }
    let error = failure::usage("the command line cannot be understood: see `idv help`");
    output.notice(&Notice::Usage { explanation: text.trim_end(), error: &error });
    ExitCode::from(failure::USAGE)
}
