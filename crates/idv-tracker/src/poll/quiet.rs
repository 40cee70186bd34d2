//! Polls without news, the most of all: settled together, in one statement for a whole batch.

use std::collections::HashSet;

use idv::ProviderId;
use serde::Serialize;

use super::claimed::Claimed;
use super::settle::{Answer, FLOOR};
use crate::record::{Schedule, action_told, milliseconds, to_json};
use crate::store::{Statement, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, StoreError, VerificationId};

const SETTLE: Statement = sql!("settle_quiet", by engine);
const SETTLED: Statement = sql!("settled", by engine);

/// A poll that says what the last one said, of a verification whose state is just that.
#[derive(Debug, Serialize)]
pub(super) struct Quiet {
    pub(super) id: VerificationId,
    fence: i64,
    version: i64,
    due_at: i64,
    interval_ms: i64,
    seen_at: i64,
}

impl Quiet {
    pub(super) fn of(
        shared: &Shared,
        provider: &ProviderId,
        claimed: &Claimed,
        answer: &Answer,
    ) -> Option<Self> {
        let (Some(digest), Answer::Given(verification, asked_at)) = (&claimed.digest, answer) else {
            return None;
        };
        let observation = Observation::of_check(Source::Poll, verification, *asked_at);
        if verification.status.stops_watching() || observation.facts_digest()? != *digest {
            return None;
        }
        let action =
            action_told(shared, provider, verification.status, Some(verification.next_action.clone()));
        let schedule =
            Schedule::paced(shared, provider, &action, claimed.pace(), claimed.fresh_since(), shared.now());
        Some(Self {
            id: claimed.id,
            fence: claimed.fence,
            version: claimed.version,
            due_at: schedule.due_at?.unix_millis(),
            interval_ms: milliseconds(schedule.pace?.interval()),
            seen_at: asked_at.unix_millis(),
        })
    }
}

/// Settles them, and says which ones: not those whose lease was lost, or whose state an event changed meanwhile.
pub(super) async fn settle(shared: &Shared, quiet: &[&Quiet]) -> Result<HashSet<VerificationId>, StoreError> {
    if quiet.is_empty() {
        return Ok(HashSet::new());
    }
    let all = to_json(&quiet)?;
    let floor = shared.now().saturating_add(FLOOR);
    let mut transaction = shared.store.begin().await?;
    let count = transaction.run(SETTLE, values![all.as_str(), floor]).await?;
    let settled = if usize::try_from(count).is_ok_and(|count| count == quiet.len()) {
        quiet.iter().map(|one| one.id).collect()
    } else {
        match transaction.row(SETTLED, values![all]).await? {
            Some(row) => row.json("ids", "list of numbers")?,
            None => HashSet::new(),
        }
    };
    transaction.commit().await?;
    Ok(settled)
}
