//! States, histories and counts.

use idv::{SessionRef, Timestamp};
use serde::Serialize;

use super::counts::Counts;
use crate::outbox::transitions_of;
use crate::record::read;
use crate::store::{Row, Statement, StoredVerification, sql, values};
use crate::{Observation, StoreError, Tracked, Tracker, Transition, VerificationId, meters};

const BY_ID: Statement = sql!("by_id");
const BY_SESSION: Statement = sql!("by_session");
const BY_REFERENCE: Statement = sql!("by_reference");
const NEWEST: Statement = sql!("newest");
const HISTORY: Statement = sql!("history");
const COUNTS: Statement = sql!("counts");
const BACKLOG: Statement = sql!("backlog");

/// A verification, all that was observed of it, and the changes of its state.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct History {
    /// The verification.
    pub verification: Tracked,
    /// The observations, in the order in which they were stored.
    pub observations: Vec<HistoryEntry>,
    /// The transitions, the oldest first.
    pub transitions: Vec<Transition>,
}

/// An observation in a history.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// The observation.
    #[serde(flatten)]
    pub observation: Observation,
    /// Until when the vendor kept saying the same.
    pub seen_until: Option<Timestamp>,
}

impl Tracker {
    /// A verification by its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn get(&self, id: VerificationId) -> Result<Option<Tracked>, StoreError> {
        self.one(BY_ID, values![id]).await
    }

    /// The verification of a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn by_session(&self, session: &SessionRef) -> Result<Option<Tracked>, StoreError> {
        self.one(BY_SESSION, values![session.to_string()]).await
    }

    async fn one(
        &self,
        statement: Statement,
        values: Vec<crate::store::Value>,
    ) -> Result<Option<Tracked>, StoreError> {
        let row = self.shared().store.row(statement, values).await?;
        row.as_ref().map(tracked).transpose()
    }

    /// The verifications of the application's own reference, the newest first, at most a hundred.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn by_reference(&self, reference: &str) -> Result<Vec<Tracked>, StoreError> {
        let rows = self.shared().store.rows(BY_REFERENCE, values![reference]).await?;
        rows.iter().map(tracked).collect()
    }

    /// The newest verifications, or the newest of those that are older than one: at most `limit` of them, for an operator's list that
    /// is read page by page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn newest(
        &self,
        before: Option<VerificationId>,
        limit: usize,
    ) -> Result<Vec<Tracked>, StoreError> {
        let before = before.map_or(i64::MAX, VerificationId::get);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self.shared().store.rows(NEWEST, values![before, limit]).await?;
        rows.iter().map(tracked).collect()
    }

    /// All that was observed of a verification, and its transitions.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn history(&self, id: VerificationId) -> Result<Option<History>, StoreError> {
        let Some(verification) = self.get(id).await? else { return Ok(None) };
        let rows = self.shared().store.rows(HISTORY, values![id]).await?;
        let observations = rows.iter().map(|row| {
            let observation = read(row)?;
            Ok(HistoryEntry { seen_until: observation.seen_until, observation })
        });
        let observations = observations.collect::<Result<_, StoreError>>()?;
        let transitions = transitions_of(&self.shared().store, id).await?;
        Ok(Some(History { verification, observations, transitions }))
    }

    /// How much is in the store, and how much waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        let shared = self.shared();
        let now = shared.now();
        let mut counts = Counts::default();
        for row in shared.store.rows(COUNTS, values![]).await? {
            counts.verifications.insert(row.text("word")?, row.int("number")?);
        }
        let Some(row) = shared.store.row(BACKLOG, values![now]).await? else { return Ok(counts) };
        counts.due = row.int("due")?;
        let oldest = row.int_or_null("oldest_due")?;
        counts.overdue_ms = oldest.map_or(0, |oldest| now.unix_millis().saturating_sub(oldest));
        counts.waiting_for_credential = row.int("waiting_for_credential")?;
        counts.waiting_for_operator = row.int("waiting_for_operator")?;
        counts.parked = row.int("parked")?;
        counts.uncertain = row.int("uncertain")?;
        counts.transitions = row.int("transitions")?;
        counts.undelivered = row.int("undelivered")?;
        counts.dead = row.int("dead")?;
        meters::counts(&counts);
        Ok(counts)
    }
}

fn tracked(row: &Row) -> Result<Tracked, StoreError> {
    Ok(StoredVerification::read(row)?.tracked)
}
