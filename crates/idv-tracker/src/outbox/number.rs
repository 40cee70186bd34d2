//! Gives transitions their positions.
//!
//! A number that a transaction takes before it commits is no position: the reader may have gone past it when it appears. So a
//! transition gets its position once it is committed, in a transaction of its own that excludes all others of the kind.

use crate::StoreError;
use crate::store::{Statement, Store, sql, values};

const UNNUMBERED: Statement = sql!("unnumbered");
const NEXT_POSITION: Statement = sql!("next_position");
const NUMBER: Statement = sql!("number", by engine);

/// How many get their positions in one transaction.
const BATCH: i64 = 1000;

pub(super) async fn number(store: &Store) -> Result<(), StoreError> {
    while !store.rows(UNNUMBERED, values![1]).await?.is_empty() {
        let mut transaction = store.begin().await?;
        // The row of the counter is the lock.
        transaction.row(NEXT_POSITION, values![0]).await?;
        let rows = transaction.rows(UNNUMBERED, values![BATCH]).await?;
        let Some(count) = i64::try_from(rows.len()).ok().filter(|count| *count > 0) else { return Ok(()) };
        let Some(counter) = transaction.row(NEXT_POSITION, values![count]).await? else {
            return Err(StoreError::content("counter of positions"));
        };
        let first = counter.int("value")? - count + 1;
        let ids: Vec<i64> = rows.iter().map(|row| row.int("id")).collect::<Result<_, _>>()?;
        let places: Vec<(i64, i64)> = ids.into_iter().zip(first..).collect();
        transaction.run(NUMBER, values![crate::record::to_json(&places)?]).await?;
        transaction.commit().await?;
    }
    Ok(())
}
