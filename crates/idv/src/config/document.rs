//! A configuration document, as it was written.

use std::fmt;
use std::path::{Path, PathBuf};

use idv_core::{ConfigProblem, Error, OptionEntry, OptionValue, Result};
use serde::{Deserialize, Deserializer};

use crate::util::files;

/// A configuration as it was written: from a TOML file or text, or deserialized from any serde format.
///
/// It may hold literal secrets, so `Debug` shows nothing of it.
#[derive(Clone)]
pub struct ConfigDocument {
    pub(super) root: OptionEntry,
    base: PathBuf,
}

impl ConfigDocument {
    /// Reads a TOML file of at most 4 MiB. Files that it names are looked for beside it.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) when the file cannot be read or is not TOML.
    pub fn from_toml_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = files::read_text(path, files::CONFIG_LIMIT).map_err(|error| {
            let message = format!("the file {} cannot be read: {error}", path.display());
            Error::config(vec![ConfigProblem::new("", message)])
        })?;
        let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Self::from_toml_str(&text)?.with_base(base))
    }

    /// Reads TOML text. Files that it names are looked for in the current folder.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](idv_core::ErrorKind::Config) with every syntax error, when it is not TOML.
    pub fn from_toml_str(text: &str) -> Result<Self> {
        let root = OptionEntry::from_toml(text).map_err(Error::config)?;
        Ok(Self { root, base: PathBuf::new() })
    }

    /// Looks for the files that the configuration names in another folder.
    #[must_use]
    pub fn with_base(mut self, base: impl Into<PathBuf>) -> Self {
        self.base = base.into();
        self
    }

    /// The folder in which files that the configuration names are looked for.
    #[must_use]
    pub fn base(&self) -> &Path {
        &self.base
    }
}

impl<'de> Deserialize<'de> for ConfigDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = OptionValue::deserialize(deserializer)?;
        Ok(Self { root: OptionEntry::new(None, value), base: PathBuf::new() })
    }
}

impl fmt::Debug for ConfigDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigDocument").field("base", &self.base).finish_non_exhaustive()
    }
}
