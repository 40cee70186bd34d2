//! Writes the state and the schedule of a verification, in one statement.

use idv::Timestamp;

use super::decide::Recorded;
use super::json::to_json;
use super::schedule::{Schedule, milliseconds};
use crate::store::{Statement, StoredVerification, Transaction, Value, sql, values};
use crate::{StoreError, Tracked, VerificationId};

const WRITE: Statement = sql!("write");
const SETTLE: Statement = sql!("settle");

/// Writes what an observation changed. While the verification is leased, its schedule is that of the worker that asks the vendor, which
/// is told where it should ask once more.
pub(crate) async fn write(
    transaction: &mut Transaction,
    stored: &StoredVerification,
    recorded: Recorded,
    schedule: Schedule,
    now: Timestamp,
) -> Result<Tracked, StoreError> {
    let is_urgent = schedule.due_at.is_some_and(|at| at <= now);
    let mut values = columns(stored.tracked.id, &recorded, &schedule)?;
    values.extend(values![is_urgent, now]);
    transaction.run(WRITE, values).await?;
    let mut tracked = stored.tracked.clone();
    (tracked.state, tracked.version) = (recorded.state, recorded.version);
    (tracked.due_at, tracked.waiting_for) = (schedule.due_at, schedule.waiting_for);
    Ok(tracked)
}

/// Writes what a poll changed, and ends its lease; `false` where the lease is lost, and nothing may be written.
pub(crate) async fn settle(
    transaction: &mut Transaction,
    stored: &StoredVerification,
    recorded: &Recorded,
    schedule: &Schedule,
    fresh_since: Timestamp,
    floor: Timestamp,
    digest: Option<String>,
) -> Result<bool, StoreError> {
    let mut values = columns(stored.tracked.id, recorded, schedule)?;
    values.extend(values![floor, fresh_since, recorded.observation, digest, stored.fence]);
    Ok(transaction.run(SETTLE, values).await? > 0)
}

/// The values that both statements begin with.
fn columns(id: VerificationId, recorded: &Recorded, schedule: &Schedule) -> Result<Vec<Value>, StoreError> {
    let state = recorded.state.as_ref();
    Ok(values![
        id,
        state.map(to_json).transpose()?,
        state.map(|state| state.status.as_str()),
        recorded.version,
        recorded.is_open(),
        recorded.valid_until,
        schedule.due_at,
        schedule.pace.map_or(0, |pace| milliseconds(pace.interval())),
        schedule.waiting_for.map(|waiting| waiting.as_str())
    ])
}
