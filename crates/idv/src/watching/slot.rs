//! The newest value and the progress of one watch.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use idv_core::{Delivery, Error, ErrorKind, Operation, Result, Retry, Verification};

/// The progress of a watch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// When the next check is due; `None` while one is due or under way, and after the end.
    pub next_check: Option<Instant>,
    /// How many checks there were.
    pub checks: u32,
    /// How many of the latest checks failed, one after the other.
    pub errors_in_a_row: u32,
    /// The kind of the last check's error, where it failed.
    pub error: Option<ErrorKind>,
}

/// The newest value, until it is fetched. A new one takes the place of one that was not fetched.
#[derive(Debug, Default)]
pub(super) struct Slot(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Verification>,
    /// The last check's error; after the end, the one that ended the watch.
    error: Option<Error>,
    waker: Option<Waker>,
    checks: u32,
    unseen: bool,
    ended: bool,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an answer, and says whether it differs from the one before.
    pub(super) fn answer(&self, verification: Verification) -> bool {
        let mut state = self.lock();
        state.checks = state.checks.saturating_add(1);
        state.error = None;
        let changed = state.last.as_ref() != Some(&verification);
        if changed {
            state.last = Some(verification);
            state.unseen = true;
        }
        changed
    }

    /// Keeps an error.
    pub(super) fn failed(&self, error: Error) {
        let mut state = self.lock();
        state.checks = state.checks.saturating_add(1);
        state.error = Some(error);
    }

    /// Nothing comes after what is there.
    pub(super) fn end(&self) {
        self.lock().ended = true;
    }

    /// The waker of the holder, where there is news for it; to be woken without any lock held.
    pub(super) fn waker(&self) -> Option<Waker> {
        let mut state = self.lock();
        if state.unseen || state.ended { state.waker.take() } else { None }
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Poll<Option<Result<Verification>>> {
        let mut state = self.lock();
        if mem::take(&mut state.unseen) {
            return Poll::Ready(state.last.clone().map(Ok));
        }
        if state.ended {
            return Poll::Ready(state.error.take().map(Err));
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }

    pub(super) fn last(&self) -> Option<Verification> {
        self.lock().last.clone()
    }

    /// The last value, or else why there is none.
    pub(super) fn outcome(&self) -> Result<Verification> {
        let mut state = self.lock();
        match (state.last.clone(), state.error.take()) {
            (Some(last), _) => Ok(last),
            (None, Some(error)) => Err(error),
            (None, None) if state.ended => {
                let message = "the watch has ended, and the error that ended it was handed over already";
                Err(Error::new(ErrorKind::Unavailable, message).with_operation(Operation::Check))
            }
            (None, None) => {
                let message = "the time was up before the vendor answered";
                Err(Error::new(ErrorKind::Timeout, message)
                    .with_operation(Operation::Check)
                    .with_delivery(Delivery::Unknown)
                    .with_retry(Retry::Allowed { after: None }))
            }
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let state = self.lock();
        Progress { checks: state.checks, error: state.error.as_ref().map(Error::kind), ..Progress::default() }
    }
}
