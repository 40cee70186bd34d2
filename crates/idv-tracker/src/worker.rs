//! The worker: polls what is due, joins what was parked, looks for the sessions of lost starts, lets approvals lapse, and sends
//! transitions to the application's URL.

use tokio::sync::watch;

use crate::intake::join_parked;
use crate::operate::{lapse, retain};
use crate::outbox::keep_delivering;
use crate::pause::{LONG_REST, REST};
use crate::poll::{Polled, keep_polling};
use crate::start::settle_overdue;
use crate::tracker::Shared;
use crate::{Tracker, TrackerError};

/// How many parked events, overdue starts and lapsed approvals are looked at in one round.
const BATCH: i64 = 256;

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
        // A slow vendor or a slow receiver holds up nothing else.
        let shared = self.shared();
        let delivering = keep_delivering(shared, stopped.clone());
        tokio::join!(
            stop,
            keep_maintaining(shared, stopped.clone()),
            keep_polling(shared, stopped),
            delivering
        );
    }

    /// One round of a worker's work, deliveries included.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. A vendor's errors are part of the schedule, and so are those of the application.
    pub async fn round(&self) -> Result<Polled, TrackerError> {
        maintain(self.shared()).await?;
        let polled = self.poll_due().await?;
        self.deliver_due().await?;
        Ok(polled)
    }
}

/// Does again and again what is neither a poll nor a delivery.
async fn keep_maintaining(shared: &Shared, mut stopped: watch::Receiver<bool>) {
    loop {
        let pause = match maintain(shared).await {
            Ok(()) => REST,
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

/// Joins what was parked, looks for the sessions of lost starts, lets approvals lapse, and removes what is kept no longer.
async fn maintain(shared: &Shared) -> Result<(), TrackerError> {
    join_parked(shared, BATCH).await?;
    settle_overdue(shared, BATCH).await?;
    lapse(shared, BATCH).await?;
    retain(shared, BATCH).await?;
    Ok(())
}
