//! The tracker's database: a file of SQLite, or PostgreSQL.

use std::error::Error;

use idv::Registry;
use idv::adapter::ProcessSecrets;
use idv_tracker::{StoreOptions, Tracker, TrackerBuilder, TrackerConfig};
use secrecy::SecretString;

use crate::configuration::Configuration;

/// A tracker on the database that the environment names, or else the table `[tracker]` of the configuration.
pub(crate) fn tracker(
    url: Option<SecretString>,
    configuration: &Configuration,
    registry: Registry,
) -> Result<TrackerBuilder, Box<dyn Error>> {
    if let Some(url) = url {
        return Ok(Tracker::builder(registry, StoreOptions::new(url)));
    }
    let document = configuration.document()?;
    let secrets = ProcessSecrets::new(document.base());
    let config = TrackerConfig::from_document(&document, &secrets).map_err(idv::Error::config)?;
    let config = config
        .ok_or("no database: set DATABASE_URL, or `url` in the table [tracker] of the configuration")?;
    Ok(config.builder(registry))
}
