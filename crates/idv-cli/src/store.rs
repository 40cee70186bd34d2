//! The tracker of the configuration.

use idv::adapter::ProcessSecrets;
use idv::config::ConfigDocument;
use idv::{ConfigProblem, Error, Registry, Result};
use idv_tracker::{Tracker, TrackerConfig, TrackerError};

use crate::args::Args;
use crate::failure::Failure;

/// Opens the database of `[tracker]`.
///
/// # Errors
/// A configuration error where the configuration is wrong or has no such table, and `unavailable` where the database cannot
/// be used.
pub(crate) async fn open(args: &Args) -> Result<Tracker> {
    let registry = Registry::from_toml_file(&args.config);
    let document = ConfigDocument::from_toml_file(&args.config)?;
    let (registry, config) = configured(&document, registry)?;
    let Some(config) = config else {
        let message =
            "is required for this: add a table [tracker] with, for example, url = \"sqlite://idv.db\"";
        return Err(Error::config(vec![ConfigProblem::new("tracker", message)]));
    };
    Ok(config.builder(registry).open().await?)
}

/// The registry and the tracker of a configuration, or all problems of both.
pub(crate) fn configured(
    document: &ConfigDocument,
    registry: Result<Registry>,
) -> Result<(Registry, Option<TrackerConfig>)> {
    let config = TrackerConfig::from_document(document, &ProcessSecrets::new(document.base()));
    match (registry, config) {
        (Ok(registry), Ok(config)) => Ok((registry, config)),
        (Ok(_), Err(problems)) => Err(Error::config(problems)),
        (Err(error), Err(more)) if !error.config_problems().is_empty() => {
            let mut problems = error.config_problems().to_vec();
            problems.extend(more.into_iter().filter(|problem| !error.config_problems().contains(problem)));
            problems.sort_by_key(|problem| (problem.line, problem.column));
            Err(Error::config(problems))
        }
        (Err(error), _) => Err(error),
    }
}

impl From<TrackerError> for Failure {
    fn from(error: TrackerError) -> Self {
        Self::Error(error.into())
    }
}

impl From<idv_tracker::StoreError> for Failure {
    fn from(error: idv_tracker::StoreError) -> Self {
        Self::Error(error.into())
    }
}
