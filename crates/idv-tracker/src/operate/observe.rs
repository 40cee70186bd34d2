//! Observations of ours.

use crate::record::{Schedule, locked, record};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Observation, StoreError};

const SCHEDULE: Statement = sql!("schedule");

/// Adds an observation of ours to a verification.
pub(super) async fn observe(
    shared: &Shared,
    stored: &StoredVerification,
    observation: Observation,
) -> Result<bool, StoreError> {
    let mut transaction = shared.store.begin().await?;
    let Some(stored) = locked(&mut transaction, stored.tracked.id).await? else { return Ok(false) };
    let recorded = record(shared, &mut transaction, &stored, observation).await?;
    let rests = recorded.state.as_ref().is_some_and(|state| state.status.stops_watching());
    if rests && !recorded.in_doubt {
        let nothing = Schedule::default();
        let now = shared.now();
        transaction.run(SCHEDULE, values![stored.tracked.id, nothing.due_at, now, 0, None::<&str>]).await?;
    }
    transaction.commit().await?;
    Ok(recorded.is_news)
}
