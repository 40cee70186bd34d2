//! Reloading: reads the configuration again while it is in use.

use std::sync::PoisonError;
use std::time::Duration;

use idv_core::{Error, ErrorKind, Result};

use super::{Changes, Registry};
use crate::config::ConfigDocument;

/// The shortest pause between two looks at the configuration.
const SHORTEST_INTERVAL: Duration = Duration::from_secs(1);

impl Registry {
    /// Reads the configuration and all secrets again, from where it was read the first time. Every call that begins afterwards
    /// sees the new one.
    ///
    /// Hot reload. It reads files; asynchronous code calls it on a thread that may block, such as that of
    /// [`tokio::task::spawn_blocking`].
    ///
    /// # Errors
    /// Those of the first time: the old configuration stays. [`ErrorKind::Config`] where the registry was built from a document
    /// and knows no place to read from: [`reload_from`](Self::reload_from) takes a document.
    #[doc(alias = "hot reload")]
    pub fn reload(&self) -> Result<Changes> {
        let source = &self.0.source;
        let Some(load) = &source.load else {
            let message = "this configuration was not read from a place that can be read again";
            return Err(Error::new(ErrorKind::Config, message));
        };
        let _turn = source.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(&load()?)
    }

    /// Takes a new configuration in place of the old one. All secrets are read again.
    ///
    /// # Errors
    /// [`ErrorKind::Config`] with everything that is wrong: the old configuration stays.
    pub fn reload_from(&self, document: &ConfigDocument) -> Result<Changes> {
        let _turn = self.0.source.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.replace(document)
    }

    fn replace(&self, document: &ConfigDocument) -> Result<Changes> {
        let old = self.snapshot();
        let new = self.0.source.assembly.build(document, Some(&old))?;
        let changes = Changes::between(&old, &new);
        self.0.current.store(new.into());
        Ok(changes)
    }

    /// Reloads after each interval, a second at least, and reports changes and refusals. A configuration that stays broken
    /// is reported each time. It never ends; dropping it stops it.
    pub async fn reload_every(&self, interval: Duration, mut report: impl FnMut(Result<Changes>)) {
        loop {
            tokio::time::sleep(interval.max(SHORTEST_INTERVAL)).await;
            let registry = self.clone();
            let outcome = tokio::task::spawn_blocking(move || registry.reload()).await;
            match outcome {
                Ok(Ok(changes)) if changes.is_empty() => {}
                Ok(outcome) => report(outcome),
                Err(_) => {
                    report(Err(Error::new(ErrorKind::Config, "reading the configuration was cut short")))
                }
            }
        }
    }
}
