//! Retention: rows that are not needed any more are removed.

use crate::store::{Statement, sql, values};
use crate::tracker::Shared;
use crate::{TrackerError, VerificationId};

use super::rows::erase_rows;

const OUTLIVED: Statement = sql!("outlived");
const FORGET_PARKED: [Statement; 2] = [sql!("forget_parked_ids"), sql!("forget_parked_events")];

/// Removes verifications that ended longer ago than they are kept, and parked events that found no verification in that time. Says
/// how many verifications.
pub(crate) async fn retain(shared: &Shared, limit: i64) -> Result<usize, TrackerError> {
    let Some(period) = shared.options.keep_for else { return Ok(0) };
    let period = i64::try_from(period.as_millis()).unwrap_or(i64::MAX);
    let before = idv::Timestamp::from_unix_millis(shared.now().unix_millis().saturating_sub(period));
    let rows = shared.store.rows(OUTLIVED, values![before, limit]).await?;
    for row in &rows {
        erase_rows(&shared.store, VerificationId::new(row.int("id")?)).await?;
    }
    if shared.store.row(sql!("old_parked"), values![before]).await?.is_some() {
        let mut transaction = shared.store.begin().await?;
        for statement in FORGET_PARKED {
            transaction.run(statement, values![before]).await?;
        }
        transaction.commit().await?;
    }
    Ok(rows.len())
}
