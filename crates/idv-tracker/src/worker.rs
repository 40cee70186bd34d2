//! The worker: polls what is due, joins what was parked, looks for the sessions of lost starts, lets approvals lapse, and sends
//! transitions to the application's URL.

use std::time::Duration;

use tokio::sync::watch;

use crate::intake::join_parked;
use crate::operate::{lapse, retain};
use crate::outbox::keep_delivering;
use crate::poll::Polled;
use crate::start::settle_overdue;
use crate::{Tracker, TrackerError};

/// How many parked events, overdue starts and lapsed approvals are looked at in one round.
const BATCH: i64 = 256;

/// How long a worker rests after a round in which nothing was due.
const REST: Duration = Duration::from_millis(500);

/// How long a worker rests after an error of the database.
const LONG_REST: Duration = Duration::from_secs(2);

impl Tracker {
    /// Works until the future is dropped or `stop` is done: any number of workers, in any number of processes, share one database.
    ///
    /// A round that was begun is finished after `stop`. An error of the database is logged, and the work goes on once it is back.
    pub async fn run(&self, stop: impl Future<Output = ()>) {
        let (stopping, stopped) = watch::channel(false);
        let stop = async {
            stop.await;
            stopping.send_replace(true);
        };
        // Two loops, so that a slow receiver does not hold up the polls.
        tokio::join!(stop, self.keep_polling(stopped.clone()), keep_delivering(self.shared(), stopped));
    }

    async fn keep_polling(&self, mut stopped: watch::Receiver<bool>) {
        loop {
            let pause = match self.watch_round().await {
                Ok(Polled { checks: 0, .. }) => REST,
                Ok(_) => Duration::ZERO,
                Err(error) => {
                    tracing::error!(%error, "a round of the tracker failed");
                    LONG_REST
                }
            };
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One round of a worker's work, deliveries included.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. A vendor's errors are part of the schedule, and so are those of the application.
    pub async fn round(&self) -> Result<Polled, TrackerError> {
        let polled = self.watch_round().await?;
        self.deliver_due().await?;
        Ok(polled)
    }

    async fn watch_round(&self) -> Result<Polled, TrackerError> {
        let shared = self.shared();
        join_parked(shared, BATCH).await?;
        settle_overdue(shared, BATCH).await?;
        lapse(shared, BATCH).await?;
        retain(shared, BATCH).await?;
        self.poll_due().await
    }
}
