//! Reads transitions in order, under a name whose place the database keeps.

use std::collections::VecDeque;

use futures_util::Stream;
use futures_util::stream::unfold;

use super::number::number;
use crate::record::transition;
use crate::store::{Statement, sql, values};
use crate::{StoreError, Tracker, Transition};

const TRANSITIONS: Statement = sql!("transitions");
const CONSUMER: Statement = sql!("consumer");
const ADVANCE: Statement = sql!("advance_consumer");

/// How many transitions are read at once.
const PAGE: usize = 256;

/// The transitions from one point on, read under a name whose place the database keeps.
#[derive(Debug)]
pub struct Consumer {
    tracker: Tracker,
    name: String,
    position: i64,
    page: VecDeque<Transition>,
}

impl Tracker {
    /// The transitions after a position, the oldest first: at most `limit` of them. The first position is 0.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn transitions(&self, after: i64, limit: usize) -> Result<Vec<Transition>, StoreError> {
        let store = &self.shared().store;
        number(store).await?;
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
        Ok(Consumer { tracker: self.clone(), name, position, page: VecDeque::new() })
    }
}

impl Consumer {
    /// The next transition, waiting until there is one. It comes again after a restart unless it was
    /// [acknowledged](Self::acknowledge).
    ///
    /// A transition of this process wakes the wait at once, and on PostgreSQL one of any process. Else it is noticed after
    /// [`TrackerOptions::consumer_pause`](crate::TrackerOptions::consumer_pause).
    ///
    /// # Errors
    /// [`StoreError`]; nothing is lost, and the next call goes on.
    pub async fn next(&mut self) -> Result<Transition, StoreError> {
        let shared = self.tracker.shared();
        let mut news = shared.news.subscribe();
        loop {
            if let Some(next) = self.page.pop_front() {
                self.position = next.position;
                return Ok(next);
            }
            news.mark_unchanged();
            self.page.extend(self.tracker.transitions(self.position, PAGE).await?);
            if self.page.is_empty() {
                shared.listen();
                let _ = tokio::time::timeout(shared.options.consumer_pause, news.changed()).await;
            }
        }
    }

    /// All transitions from here on, as a stream without an end. A transition is acknowledged when the one after it is asked for,
    /// so the application is done with one before it polls the stream again; an adapter that buffers acknowledges too early.
    ///
    /// After an error of the database, the stream goes on where it was.
    pub fn into_stream(self) -> impl Stream<Item = Result<Transition, StoreError>> + Send + use<> {
        unfold((self, None), |(mut consumer, done)| async move {
            if let Some(position) = done
                && let Err(error) = consumer.keep(position).await
            {
                return Some((Err(error), (consumer, Some(position))));
            }
            let next = consumer.next().await;
            let done = next.as_ref().ok().map(|transition| transition.position);
            Some((next, (consumer, done)))
        })
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
