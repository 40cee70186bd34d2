//! Change notification.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// The notifier of the whole sandbox. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    changes: watch::Sender<u64>,
    work: Arc<Notify>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self { changes: watch::Sender::new(0), work: Arc::default() }
    }

    /// Notifies of a change that people can see.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A receiver of change notifications, several of which may arrive as one.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Wakes the worker, because work may be due.
    pub(crate) fn wake(&self) {
        self.work.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.work.notified().await;
    }
}
