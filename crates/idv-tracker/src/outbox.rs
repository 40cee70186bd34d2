//! The outbox: every transition, at least once, in order for each verification.

mod number;

use std::time::Duration;

use crate::record::transition;
use crate::store::{Statement, sql, values};
use crate::{StoreError, Tracker, Transition};

const TRANSITIONS: Statement = sql!("transitions");
const CONSUMER: Statement = sql!("consumer");
const ADVANCE: Statement = sql!("advance_consumer");

/// How many transitions are read at once.
const PAGE: i64 = 256;

/// How long a wait lasts at most until the database is asked again: transitions of other processes come this late where the
/// database does not announce them.
const IDLE: Duration = Duration::from_secs(1);

/// The transitions from one point on, read under a name whose place the database keeps.
#[derive(Debug)]
pub struct Consumer {
    tracker: Tracker,
    name: String,
    position: i64,
    page: std::collections::VecDeque<Transition>,
}

impl Tracker {
    /// The transitions after a position, the oldest first: at most `limit` of them. The first position is 0.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn transitions(&self, after: i64, limit: usize) -> Result<Vec<Transition>, StoreError> {
        let store = &self.shared().store;
        number::number(store).await?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = store.rows(TRANSITIONS, values![after, limit]).await?;
        rows.iter().map(transition).collect()
    }

    /// Reads on where the consumer of this name stopped: at the beginning, the first time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn consumer(&self, name: impl Into<String>) -> Result<Consumer, StoreError> {
        let name = name.into();
        let row = self.shared().store.row(CONSUMER, values![name.as_str()]).await?;
        let position = row.map(|row| row.int("position")).transpose()?.unwrap_or(0);
        Ok(Consumer { tracker: self.clone(), name, position, page: std::collections::VecDeque::new() })
    }
}

impl Consumer {
    /// The next transition, waiting until there is one. It comes again after a restart unless it was
    /// [acknowledged](Self::acknowledge).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is lost, and the next call goes on.
    pub async fn next(&mut self) -> Result<Transition, StoreError> {
        let mut news = self.tracker.shared().news.subscribe();
        loop {
            if let Some(next) = self.page.pop_front() {
                self.position = next.position;
                return Ok(next);
            }
            news.mark_unchanged();
            let page = self.tracker.transitions(self.position, usize::try_from(PAGE).unwrap_or(1)).await?;
            self.page.extend(page);
            if self.page.is_empty() {
                let _ = tokio::time::timeout(IDLE, news.changed()).await;
            }
        }
    }

    /// Keeps that everything up to a transition is done with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acknowledge(&self, transition: &Transition) -> Result<(), StoreError> {
        self.keep(transition.position).await
    }

    /// Goes back, or forward, to what follows a position.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replay_after(&mut self, position: i64) -> Result<(), StoreError> {
        self.keep(position).await?;
        self.position = position;
        self.page.clear();
        Ok(())
    }

    async fn keep(&self, position: i64) -> Result<(), StoreError> {
        let mut transaction = self.tracker.shared().store.begin().await?;
        transaction.run(ADVANCE, values![self.name.as_str(), position]).await?;
        transaction.commit().await
    }
}
