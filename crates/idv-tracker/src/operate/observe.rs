//! Observations of ours.

use crate::record::{Schedule, locked, record, write};
use crate::store::StoredVerification;
use crate::tracker::Shared;
use crate::{Observation, StoreError};

/// Adds an observation of ours to a verification. Says whether its state changed.
pub(super) async fn observe(
    shared: &Shared,
    stored: &StoredVerification,
    observation: Observation,
) -> Result<bool, StoreError> {
    let mut transaction = shared.store.begin().await?;
    let Some(stored) = locked(&mut transaction, stored.tracked.id).await? else { return Ok(false) };
    let recorded = record(shared, &mut transaction, &stored, observation).await?;
    let is_news = recorded.is_news;
    let now = shared.now();
    let schedule = Schedule::after_ours(shared, &stored, &recorded, now);
    write(&mut transaction, &stored, recorded, schedule, now).await?;
    transaction.commit().await?;
    Ok(is_news)
}
