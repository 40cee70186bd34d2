//! The real world: the clock of the machine, environment variables and files.

use std::path::PathBuf;
use std::time::SystemTime;

use idv_core::{Clock, SecretResolver, SecretSource, Timestamp};
use secrecy::SecretString;

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

/// Secrets from environment variables and files.
#[derive(Debug, Clone, Default)]
pub struct ProcessSecrets {
    base: PathBuf,
}

impl ProcessSecrets {
    /// Relative files are looked for below `base`, usually the folder of the configuration file.
    #[must_use]
    pub fn new(base: impl Into<PathBuf>) -> Self {
        Self { base: base.into() }
    }
}

impl SecretResolver for ProcessSecrets {
    fn resolve(&self, source: &SecretSource) -> Result<SecretString, String> {
        match source {
            SecretSource::Env(name) => match std::env::var(name) {
                Ok(text) => Ok(SecretString::from(text)),
                Err(std::env::VarError::NotPresent) => {
                    Err(format!("the environment variable {name} is not set"))
                }
                Err(std::env::VarError::NotUnicode(_)) => {
                    Err(format!("the environment variable {name} is not UTF-8"))
                }
            },
            SecretSource::File(path) => {
                let text = std::fs::read_to_string(self.base.join(path)).map_err(|error| {
                    format!("the file {} cannot be read: {}", path.display(), error.kind())
                })?;
                let line = text.strip_suffix('\n').unwrap_or(&text);
                Ok(SecretString::from(line.strip_suffix('\r').unwrap_or(line)))
            }
            SecretSource::Literal(secret) => Ok(secret.clone()),
            _ => Err("this kind of secret is not known here".to_owned()),
        }
    }
}
