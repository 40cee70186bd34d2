//! Graceful shutdown: on SIGTERM or Ctrl-C requests under way are answered, streams end, and the worker finishes its round.

use std::io;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes `true` when the process is told to stop.
pub(crate) type Stop = watch::Receiver<bool>;

pub(crate) fn on_signal() -> io::Result<Stop> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        sender.send_replace(true);
        // Receivers see the change as long as there is a sender.
        sender.closed().await;
    });
    Ok(receiver)
}

/// Ends when the process is told to stop.
pub(crate) async fn requested(mut stop: Stop) {
    // A sender that is gone means the same.
    let _ = stop.wait_for(|is_stopping| *is_stopping).await;
}
