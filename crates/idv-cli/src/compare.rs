//! `idv compare`: the same storylines at every simulated vendor, and what a move from one to another changes.

mod facts;
mod flows;
mod latency;
mod migration;
mod paper;
mod subject;

use idv::Result;
use idv_conformance::storyline::sandbox::Flow;
use idv_sandbox::Sandbox;

use crate::args::{Args, Compare, Format};
use crate::failure::{Failure, broken};
use crate::{failure, output};

use flows::Comparison;
use migration::Migration;
use paper::Paper;

/// Keys and ids follow from it. None of them is printed.
const SEED: u64 = 1;

pub(crate) async fn run(args: &Args, options: &Compare) -> Result<(), Failure> {
    let format = format(args, options)?;
    let sandbox = Sandbox::builder().seed(SEED).start().await.map_err(broken)?;
    let (document, paper) = match (&options.from, &options.to) {
        (None, None) => {
            let measured = format != Format::Markdown || options.latency;
            let flows = if options.all { Flow::all().collect() } else { Flow::kinds().collect() };
            let comparison = Comparison::make(&sandbox, flows, measured).await?;
            (comparison.document(), comparison.paper())
        }
        (from, to) => {
            let known = subject::Known::of(args, &sandbox)?;
            let migration = Migration::new(known.find("--from", from)?, known.find("--to", to)?);
            (migration.document(), migration.paper())
        }
    };
    print(format, &document.to_string(), &paper)
}

fn print(format: Format, document: &str, paper: &Paper) -> Result<(), Failure> {
    output::print_text(&match format {
        Format::Json => document.to_owned(),
        Format::Markdown => paper.markdown(),
        Format::Table => paper.terminal(),
    })
}

fn format(args: &Args, options: &Compare) -> Result<Format> {
    match (args.output.json, options.format) {
        (true, None | Some(Format::Json)) => Ok(Format::Json),
        (true, Some(_)) => Err(failure::usage("--json and another --format contradict each other")),
        (false, format) => Ok(format.unwrap_or(Format::Table)),
    }
}
