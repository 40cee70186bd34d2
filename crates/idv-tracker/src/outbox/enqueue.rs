//! Puts new transitions on their way to the application.

use super::delivery::Delivery;
use super::number::number;
use crate::StoreError;
use crate::store::{Statement, sql, values};
use crate::tracker::Shared;

const UNQUEUED: Statement = sql!("delivery_unqueued");
const ENQUEUE: Statement = sql!("delivery_enqueue");

/// How many are put on their way in one transaction.
const BATCH: i64 = 1000;

/// Puts all transitions on their way that have a position and are not on it, in the order of their positions.
pub(super) async fn enqueue(shared: &Shared, delivery: &Delivery) -> Result<(), StoreError> {
    number(&shared.store).await?;
    let target = delivery.name();
    while shared.store.row(UNQUEUED, values![target]).await?.is_some() {
        let mut transaction = shared.store.begin().await?;
        transaction.run(ENQUEUE, values![target, shared.now(), BATCH]).await?;
        transaction.commit().await?;
    }
    Ok(())
}
