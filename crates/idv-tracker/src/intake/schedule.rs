//! The schedule of a verification after an event.

use std::time::Duration;

use idv::watching::Pace;
use idv::{NextAction, Timestamp, VerificationStatus};

use crate::Observation;
use crate::record::{Recorded, Schedule};
use crate::store::StoredVerification;
use crate::tracker::Shared;

/// After an event: a verdict that took effect ends polling, all else makes the verification due at once, also a verdict of which the
/// adapter says that the vendor should be asked.
pub(super) fn schedule(
    shared: &Shared,
    stored: &StoredVerification,
    recorded: &Recorded,
    observation: &Observation,
    now: Timestamp,
) -> Schedule {
    let Some(provider) = stored.tracked.provider.as_ref() else { return Schedule::default() };
    let status = recorded.state.as_ref().map(|state| state.status);
    let took_effect = observation.status.is_some() && observation.status == status;
    let is_enough = took_effect && !recorded.in_doubt && observation.next_action != Some(NextAction::Check);
    let rests = is_enough && status.is_some_and(VerificationStatus::stops_watching);
    match rests {
        true => Schedule::after(shared, provider, recorded, Pace::new(Duration::ZERO), now, now),
        false => Schedule::soon(shared, provider, now),
    }
}
