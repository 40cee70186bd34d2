//! Starts: the intent is stored before the vendor is asked, and the outcome after.

mod ask;
mod flights;
mod opened;
mod recover;
mod reserve;

use std::time::Duration;

use idv::routing::RouteRequest;
use idv::{Correlation, ProviderId, StartRequest, VerificationSession};

use crate::tracker::Shared;
use crate::{Tracked, Tracker, TrackerError};
use reserve::{Reserved, reserve};

pub(crate) use flights::Flights;
pub(crate) use opened::{adopt, milliseconds};
pub(crate) use recover::settle_overdue;

/// A start that the tracker keeps.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TrackedStart {
    /// The request. What is in it goes to the vendor and is not stored, apart from its reference and idempotency key.
    pub request: StartRequest,
    /// The purpose: starts of one reference and one purpose share one open session; default: empty.
    pub purpose: String,
    /// Another session, even if one is open.
    pub another: bool,
    /// The provider to ask, whatever `[routing]` says.
    pub provider: Option<ProviderId>,
    /// What the routing should take into account besides the request.
    pub route: Option<RouteRequest>,
    /// Ids of the applicant at the vendor that the application knows already, such as the user id at Baanx: events that name
    /// nothing else are joined by them.
    pub known_as: Correlation,
}

impl TrackedStart {
    /// A start where the configuration sends it.
    #[must_use]
    pub fn new(request: StartRequest) -> Self {
        Self {
            request,
            purpose: String::new(),
            another: false,
            provider: None,
            route: None,
            known_as: Correlation::new(),
        }
    }

    /// Names the purpose, such as `onboarding`.
    #[must_use]
    pub fn purpose(mut self, purpose: impl Into<String>) -> Self {
        self.purpose = purpose.into();
        self
    }

    /// Opens another session, even if one is open for the same reference and purpose.
    #[must_use]
    pub fn another(mut self) -> Self {
        self.another = true;
        self
    }

    /// Asks one provider, whatever `[routing]` says.
    #[must_use]
    pub fn at(mut self, provider: ProviderId) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Names an id of the applicant at the vendor, such as [`Correlation::USER_ID`].
    #[must_use]
    pub fn known_as(mut self, name: &str, id: &str) -> Self {
        self.known_as = self.known_as.with(name, Some(id));
        self
    }

    /// Lets the routing take more into account.
    #[must_use]
    pub fn route(mut self, route: RouteRequest) -> Self {
        self.route = Some(route);
        self
    }
}

impl From<StartRequest> for TrackedStart {
    fn from(request: StartRequest) -> Self {
        Self::new(request)
    }
}

/// How a start came to its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Opening {
    /// The vendor opened one.
    Opened,
    /// One was open already.
    Shared,
    /// An earlier start had lost its answer, and its session was found at the vendor.
    Found,
}

/// A verification that was started.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Started {
    /// The verification as it is kept.
    pub verification: Tracked,
    /// The session with its link. Links are not stored: where a session is shared with an earlier start, or was found after a
    /// lost answer, there is none, and [`Registry::refresh`](idv::Registry::refresh) gets a fresh one where the vendor can.
    pub session: Option<VerificationSession>,
    /// How it came to its session.
    pub opening: Opening,
}

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
            match shared.flights.board(key) {
                flights::Place::Lead(flight) => {
                    let outcome = lead(shared, &start).await;
                    flight.land(outcome.as_ref().ok());
                    return outcome;
                }
                flights::Place::Follow(flight) => {
                    if let Some(started) = flight.landed().await {
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
