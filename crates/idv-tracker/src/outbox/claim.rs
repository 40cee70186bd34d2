//! Claims transitions that are due: each by one worker, for the time of a lease.

use super::delivery::Delivery;
use crate::store::{Row, Statement, sql, values};
use crate::tracker::Shared;
use crate::{StoreError, VerificationId};

const DUE: Statement = sql!("delivery_due");
const CLAIM: Statement = sql!("delivery_claim", by engine);

/// A transition that this worker sends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claimed {
    pub(super) position: i64,
    pub(super) verification: VerificationId,
    /// Which attempt this is, from 1.
    pub(super) attempt: i64,
    pub(super) fence: i64,
}

/// Claims at most `count` transitions, each the first of its verification that is not settled.
pub(super) async fn claim(
    shared: &Shared,
    delivery: &Delivery,
    count: usize,
) -> Result<Vec<Claimed>, StoreError> {
    let (target, now) = (delivery.name(), shared.now());
    // Most of the time nothing is due, and on SQLite a transaction would keep the one writer busy.
    if shared.store.row(DUE, values![target, now]).await?.is_none() {
        return Ok(Vec::new());
    }
    let lease_end = now.saturating_add(delivery.lease());
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let mut transaction = shared.store.begin().await?;
    let rows = transaction.rows(CLAIM, values![target, now, lease_end, count]).await?;
    transaction.commit().await?;
    rows.iter().map(claimed).collect()
}

fn claimed(row: &Row) -> Result<Claimed, StoreError> {
    Ok(Claimed {
        position: row.int("position")?,
        verification: VerificationId::new(row.int("verification_id")?),
        attempt: row.int("attempts")?,
        fence: row.int("fence")?,
    })
}
