//! Adds an observation to a verification, and writes all that follows from it in the same transaction.

mod decide;
mod json;
mod observations;
mod schedule;
mod transition;
mod write;

use idv::ProviderId;

use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{Observation, StoreError, VerificationId};
use decide::decide;
use observations::{add, history};

pub(crate) use decide::{Recorded, action_told};
pub(crate) use json::to_json;
pub(crate) use observations::{SESSION, correlate_event, correlate_session, note_repetitions, read, store};
pub(crate) use schedule::{Schedule, milliseconds};
pub(crate) use transition::transition;
pub(crate) use write::{settle, write};

const VERIFICATION: Statement = sql!("verification", by engine);

/// A verification, locked until the transaction ends.
pub(crate) async fn locked(
    transaction: &mut Transaction,
    id: VerificationId,
) -> Result<Option<StoredVerification>, StoreError> {
    let row = transaction.row(VERIFICATION, values![id]).await?;
    row.as_ref().map(StoredVerification::read).transpose()
}

/// Adds an observation to a verification that is locked, and says what follows; [`write`] keeps it. An event that is stored already
/// changes nothing.
pub(crate) async fn record(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
    observation: Observation,
) -> Result<Recorded, StoreError> {
    let provider = provider(stored)?;
    let mut history = history(transaction, stored.tracked.id).await?;
    let Some(row) = add(transaction, stored.tracked.id, provider, &mut history, observation).await? else {
        return Ok(Recorded::nothing(stored));
    };
    let recorded = decide(shared, transaction, stored, provider, history).await?;
    Ok(Recorded { observation: Some(row), ..recorded })
}

/// Decides by the observations that are stored already.
pub(crate) async fn decide_anew(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
) -> Result<Recorded, StoreError> {
    let history = history(transaction, stored.tracked.id).await?;
    decide(shared, transaction, stored, provider(stored)?, history).await
}

fn provider(stored: &StoredVerification) -> Result<&ProviderId, StoreError> {
    stored.tracked.provider.as_ref().ok_or_else(|| StoreError::content("verification without a provider"))
}
