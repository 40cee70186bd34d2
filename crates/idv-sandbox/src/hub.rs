//! Notification of changes.

use std::sync::Arc;

use tokio::sync::{Notify, watch};

/// One for the whole sandbox. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Hub {
    changes: watch::Sender<u64>,
    work: Arc<Notify>,
}

impl Hub {
    pub(crate) fn new() -> Self {
        Self { changes: watch::Sender::new(0), work: Arc::default() }
    }

    /// Something that people look at is different now.
    pub(crate) fn changed(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// A receiver that learns of every change, though not of each one by itself.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Something may be due.
    pub(crate) fn wake(&self) {
        self.work.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.work.notified().await;
    }
}
