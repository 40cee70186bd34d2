//! `idv config check` and `idv config schema`.

use std::path::Path;

use idv::adapter::Catalogue;
use idv::config::{ConfigDocument, ParsedConfig, json_schema, orphaned_sessions};
use idv::{ConfigProblem, Error, Registry, Result};

use crate::args::{Args, Config};
use crate::failure::Failure;
use crate::output::Document;

pub(super) fn run(args: &Args, config: &Config) -> Result<(), Failure> {
    match config {
        Config::Check { against } => check(args, against.as_deref()),
        Config::Schema => {
            let schema = json_schema(&Catalogue::compiled_in());
            args.output().show(&Document::Schema(&schema))
        }
    }
}

fn check(args: &Args, against: Option<&Path>) -> Result<(), Failure> {
    let document = ConfigDocument::from_toml_file(&args.config)?;
    let registry = checked(&document)?;
    let outline = document.parsed();
    let mut warnings = registry.warnings().to_vec();
    if let Some(old) = against {
        warnings.extend(orphaned_sessions(&older(old)?, &outline));
    }
    args.output().show(&Document::Config {
        path: &args.config,
        registry: &registry,
        outline: &outline,
        warnings: &warnings,
    })
}

/// The registry of a configuration whose tracker is right too. Its database is not opened.
fn checked(document: &ConfigDocument) -> Result<Registry> {
    let registry = Registry::builder().build(document);
    #[cfg(feature = "tracker")]
    let registry = crate::store::configured(document, registry).map(|(registry, _)| registry);
    registry
}

fn older(path: &Path) -> Result<ParsedConfig> {
    let read = ConfigDocument::from_toml_file(path).map(|document| document.parsed());
    match read {
        Ok(outline) if outline.problems.is_empty() => Ok(outline),
        Ok(outline) => Err(in_the_older_one(&outline.problems)),
        Err(error) => Err(in_the_older_one(error.config_problems())),
    }
}

/// Lines and columns are those of the older file, and not those of the one that is checked.
fn in_the_older_one(problems: &[ConfigProblem]) -> Error {
    let told = problems.iter().cloned().map(|mut problem| {
        problem.message = format!("in the older configuration: {}", problem.message);
        problem
    });
    Error::config(told.collect())
}
