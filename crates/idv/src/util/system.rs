//! The system: the clock of the machine, environment variables and files.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use idv_core::{Clock, SecretResolver, SecretSource, Timestamp, is_variable_name};
use secrecy::SecretString;

use crate::util::files::{self, FileError};

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "its name is its value")]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        SystemTime::now().into()
    }
}

/// Secrets from environment variables and files.
///
/// A file is read up to 64 KiB. Where a secret cannot be read, the message names a variable only if it looks like the name of
/// one (`NXOS_API_KEY`), and a file only if it looks like a path (`/run/secrets/nxos`, `nxos.key`): a secret that was put
/// in the wrong place must not be printed.
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
                let text = files::read_text(&self.base.join(path), files::SECRET_LIMIT).map_err(|error| {
                    unreadable(&self.base, Some(path).filter(|path| is_plain_path(path)), &error)
                })?;
                Ok(SecretString::from(without_newline(&text)))
            }
            SecretSource::Literal(secret) => Ok(secret.clone()),
            _ => Err("this kind of secret is not known here".to_owned()),
        }
    }
}

fn variable(name: &str) -> String {
    if is_variable_name(name) {
        format!("the environment variable {name}")
    } else {
        "the environment variable that is named here".to_owned()
    }
}

/// Whether a text is so much like a path that it is no secret: names of one case with a slash between them or an ending.
fn is_plain_path(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let is_lower = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    let is_word = |name: &str| {
        let rest = name.strip_prefix(|first: char| first.is_ascii_uppercase()).unwrap_or(name);
        rest.bytes().all(is_lower) || is_variable_name(name)
    };
    let has_ending = path.rsplit_once('.').is_some_and(|(_, ending)| {
        (1..=6).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    path.len() <= 256 && (path.contains('/') || has_ending) && path.split('/').all(is_word)
}

/// The error text of a file that a configuration names and that cannot be read, with the path where it may be told.
pub(crate) fn unreadable(base: &Path, path: Option<&PathBuf>, error: &FileError) -> String {
    match path {
        Some(path) => {
            // One printable line, whatever the path has in it.
            let path = base.join(path).display().to_string();
            format!("the file {} cannot be read: {error}", path.escape_debug())
        }
        None => {
            let from = if base.as_os_str().is_empty() { Path::new(".") } else { base };
            format!("the file cannot be read: {error} (relative paths start at {})", from.display())
        }
    }
}

fn without_newline(text: &str) -> &str {
    match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line),
        None => text,
    }
}
