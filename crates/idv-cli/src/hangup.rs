//! SIGHUP, which asks a command that runs for long to read its configuration again.

use std::io::IsTerminal;

use idv::registry::Changes;
use idv::{Error, ErrorKind, Registry, Result};

/// Listens for SIGHUP. On systems without this signal, it never comes.
pub(crate) struct Hangups {
    #[cfg(unix)]
    signal: tokio::signal::unix::Signal,
    terminals: [bool; 3],
}

impl Hangups {
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())
                .map_err(|error| fault("SIGHUP cannot be heard").with_source(error))?,
            terminals: terminals(),
        })
    }

    /// Waits for the signal to read the configuration again.
    ///
    /// # Errors
    /// The signal came because the terminal closed: then the command has to end, as it would without listening.
    pub(crate) async fn next(&mut self) -> Result<()> {
        #[cfg(unix)]
        let heard = self.signal.recv().await;
        #[cfg(not(unix))]
        let heard: Option<()> = None;
        if heard.is_none() {
            std::future::pending::<()>().await;
        }
        let is_gone = |(before, now): (bool, bool)| before && !now;
        if self.terminals.into_iter().zip(terminals()).any(is_gone) {
            return Err(fault("the terminal went away"));
        }
        Ok(())
    }
}

/// Whether each of the three standard streams is a terminal. A closed terminal is none.
fn terminals() -> [bool; 3] {
    [std::io::stdin().is_terminal(), std::io::stdout().is_terminal(), std::io::stderr().is_terminal()]
}

fn fault(message: &'static str) -> Error {
    Error::new(ErrorKind::Unavailable, message)
}

/// Reloads the configuration on a thread for blocking work.
pub(crate) async fn reload(registry: &Registry) -> Result<Changes> {
    let registry = registry.clone();
    let outcome = tokio::task::spawn_blocking(move || registry.reload()).await;
    outcome.unwrap_or_else(|_| Err(fault("reading the configuration was cut short")))
}
