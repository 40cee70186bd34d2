//! Starts: the provider that is asked, the failover to the next one, and their places under caps.

use std::fmt;

use async_trait::async_trait;
use idv_core::{
    Delivery, Error, ErrorKind, Operation, ProviderId, Request, Result, StartRequest, VerificationSession,
};

use std::sync::Arc;

use super::Snapshot;
use super::capped::CappedStart;
use crate::layers::{now, observe};
use crate::routing::Choice;
use crate::routing::{Decision, RouteRequest, Router};

/// A session, and how it came to its provider.
#[derive(Debug)]
#[non_exhaustive]
pub struct RoutedSession {
    /// The session. Its reference names the provider that serves it.
    pub session: VerificationSession,
    /// The routing decision: where it was meant to go, and why nowhere else.
    pub decision: Decision,
    /// The starts that failed before this one, in their order: none of them left a session.
    pub failed: Vec<FailedStart>,
}

impl RoutedSession {
    /// The provider that serves the session.
    #[must_use]
    pub fn provider(&self) -> &ProviderId {
        self.session.reference.provider()
    }
}

/// A start that failed at one provider.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedStart {
    /// The provider.
    pub provider: ProviderId,
    /// The vendor's error, or why nothing was sent.
    pub error: Error,
}

/// No session, and all that was tried. `?` turns it into its [`error`](Self::error).
#[derive(Debug)]
#[non_exhaustive]
pub struct RoutingFailure {
    /// The routing decision: where the session was meant to go, and why nowhere else.
    pub decision: Box<Decision>,
    /// The other starts that failed, in their order: none of them left a session.
    pub failed: Vec<FailedStart>,
    /// The reason why there is no session: the error of the last provider that was asked. Only that provider could hold one,
    /// where the delivery says so. A provider that refuses the request itself asks no vendor, so its error stands here only
    /// where no other was tried.
    pub error: Error,
}

impl fmt::Display for RoutingFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)?;
        for (index, failed) in self.failed.iter().enumerate() {
            f.write_str(if index == 0 { "; besides: " } else { "; " })?;
            failed.error.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for RoutingFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl From<RoutingFailure> for Error {
    fn from(failure: RoutingFailure) -> Self {
        failure.error
    }
}

/// Called before each provider that a start asks, for programs that keep a record of what they are about to do.
#[async_trait]
pub trait BeforeAsking: Send + Sync {
    /// The provider is asked once this has succeeded.
    ///
    /// # Errors
    /// An error ends the start: nothing was sent to this provider, and no other one is asked.
    async fn before_asking(&self, provider: &ProviderId) -> Result<()>;
}

/// The starts that made no session.
#[derive(Default)]
struct Tried {
    failed: Vec<FailedStart>,
    /// The providers whose cap was reached since the decision.
    full: Vec<ProviderId>,
}

impl Tried {
    /// The reason why there is no session: the error of the last provider that was asked. An error of a provider that cannot
    /// serve the request at all says nothing about another try, so it counts only where no other provider was tried.
    fn take_reason(&mut self) -> Option<Error> {
        let says_more = |failed: &FailedStart| !rejects_the_request(&failed.error);
        let last = self.failed.iter().rposition(says_more).or(self.failed.len().checked_sub(1))?;
        Some(self.failed.remove(last).error)
    }
}

/// Whether a provider rejected the request itself, before anything was sent.
fn rejects_the_request(error: &Error) -> bool {
    let kind = matches!(error.kind(), ErrorKind::InvalidRequest | ErrorKind::Unsupported);
    kind && error.delivery() == Delivery::NotSent
}

/// Starts where the routing sends the request by its own facts.
pub(super) async fn start(snapshot: &Arc<Snapshot>, request: &StartRequest) -> Result<VerificationSession> {
    let (router, route) = (&snapshot.router, RouteRequest::from(request));
    let choice = router.claim(&route);
    let (session, mut tried) = in_order(snapshot, &choice, request, None).await;
    session.ok_or_else(|| {
        tried.take_reason().unwrap_or_else(|| {
            let mut decision = router.explain(&route, &choice);
            decision.add_capped(tried.full);
            nobody(snapshot, request, Router::nobody(&route, &decision))
        })
    })
}

/// Starts where the routing sends a request of which more is known.
pub(super) async fn start_routed(
    snapshot: &Arc<Snapshot>,
    route: &RouteRequest,
    request: &StartRequest,
    before: Option<&dyn BeforeAsking>,
) -> Result<RoutedSession, RoutingFailure> {
    let choice = snapshot.router.claim(route);
    let mut decision = snapshot.router.explain(route, &choice);
    let (session, mut tried) = in_order(snapshot, &choice, request, before).await;
    decision.add_capped(std::mem::take(&mut tried.full));
    match session {
        Some(session) => Ok(RoutedSession { session, decision, failed: tried.failed }),
        None => {
            let unserved = || nobody(snapshot, request, Router::nobody(route, &decision));
            let error = tried.take_reason().unwrap_or_else(unserved);
            Err(RoutingFailure { decision: Box::new(decision), failed: tried.failed, error })
        }
    }
}

/// Starts at a provider of choice, to which no cap applies.
pub(super) async fn start_at(
    snapshot: &Arc<Snapshot>,
    provider: &ProviderId,
    request: &StartRequest,
) -> Result<VerificationSession> {
    snapshot.router.begin_uncapped(provider);
    CappedStart::new(snapshot, provider, request).await
}

/// Observes a start for which there is no provider.
fn nobody(snapshot: &Snapshot, request: &StartRequest, error: Error) -> Error {
    snapshot.observer(None).refused(Operation::Start, request.target(), error)
}

/// Asks one provider after the other, as long as those that failed certainly hold no session. Those whose cap was reached since
/// the decision are passed over.
async fn in_order(
    snapshot: &Arc<Snapshot>,
    choice: &Choice<'_>,
    request: &StartRequest,
    before: Option<&dyn BeforeAsking>,
) -> (Option<VerificationSession>, Tried) {
    let mut tried = Tried::default();
    let router = &snapshot.router;
    let mut request = request.clone();
    request.context_mut().begin(now());
    for (index, &provider) in choice.order.iter().enumerate() {
        // The first one is capped already.
        if index > 0 && !router.begin(provider) {
            tried.full.push(provider.clone());
            continue;
        }
        if let Some(before) = before
            && let Err(error) = before.before_asking(provider).await
        {
            router.undo(provider);
            tried.failed.push(FailedStart { provider: provider.clone(), error });
            break;
        }
        let error = match CappedStart::new(snapshot, provider, &request).await {
            Ok(session) => return (Some(session), tried),
            Err(error) => error,
        };
        let is_over = request.context().time_left(now()).is_some_and(|left| left.is_zero());
        let fails_over = router.should_fail_over(&error) && !is_over;
        let kind = error.kind();
        tried.failed.push(FailedStart { provider: provider.clone(), error });
        if !fails_over {
            break;
        }
        observe::failed_over(provider);
        tracing::warn!(
            idv.provider = %provider, idv.outcome = %kind, "a start made no session, so the next provider is asked"
        );
    }
    (None, tried)
}
