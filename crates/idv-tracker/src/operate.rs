//! What operators and applications ask of the store: states, histories, counts, drift, decisions by hand, and erasure.

mod erase;
mod hints;
mod reconcile;
mod status;

use idv::{VendorWord, VerificationStatus};

use crate::record::{Schedule, locked, record};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, StoreError, TrackerError};

pub use erase::Erased;
pub use reconcile::Drift;
pub use status::{Counts, History, HistoryEntry};

const LAPSED: Statement = sql!("lapsed");
const SCHEDULE: Statement = sql!("schedule");

/// Lets approvals lapse whose configured period is over. Says how many.
pub(crate) async fn lapse(shared: &Shared, limit: i64) -> Result<usize, TrackerError> {
    let now = shared.now();
    let rows = shared.store.rows(LAPSED, values![now, limit]).await?;
    for row in &rows {
        let stored = StoredVerification::read(row)?;
        let word = VendorWord::new("validity");
        let seen = Observation::new(Source::Validity, now).with_status(VerificationStatus::Expired, word);
        observe(shared, &stored, seen).await?;
    }
    if !rows.is_empty() {
        shared.announce();
    }
    Ok(rows.len())
}

/// Adds an observation of ours to a verification.
async fn observe(
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
