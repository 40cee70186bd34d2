//! Starts: the intent is stored before the vendor is asked, and the outcome after.

mod ask;
mod opened;
mod recover;
mod request;
mod reserve;
mod started;

use std::time::Duration;

use crate::single_flight::Place;
use crate::tracker::Shared;
use crate::{Tracker, TrackerError};
use reserve::{Reserved, reserve};

pub(crate) use opened::adopt;
pub(crate) use recover::settle_overdue;

pub use request::TrackedStart;
pub use started::{Opening, Started};

/// How often the store is asked whether another process has finished the same start.
const PATIENCE: Duration = Duration::from_millis(200);

impl Tracker {
    /// Starts a verification, or joins the one that is open for the same reference and purpose.
    ///
    /// An intent is stored before the vendor is asked, with the idempotency key that is sent. If the answer is lost, by a
    /// crash or on the way, the next start of the same reference and purpose looks first: it searches by the reference
    /// where the vendor can, repeats the start where that makes no second session, and is refused otherwise, as
    /// [`TrackerError::Uncertain`], until the hold is over. A start that was begun is finished even if its future is dropped.
    ///
    /// # Errors
    /// [`TrackerError::Store`] before anything is sent, those of [`Registry::start_routed`](idv::Registry::start_routed),
    /// [`TrackerError::Uncertain`], and [`TrackerError::StartUnderWay`] where another process takes longer than the deadline of
    /// the request, or than a start may take.
    pub async fn start(&self, start: impl Into<TrackedStart>) -> Result<Started, TrackerError> {
        let (tracker, start) = (self.clone(), start.into());
        let running = tokio::spawn(async move { tracker.start_to_the_end(start).await });
        running.await.unwrap_or_else(|_| Err(interrupted()))
    }

    async fn start_to_the_end(&self, start: TrackedStart) -> Result<Started, TrackerError> {
        let shared = self.shared();
        if start.another {
            return lead(shared, &start).await;
        }
        loop {
            let key = (start.request.reference.clone(), start.purpose.clone());
            match shared.starts.join(key) {
                Place::Lead(flight) => {
                    let outcome = lead(shared, &start).await;
                    flight.finish(outcome.as_ref().ok());
                    return outcome;
                }
                Place::Follow(flight) => {
                    if let Some(started) = flight.result().await {
                        return Ok(Started { opening: Opening::Shared, ..started });
                    }
                }
            }
        }
    }
}

/// Makes a start, as the only one of this process.
async fn lead(shared: &Shared, start: &TrackedStart) -> Result<Started, TrackerError> {
    let mut deadline = start.request.context().clone();
    deadline.begin(std::time::Instant::now());
    loop {
        match reserve(shared, start).await? {
            Reserved::Open(tracked) => {
                return Ok(Started { verification: tracked, session: None, opening: Opening::Shared });
            }
            Reserved::New(stored) => return ask::ask(shared, start, *stored).await,
            Reserved::Overdue(stored) => return recover::recover(shared, start, *stored).await,
            Reserved::UnderWay(tracked, until) => {
                let left = deadline.time_left(std::time::Instant::now());
                if shared.now() >= until || left.is_some_and(|left| left.is_zero()) {
                    return Err(TrackerError::StartUnderWay(Box::new(tracked)));
                }
                tokio::time::sleep(PATIENCE.min(left.unwrap_or(PATIENCE))).await;
            }
        }
    }
}

fn interrupted() -> TrackerError {
    let message = "the start was interrupted; what is stored of it says how far it came";
    TrackerError::Vendor(
        idv::Error::new(idv::ErrorKind::Unavailable, message)
            .with_operation(idv::Operation::Start)
            .with_delivery(idv::Delivery::Unknown)
            .with_retry(idv::Retry::AfterCheck),
    )
}
