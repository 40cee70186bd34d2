//! The transitions of one verification, and the newest position.

use super::number::number;
use crate::record::transition;
use crate::store::{Statement, Store, sql, values};
use crate::{StoreError, Tracker, Transition, VerificationId};

const TRANSITIONS_OF: Statement = sql!("transitions_of");
const NEWEST: Statement = sql!("newest_position");

impl Tracker {
    /// The position of the newest transition; 0 where there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest_position(&self) -> Result<i64, StoreError> {
        let store = &self.shared().store;
        number(store).await?;
        let row = store.row(NEWEST, values![]).await?;
        row.map_or(Ok(0), |row| row.int("value"))
    }
}

/// The transitions of one verification, the oldest first.
pub(crate) async fn transitions_of(store: &Store, id: VerificationId) -> Result<Vec<Transition>, StoreError> {
    number(store).await?;
    let rows = store.rows(TRANSITIONS_OF, values![id]).await?;
    rows.iter().map(transition).collect()
}
