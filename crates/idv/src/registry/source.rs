//! The source of configurations.

use std::sync::Mutex;

use idv_core::Result;

use super::assembly::Assembly;
use crate::config::ConfigDocument;

/// Loads the configuration, for reloads.
pub(super) type Load = Box<dyn Fn() -> Result<ConfigDocument> + Send + Sync>;

/// The source of configurations, and the dependencies that they are built with.
pub(super) struct Source {
    pub(super) assembly: Assembly,
    /// `None` where the configuration was handed over as it is.
    pub(super) load: Option<Load>,
    /// Held while a configuration is read, so that an older one never replaces a newer one.
    pub(super) turn: Mutex<()>,
}

impl Source {
    pub(super) fn new(assembly: Assembly, load: Option<Load>) -> Self {
        Self { assembly, load, turn: Mutex::new(()) }
    }
}
