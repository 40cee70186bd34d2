//! What the layers of one call count while it runs.

use std::cell::Cell;
use std::future::Future;
use std::time::Duration;

tokio::task_local! {
    static TALLY: Cell<Tally>;
}

/// How often the vendor was asked in one call, and how long the call waited for its turn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    pub(super) attempts: u32,
    pub(super) wait: Duration,
}

impl Tally {
    /// Runs a call whose layers count.
    pub(super) fn of<F: Future>(call: F) -> impl Future<Output = F::Output> {
        TALLY.scope(Cell::new(Self { attempts: 1, wait: Duration::ZERO }), call)
    }

    /// Runs something that asks no vendor.
    pub(super) fn of_none<T>(refusal: impl FnOnce() -> T) -> T {
        TALLY.sync_scope(Cell::new(Self { attempts: 0, wait: Duration::ZERO }), refusal)
    }

    /// What was counted so far. A call that is not counted was made once.
    pub(super) fn now() -> Self {
        TALLY.try_with(Cell::get).unwrap_or(Self { attempts: 1, wait: Duration::ZERO })
    }

    fn change(change: impl FnOnce(&mut Self)) {
        // Layers that stand alone have nobody to tell.
        let _ = TALLY.try_with(|cell| {
            let mut tally = cell.get();
            change(&mut tally);
            cell.set(tally);
        });
    }
}

/// The vendor is asked once more.
pub(crate) fn repeats() {
    Tally::change(|tally| tally.attempts = tally.attempts.saturating_add(1));
}

/// The call waited: for its turn, or before it is repeated.
pub(crate) fn waited(wait: Duration) {
    Tally::change(|tally| tally.wait = tally.wait.saturating_add(wait));
}
