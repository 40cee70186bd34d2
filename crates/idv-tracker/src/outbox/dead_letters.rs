//! Transitions that the application did not accept, and sending again.

use serde::Serialize;

use crate::record::transition;
use crate::store::{Row, Statement, sql, values};
use crate::{StoreError, Tracker, Transition};

const DEAD: Statement = sql!("delivery_dead");
const REVIVE: Statement = sql!("delivery_revive");
const REPLAY: Statement = sql!("delivery_replay");

/// A transition that is not sent any more, because the application's URL did not accept it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The [name](crate::Delivery::target) of the delivery.
    pub target: String,
    /// How often it was sent.
    pub attempts: i64,
    /// The result of the last attempt: `status_500`, `timeout`, `connection` and so on.
    pub error: String,
    /// The transition.
    pub transition: Transition,
}

impl Tracker {
    /// The transitions that the application did not accept, the oldest first: at most `limit` of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn dead_letters(&self, limit: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.shared().store.rows(DEAD, values![limit]).await?;
        rows.iter().map(dead_letter).collect()
    }

    /// Sends a dead letter again, with the same id and all its attempts. `false` where there is none at this position.
    ///
    /// Later transitions of its verification may have been accepted before it: the receiver goes by their `version`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn redeliver(&self, position: i64) -> Result<bool, StoreError> {
        let shared = self.shared();
        let mut transaction = shared.store.begin().await?;
        let count = transaction.run(REVIVE, values![position, shared.now()]).await?;
        transaction.commit().await?;
        shared.announce();
        Ok(count > 0)
    }

    /// Sends everything after a position again to a [target](crate::Delivery::target), whether it was accepted or not, each with
    /// the same id as before. Says how many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replay(&self, target: &str, after: i64) -> Result<u64, StoreError> {
        let shared = self.shared();
        let mut transaction = shared.store.begin().await?;
        let count = transaction.run(REPLAY, values![target, after, shared.now()]).await?;
        transaction.commit().await?;
        shared.announce();
        Ok(count)
    }
}

fn dead_letter(row: &Row) -> Result<DeadLetter, StoreError> {
    Ok(DeadLetter {
        target: row.text("target")?,
        attempts: row.int("attempts")?,
        error: row.text_or_null("last_error")?.unwrap_or_default(),
        transition: transition(row)?,
    })
}
