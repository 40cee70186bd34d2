//! Stores events: each in a transaction of its own, or together where the database has one writer.

use std::sync::Arc;

use super::incoming::Incoming;
use super::join;
use super::receipt::Receipt;
use super::schedule::schedule;
use crate::record::{record, store, write};
use crate::store::Transaction;
use crate::tracker::Shared;
use crate::{Engine, StoreError, StoreErrorKind, TrackerError};

/// Stores an event durably.
pub(super) async fn keep(shared: &Arc<Shared>, incoming: Incoming) -> Result<Receipt, TrackerError> {
    if shared.store.engine() == Engine::Postgres {
        return Ok(alone(shared, &incoming).await?);
    }
    let together = Arc::clone(shared);
    let receipt = shared.intake.submit(incoming, |all| together_or_alone(together, all)).await;
    let interrupted = || StoreError::new(StoreErrorKind::Unavailable, "the writing was interrupted");
    Ok(receipt.unwrap_or_else(|| Err(interrupted()))?)
}

async fn alone(shared: &Shared, incoming: &Incoming) -> Result<Receipt, StoreError> {
    let mut transaction = shared.store.begin().await?;
    let receipt = take(shared, &mut transaction, incoming).await?;
    transaction.commit().await?;
    Ok(receipt)
}

/// Stores events in one transaction. Where one of them is refused, each gets its own, so that it fails alone. Where the database is
/// away, it is away for all: to wait for it once more for each would keep the vendor waiting for minutes.
async fn together_or_alone(shared: Arc<Shared>, all: Vec<Incoming>) -> Vec<Result<Receipt, StoreError>> {
    match together(&shared, &all).await {
        Ok(receipts) => return receipts.into_iter().map(Ok).collect(),
        Err(error) if error.kind() == StoreErrorKind::Unavailable => {
            return all.iter().map(|_| Err(error.shared())).collect();
        }
        Err(_) => {}
    }
    let mut receipts = Vec::with_capacity(all.len());
    for incoming in &all {
        receipts.push(alone(&shared, incoming).await);
    }
    receipts
}

async fn together(shared: &Shared, all: &[Incoming]) -> Result<Vec<Receipt>, StoreError> {
    let mut transaction = shared.store.begin().await?;
    let mut receipts = Vec::with_capacity(all.len());
    for incoming in all {
        receipts.push(take(shared, &mut transaction, incoming).await?);
    }
    transaction.commit().await?;
    Ok(receipts)
}

async fn take(
    shared: &Shared,
    transaction: &mut Transaction,
    incoming: &Incoming,
) -> Result<Receipt, StoreError> {
    let Incoming { provider, event, observation } = incoming;
    let Some(stored) = join::find(shared, transaction, provider, event).await? else {
        let Some(row) = store(transaction, None, provider, observation).await? else {
            return Ok(Receipt::Duplicate);
        };
        join::park(transaction, row, provider, event).await?;
        return Ok(Receipt::Parked);
    };
    let recorded = record(shared, transaction, &stored, observation.clone()).await?;
    if recorded.observation.is_none() {
        return Ok(Receipt::Duplicate);
    }
    let now = shared.now();
    let schedule = schedule(shared, &stored, &recorded, observation, now);
    let tracked = write(transaction, &stored, recorded, schedule, now).await?;
    Ok(Receipt::Recorded(Box::new(tracked)))
}
