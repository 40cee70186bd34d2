//! Stop conditions of a long-running command: SIGINT, SIGTERM, and a closed standard output.

use idv::{Delivery, Error, ErrorKind, Operation, Result, Retry};

use crate::output;

/// Listens for SIGINT and SIGTERM; elsewhere than on Unix, for Ctrl-C. The first process of a container has no other way
/// to be stopped: for it the kernel has no default action.
pub(crate) struct Stops {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 2],
}

impl Stops {
    pub(crate) fn listen() -> Result<Self> {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let listen =
                |kind| signal(kind).map_err(|error| fault("SIGINT and SIGTERM cannot be heard", error));
            Ok(Self { signals: [listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?] })
        }
        #[cfg(not(unix))]
        Ok(Self {})
    }

    /// Waits for a request to end the command, which is no failure.
    pub(crate) async fn next(&mut self) -> Result<()> {
        #[cfg(unix)]
        {
            let [interrupt, terminate] = &mut self.signals;
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            Ok(())
        }
        #[cfg(not(unix))]
        tokio::signal::ctrl_c().await.map_err(|error| fault("Ctrl-C cannot be heard", error))
    }
}

/// Completes a call that may create something at the vendor. After the first signal it still waits for the answer; the
/// second one gives it up: then it is unknown whether anything was created.
pub(crate) async fn seen_through<T>(
    operation: Operation,
    call: impl Future<Output = Result<T>>,
) -> Result<T> {
    let mut stops = Stops::listen()?;
    let mut call = std::pin::pin!(call);
    tokio::select! {
        outcome = &mut call => return outcome,
        stopped = stops.next() => stopped?,
    }
    output::note(
        "waiting for the vendor's answer, because something may change there: interrupt again to give it up",
    );
    tokio::select! {
        outcome = &mut call => outcome,
        stopped = stops.next() => stopped.and(Err(given_up(operation))),
    }
}

fn given_up(operation: Operation) -> Error {
    Error::new(ErrorKind::Connection, "given up before the vendor answered")
        .with_operation(operation)
        .with_delivery(Delivery::Unknown)
        .with_retry(Retry::AfterCheck)
}

fn fault(message: &'static str, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_source(error)
}

/// Whether the reader of standard output is gone, though nothing is written: its pipe or terminal is closed. Elsewhere
/// than on Unix only the next line shows it.
pub(crate) fn reader_is_gone() -> bool {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let stdout = std::io::stdout();
        // What tells of the end is always reported, so nothing has to be asked for.
        let mut asked = [PollFd::new(&stdout, PollFlags::empty())];
        let told = poll(&mut asked, Some(&Timespec::default()));
        told.is_ok() && asked[0].revents().intersects(PollFlags::ERR | PollFlags::HUP)
    }
    #[cfg(not(unix))]
    false
}
