//! Polls without news, the most of all: settled together, in two statements for a whole batch.

use std::collections::HashSet;

use idv::ProviderId;
use serde::Serialize;

use super::settle::{Answer, FLOOR, pace};
use crate::record::{Recorded, Schedule, milliseconds, to_json};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, StoreError};

const SETTLE: Statement = sql!("settle_quiet", by engine);
const SEEN_AGAIN: Statement = sql!("seen_again_all", by engine);

/// A poll that says what the last one said, of a verification whose state is just that.
#[derive(Debug, Serialize)]
pub(super) struct Quiet {
    pub(super) id: i64,
    fence: i64,
    /// Another one where an event changed the state meanwhile.
    version: i64,
    due_at: i64,
    interval_ms: i64,
    observation: i64,
    seen_at: i64,
}

impl Quiet {
    pub(super) fn of(
        shared: &Shared,
        provider: &ProviderId,
        stored: &StoredVerification,
        answer: &Answer,
    ) -> Option<Self> {
        let Answer::Given(verification, asked_at) = answer else { return None };
        let (row, digest) = stored.last_poll.as_ref()?;
        let state = stored.tracked.state.as_ref()?;
        let is_same = state.status == verification.status
            && state.provider_status == verification.provider_status
            && state.reasons == verification.reasons;
        let observation = Observation::of_check(Source::Poll, verification, *asked_at);
        if !is_same || observation.facts_digest()? != *digest {
            return None;
        }
        let recorded = Recorded::nothing(stored);
        let now = shared.now();
        let schedule = Schedule::after(shared, provider, &recorded, pace(stored), stored.fresh_since, now);
        Some(Self {
            id: stored.tracked.id.get(),
            fence: stored.fence,
            version: stored.tracked.version,
            due_at: schedule.due_at?.unix_millis(),
            interval_ms: milliseconds(schedule.pace?.interval()),
            observation: *row,
            seen_at: asked_at.unix_millis(),
        })
    }
}

/// Settles them, and says which ones: not those whose lease was lost, or whose state an event changed meanwhile.
pub(super) async fn settle(shared: &Shared, quiet: &[&Quiet]) -> Result<HashSet<i64>, StoreError> {
    if quiet.is_empty() {
        return Ok(HashSet::new());
    }
    let all = to_json(&quiet)?;
    let floor = shared.now().saturating_add(FLOOR);
    let mut transaction = shared.store.begin().await?;
    let settled = transaction.rows(SETTLE, values![all, floor]).await?;
    let settled: HashSet<i64> = settled.iter().map(|row| row.int("id")).collect::<Result<_, _>>()?;
    let seen: Vec<_> = quiet.iter().filter(|one| settled.contains(&one.id)).collect();
    transaction.run(SEEN_AGAIN, values![to_json(&seen)?]).await?;
    transaction.commit().await?;
    Ok(settled)
}
