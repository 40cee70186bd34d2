//! `idv describe`.

mod kit;
mod report;

use std::path::Path;

use idv::adapter::{Description, did_you_mean};
use idv::{Error, ErrorKind};
use serde_json::json;

use self::kit::Findings;
use crate::args::{Args, Describe};
use crate::failure::{Failure, UNUSABLE_DESCRIPTION, usage};
use crate::input;
use crate::output::Document;

/// Shows the samples of a description as an application sees them, and the result of the conformance kit. A sample that does not hold,
/// and a check that fails, are failures.
pub(super) fn run(args: &Args, describe: &Describe) -> Result<(), Failure> {
    let description = read(&describe.description)?;
    if describe.toml {
        let text = description.text();
        return args
            .output()
            .show(&Document::Report { facts: &json!({"toml": text}), words: &|| text.to_owned() });
    }
    if describe.page {
        let page = description.page();
        return args
            .output()
            .show(&Document::Report { facts: &json!({"page": page}), words: &|| page.clone() });
    }
    let findings = kit::run(&description)?;
    let facts = report::facts(&description, &findings);
    let words = || report::words(&description, &findings);
    match args.output().show(&Document::Report { facts: &facts, words: &words }) {
        // The exit code tells of mistakes, however little of the report is read.
        Ok(()) | Err(Failure::ReaderGone) => Ok(verdict(&description, &findings)?),
        Err(failure) => Err(failure),
    }
}

/// A file, else a built-in description of that name.
fn read(name: &Path) -> Result<Description, Error> {
    if name != Path::new("-") && !name.exists() {
        let built_in = name.to_str().and_then(Description::built_in);
        return built_in.ok_or_else(|| neither(name));
    }
    let bytes = input::read_file(name)?;
    let text = String::from_utf8(bytes).map_err(|_| usage(format!("{} is not UTF-8", name.display())))?;
    Description::read(&text).map_err(|problems| Error::config(problems).with_message(UNUSABLE_DESCRIPTION))
}

fn neither(name: &Path) -> Error {
    let known: Vec<&str> = Description::built_in_names().collect();
    let near = name.to_str().and_then(|name| did_you_mean(name, &known));
    let hint = near.map_or_else(|| ".".to_owned(), |near| format!("; did you mean `{near}`?"));
    let known = known.join(", ");
    usage(format!(
        "{} is neither a file nor a built-in description{hint} Built in are {known}",
        name.display()
    ))
}

fn verdict(description: &Description, findings: &Findings) -> Result<(), Error> {
    let wrong = description.samples().iter().filter(|sample| !sample.differences.is_empty()).count();
    let samples = match wrong {
        0 => None,
        1 => Some("1 sample of the description does not hold".to_owned()),
        many => Some(format!("{many} samples of the description do not hold")),
    };
    let checks = match findings.failed.len() {
        0 => None,
        1 => Some("1 check of the conformance kit fails".to_owned()),
        many => Some(format!("{many} checks of the conformance kit fail")),
    };
    let problems: Vec<String> = samples.into_iter().chain(checks).collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Config, problems.join(", and "))),
    }
}
