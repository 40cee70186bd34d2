//! `idv describe`.

use std::path::Path;

use idv::adapter::Description;
use idv::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::args::{Args, Describe};
use crate::failure::{Failure, usage};
use crate::input;
use crate::output::{Cell, Document, Table};

/// Shows the samples of a description as an application sees them. One that does not hold is a failure.
pub(super) fn run(args: &Args, describe: &Describe) -> Result<(), Failure> {
    let description = read(&describe.description)?;
    let facts = facts(&description);
    let shown = args.output().show(&Document::Report { facts: &facts, words: &|| words(&description) });
    match shown {
        // The exit code tells of samples that do not hold, however little of the report is read.
        Ok(()) | Err(Failure::ReaderGone) => Ok(verdict(&description)?),
        Err(failure) => Err(failure),
    }
}

/// A file, else a built-in description of that name.
fn read(name: &Path) -> Result<Description, Error> {
    let built_in = || name.to_str().and_then(Description::built_in);
    if let (false, Some(description)) = (name.exists(), built_in()) {
        return Ok(description);
    }
    let bytes = input::read_file(name)?;
    let text = String::from_utf8(bytes).map_err(|_| usage(format!("{} is not UTF-8", name.display())))?;
    Description::read(&text).map_err(Error::config)
}

fn verdict(description: &Description) -> Result<(), Error> {
    let wrong = description.samples().iter().filter(|sample| !sample.differences.is_empty()).count();
    match wrong {
        0 => Ok(()),
        1 => Err(Error::new(ErrorKind::Config, "1 sample of the description does not hold")),
        many => Err(Error::new(ErrorKind::Config, format!("{many} samples of the description do not hold"))),
    }
}

fn facts(description: &Description) -> Value {
    let samples = description.samples().into_iter().map(|sample| {
        let seen: serde_json::Map<String, Value> =
            sample.seen.into_iter().map(|(name, fact)| (name.to_owned(), fact.into())).collect();
        json!({"name": sample.name, "holds": sample.differences.is_empty(), "seen": seen, "differences": sample.differences})
    });
    let sources = description.sources().map(|(place, source)| (place.to_owned(), source.into()));
    let profile = description.profile();
    json!({"description": {
        "vendor": profile.vendor,
        "capabilities": profile.capabilities,
        "samples": samples.collect::<Vec<_>>(),
        "sources": sources.collect::<serde_json::Map<String, Value>>(),
    }})
}

fn words(description: &Description) -> String {
    let profile = description.profile();
    let can: Vec<&str> = profile.capabilities.iter().map(|capability| capability.as_str()).collect();
    let mut table = Table::new(["sample", "holds", "an application sees"]);
    for sample in description.samples() {
        let holds = if sample.differences.is_empty() { "yes" } else { "no" };
        let seen = sample.seen.iter().map(|(name, fact)| format!("{name}: {fact}"));
        let lines: Vec<String> =
            seen.chain(sample.differences.iter().map(|one| format!("! {one}"))).collect();
        table.row([Cell::strong(&sample.name), Cell::plain(holds), Cell::plain(lines.join("\n"))]);
    }
    format!("{}: start, check, {}\n\n{table}", profile.vendor, can.join(", "))
}
