//! The watch of one verification: its changes, its newest value, its progress.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use idv_core::{Result, Verification};

use super::schedule::Id;
use super::slot::{Progress, Slot};
use super::task::Inner;

/// The changes of one verification. Dropping it ends the watch, and cuts a check under way short.
///
/// It is a stream in all but name: [`poll_next`](Self::poll_next) has the shape that `Stream` asks for.
#[derive(Debug)]
#[must_use = "dropping a watch ends it"]
pub struct Watch {
    pub(super) inner: Arc<Inner>,
    pub(super) slot: Arc<Slot>,
    pub(super) id: Id,
}

impl Watch {
    /// The next change, the first value included. `None` after the last one: a status at which watching stops.
    ///
    /// A holder that is slow skips values that were replaced in the meantime, and always gets the newest. Cancel safe: a future
    /// that is dropped before it is ready loses no value.
    ///
    /// # Errors
    /// An error that waiting will not help is the last that comes.
    pub async fn next(&mut self) -> Option<Result<Verification>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// The same for hand-written futures.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Verification>>> {
        self.slot.poll(context)
    }

    /// The newest value, whether it was fetched or not.
    #[must_use]
    pub fn last(&self) -> Option<Verification> {
        self.slot.last()
    }

    /// The newest value, or the last error where there is none.
    ///
    /// # Errors
    /// The error of the last check, which is handed over once, by this or by [`next`](Self::next);
    /// [`ErrorKind::Timeout`](idv_core::ErrorKind::Timeout) if there was no check yet.
    pub fn outcome(&self) -> Result<Verification> {
        self.slot.outcome().map_err(|error| match self.inner.shared.provider(self.id) {
            Some(provider) => error.with_provider(provider),
            None => error,
        })
    }

    /// How the watch is getting on.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (due, errors_in_a_row) = self.inner.shared.next_due(self.id);
        let next_check = due.map(|due| due.into_std());
        Progress { next_check, errors_in_a_row, ..self.slot.progress() }
    }

    /// Waits until the watch ends.
    ///
    /// # Errors
    /// The error that ended it.
    pub(super) async fn end(&mut self) -> Result<()> {
        while let Some(news) = self.next().await {
            news?;
        }
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.inner.shared.remove(self.id);
    }
}
