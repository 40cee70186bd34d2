//! The real world: the clock of the machine, environment variables and files.

use std::path::{Path, PathBuf};
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
///
/// Where one cannot be read, the message names a variable only if it looks like the name of one (`NXOS_API_KEY`), and
/// never a file: a secret that was put in the wrong place must not be printed.
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
                Err(std::env::VarError::NotPresent) => Err(format!("{} is not set", variable(name))),
                Err(std::env::VarError::NotUnicode(_)) => Err(format!("{} is not UTF-8", variable(name))),
            },
            SecretSource::File(path) => {
                let text = std::fs::read_to_string(self.base.join(path))
                    .map_err(|error| unreadable(&self.base, &error))?;
                Ok(SecretString::from(without_newline(&text)))
            }
            SecretSource::Literal(secret) => Ok(secret.clone()),
            _ => Err("this kind of secret is not known here".to_owned()),
        }
    }
}

fn variable(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let starts_well = name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit());
    if starts_well && name.len() <= 64 && name.bytes().all(plain) {
        format!("the environment variable {name}")
    } else {
        "the environment variable that is named here".to_owned()
    }
}

/// Says why a file that a configuration names cannot be read, without the name.
pub(crate) fn unreadable(base: &Path, error: &std::io::Error) -> String {
    let from = if base.as_os_str().is_empty() { Path::new(".") } else { base };
    format!("the file cannot be read: {} (relative paths start at {})", error.kind(), from.display())
}

fn without_newline(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}
