//! The schedule of a verification after an event.

use crate::record::{Recorded, Schedule};
use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{Observation, TrackerError};

const WAKE: Statement = sql!("wake");
const SCHEDULE: Statement = sql!("schedule");

/// After an event: a verdict that took effect ends polling, all else makes the verification due at once.
pub(super) async fn reschedule(
    shared: &Shared,
    transaction: &mut Transaction,
    stored: &StoredVerification,
    recorded: &Recorded,
    observation: &Observation,
) -> Result<(), TrackerError> {
    let now = shared.now();
    let Some(provider) = stored.tracked.provider.as_ref() else { return Ok(()) };
    let status = recorded.state.as_ref().map(|state| state.status);
    let took_effect = observation.status.is_some() && observation.status == status;
    let rests =
        took_effect && !recorded.in_doubt && status.is_some_and(idv::VerificationStatus::stops_watching);
    let pace = idv::watching::Pace::new(std::time::Duration::ZERO);
    let schedule = match rests {
        true => Schedule::after(shared, provider, recorded, pace, now, now),
        false => Schedule::soon(shared, provider, now),
    };
    let id = stored.tracked.id;
    match (schedule.due_at, schedule.waiting_for) {
        (Some(at), None) if at <= now => transaction.run(WAKE, values![id, now]).await?,
        (due_at, waiting) => {
            let waiting = waiting.map(|waiting| waiting.as_str());
            transaction.run(SCHEDULE, values![id, due_at, now, 0, waiting]).await?
        }
    };
    Ok(())
}
