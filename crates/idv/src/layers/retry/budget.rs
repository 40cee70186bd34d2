//! The retry budget, and a record of its use.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use tower::retry::budget::{Budget, TpsBudget};

/// The retry budget of one provider, shared by all callers.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    tokens: TpsBudget,
    record: Mutex<BudgetRecord>,
}

/// The use of a budget since it was built. The tokens do not tell how much is left of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct BudgetRecord {
    /// Calls that were begun.
    pub(crate) calls: u64,
    /// Retries that it paid for.
    pub(crate) granted: u64,
    /// Retries that it did not pay for.
    pub(crate) refused: u64,
    /// When it last did not pay.
    pub(crate) last_refused: Option<Instant>,
}

impl RetryBudget {
    pub(super) fn new(tokens: TpsBudget) -> Self {
        Self { tokens, record: Mutex::default() }
    }

    fn lock(&self) -> MutexGuard<'_, BudgetRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self) {
        let mut record = self.lock();
        record.calls = record.calls.saturating_add(1);
    }

    pub(super) fn deposit(&self) {
        self.tokens.deposit();
    }

    pub(super) fn withdraw(&self) -> bool {
        let granted = self.tokens.withdraw();
        let mut record = self.lock();
        if granted {
            record.granted = record.granted.saturating_add(1);
        } else {
            record.refused = record.refused.saturating_add(1);
            record.last_refused = Some(Instant::now());
        }
        granted
    }

    pub(crate) fn record(&self) -> BudgetRecord {
        *self.lock()
    }
}
