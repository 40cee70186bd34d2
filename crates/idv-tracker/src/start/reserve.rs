//! Stores the intent of a start, or finds what stands in its place.

use idv::Timestamp;
use uuid::Uuid;

use super::request::TrackedStart;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Phase, StoreError, Tracked, VerificationId};

const INTEND: Statement = sql!("intend");
const OPEN: Statement = sql!("open_of_reference");
const TAKE_OVER: Statement = sql!("take_over");

/// The state of the store that a start finds.
pub(super) enum Reserved {
    /// The intent is stored; nothing was asked yet.
    New(Box<StoredVerification>),
    /// An earlier start did not come to an end, and is taken over.
    Overdue(Box<StoredVerification>),
    /// Another process is asking the vendor, until this time at most.
    UnderWay(Tracked, Timestamp),
    /// A session is open.
    Open(Tracked),
}

pub(super) async fn reserve(shared: &Shared, start: &TrackedStart) -> Result<Reserved, StoreError> {
    let now = shared.now();
    let until = now.saturating_add(shared.options.start_lease);
    let key = start.request.context().idempotency_key();
    let key = key.map_or_else(|| Uuid::new_v4().to_string(), str::to_owned);
    let (reference, purpose) = (start.request.reference.as_str(), start.purpose.as_str());
    let mut transaction = shared.store.begin().await?;
    let inserted =
        transaction.row(INTEND, values![reference, purpose, !start.another, key, until, now]).await?;
    if let Some(row) = inserted {
        let id = VerificationId::new(row.int("id")?);
        let stored = crate::record::locked(&mut transaction, id).await?;
        transaction.commit().await?;
        return stored.map(|stored| Reserved::New(Box::new(stored))).ok_or_else(vanished);
    }
    let open = transaction.row(OPEN, values![reference, purpose]).await?;
    let Some(open) = open.as_ref().map(StoredVerification::read).transpose()? else {
        return Err(vanished());
    };
    if open.tracked.phase == Phase::Tracked {
        return Ok(Reserved::Open(open.tracked));
    }
    let values = values![open.tracked.id, open.takeovers, until, now];
    if transaction.run(TAKE_OVER, values).await? == 0 {
        let until = open.start_until.unwrap_or(now);
        return Ok(Reserved::UnderWay(open.tracked, until));
    }
    transaction.commit().await?;
    Ok(Reserved::Overdue(Box::new(StoredVerification { takeovers: open.takeovers + 1, ..open })))
}

fn vanished() -> StoreError {
    StoreError::new(
        crate::StoreErrorKind::Unavailable,
        "a verification was closed while it was read; try again",
    )
}
