//! The schedule of a verification.

use std::time::Duration;

use idv::watching::{Pace, jittered, wanted_pause};
use idv::{NextAction, ProviderId, Timestamp};

use super::decide::Recorded;
use crate::credentials::needs_credential;
use crate::store::StoredVerification;
use crate::tracker::Shared;
use crate::{State, Waiting};

/// When a verification is asked about next.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) pace: Option<Pace>,
    pub(crate) waiting_for: Option<Waiting>,
}

impl Schedule {
    /// The schedule after something was seen, given how long there was no news.
    pub(crate) fn after(
        shared: &Shared,
        provider: &ProviderId,
        recorded: &Recorded,
        pace: Pace,
        fresh_since: Timestamp,
        now: Timestamp,
    ) -> Self {
        let Some(state) = &recorded.state else { return Self::soon(shared, provider, now) };
        let recheck = recheck(state, now);
        let rests = state.status.stops_watching() && !recorded.in_doubt;
        if rests && recheck.is_none() {
            return Self::default();
        }
        if needs_credential(&shared.registry, provider) && shared.credentials.is_none() {
            return Self { waiting_for: Some(Waiting::Credential), ..Self::default() };
        }
        if rests {
            return Self { due_at: recheck, ..Self::default() };
        }
        Self::paced(shared, provider, &state.next_action, pace, fresh_since, now)
    }

    /// The schedule while the vendor has not decided.
    pub(crate) fn paced(
        shared: &Shared,
        provider: &ProviderId,
        action: &NextAction,
        mut pace: Pace,
        fresh_since: Timestamp,
        now: Timestamp,
    ) -> Self {
        let cadence = shared.registry.provider(provider).ok().map(|found| found.profile().actions.cadence);
        let wanted = wanted_pause(action, cadence);
        let pause = pace.after_answer(now.saturating_since(fresh_since), wanted, &shared.options.cadence);
        let pause = jittered(pause, &*shared.random);
        Self { due_at: Some(now.saturating_add(pause)), pace: Some(pace), waiting_for: None }
    }

    /// The schedule after an observation of ours, which leaves the vendor's pace as it is unless nothing more is to come.
    pub(crate) fn after_ours(
        shared: &Shared,
        stored: &StoredVerification,
        recorded: &Recorded,
        now: Timestamp,
    ) -> Self {
        let rests = recorded.state.as_ref().is_some_and(|state| state.status.stops_watching());
        let Some(provider) = stored.tracked.provider.as_ref() else { return Self::default() };
        match (rests, stored.tracked.due_at) {
            (true, _) | (_, None) => {
                Self::after(shared, provider, recorded, Pace::new(Duration::ZERO), now, now)
            }
            (false, due_at) => Self { due_at, waiting_for: stored.tracked.waiting_for, pace: None },
        }
    }

    /// Due at once.
    pub(crate) fn soon(shared: &Shared, provider: &ProviderId, now: Timestamp) -> Self {
        if needs_credential(&shared.registry, provider) && shared.credentials.is_none() {
            return Self { waiting_for: Some(Waiting::Credential), ..Self::default() };
        }
        Self { due_at: Some(now), ..Self::default() }
    }
}

/// When an approval is looked at again: a period after it was given, and then a period after each look.
fn recheck(state: &State, now: Timestamp) -> Option<Timestamp> {
    let NextAction::Done { recheck_after: Some(period) } = state.next_action else { return None };
    let first = state.updated_at.saturating_add(period);
    Some(if first > now { first } else { now.saturating_add(period) })
}

pub(crate) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
