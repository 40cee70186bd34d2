//! The task of a watcher, which ends when the last watcher and watch are dropped.

use std::sync::Arc;

use tokio::task::AbortHandle;

use super::shared::Shared;

/// Ends the task with the last watcher and watch.
#[derive(Debug)]
pub(super) struct Inner {
    pub(super) shared: Arc<Shared>,
    pub(super) driver: AbortHandle,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.driver.abort();
    }
}
