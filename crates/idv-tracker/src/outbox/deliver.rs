//! Sends what is due, each verification for itself.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use super::claim::{Claimed, claim};
use super::delivered::Delivered;
use super::delivery::Delivery;
use super::enqueue::enqueue;
use super::message::Message;
use super::settle::{erased, settle};
use crate::pause::{LONG_REST, REST};
use crate::tracker::Shared;
use crate::{StoreError, Tracker};

impl Tracker {
    /// Sends all transitions that are due to the application's URL, and comes back when none is due or under way. Without a
    /// [`Delivery`] it does nothing.
    ///
    /// # Errors
    /// [`StoreError`]. The application's errors are part of the schedule: the transition is sent again later.
    pub async fn deliver_due(&self) -> Result<Delivered, StoreError> {
        let (_stopping, stopped) = watch::channel(false);
        deliver(self.shared(), &stopped).await
    }
}

/// Sends what is due again and again, until it is stopped. What is under way then is settled.
pub(crate) async fn keep_delivering(shared: &Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    if shared.delivery.is_none() {
        return;
    }
    let mut news = shared.news.subscribe();
    shared.listen();
    while !*stopped.borrow() {
        news.mark_unchanged();
        let rest = match deliver(shared, &stopped).await {
            Ok(_) => REST,
            Err(error) => {
                tracing::error!(%error, "transitions could not be delivered");
                LONG_REST
            }
        };
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            _ = news.changed(), if rest == REST => {}
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Keeps as many attempts under way as may be, until none is due.
async fn deliver(shared: &Arc<Shared>, stopped: &watch::Receiver<bool>) -> Result<Delivered, StoreError> {
    let Some(delivery) = &shared.delivery else { return Ok(Delivered::default()) };
    // Tasks of their own: an attempt that holds the writer of SQLite goes on while the next ones are claimed.
    let mut attempts = JoinSet::new();
    let mut outcome = Ok(Delivered::default());
    loop {
        let free = delivery.at_once().saturating_sub(attempts.len());
        if free > 0 && outcome.is_ok() && !*stopped.borrow() {
            match due(shared, delivery, free).await {
                Ok(due) => due.into_iter().for_each(|claimed| {
                    attempts.spawn(attempt(Arc::clone(shared), claimed));
                }),
                Err(error) => outcome = Err(error),
            }
        }
        if attempts.is_empty() {
            return outcome;
        }
        // While one attempt takes long, others become due.
        let Ok(mut ended) = tokio::time::timeout(REST, attempts.join_next()).await else { continue };
        while let Some(one) = ended {
            outcome = add(outcome, one);
            ended = attempts.try_join_next();
        }
    }
}

async fn due(shared: &Shared, delivery: &Delivery, count: usize) -> Result<Vec<Claimed>, StoreError> {
    enqueue(shared, delivery).await?;
    claim(shared, delivery, count).await
}

async fn attempt(shared: Arc<Shared>, claimed: Claimed) -> Result<Delivered, StoreError> {
    let Some(delivery) = &shared.delivery else { return Ok(Delivered::default()) };
    let Some(message) = Message::load(&shared.store, claimed.position).await? else {
        return erased(&shared, delivery, &claimed).await;
    };
    let now = shared.now();
    let headers = message.headers(delivery.signer(), now)?;
    let answer = delivery.post(headers, message.body, now).await;
    settle(&shared, delivery, &claimed, answer).await
}

/// Adds the end of an attempt. One that was cut off is made again after its lease.
fn add(
    outcome: Result<Delivered, StoreError>,
    ended: Result<Result<Delivered, StoreError>, JoinError>,
) -> Result<Delivered, StoreError> {
    let mut sum = outcome?;
    sum += ended.unwrap_or_else(|_| Ok(Delivered { lost: 1, ..Delivered::default() }))?;
    Ok(sum)
}
