//! Asks the vendor for a session, and stores what came of it.

use std::time::Duration;

use async_trait::async_trait;
use idv::profile::Capability;
use idv::registry::BeforeAsking;
use idv::routing::{RouteRequest, may_have_session};
use idv::{Input, ProviderId, Retry, SessionRef, StartRequest, VerificationSession};
use tokio::time::Instant;

use super::opened::{Joining, opened};
use super::request::TrackedStart;
use super::started::{Opening, Started};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Phase, StoreError, StoreErrorKind, Tracked, TrackerError};

const ASK_PROVIDER: Statement = sql!("ask_provider");
const END_START: Statement = sql!("end_start");

/// Stores which provider is about to be asked.
struct Hook<'a> {
    shared: &'a Shared,
    stored: &'a StoredVerification,
}

#[async_trait]
impl BeforeAsking for Hook<'_> {
    async fn before_asking(&self, provider: &ProviderId) -> idv::Result<()> {
        let until = self.shared.now().saturating_add(self.shared.options.start_lease);
        let told = async {
            let mut transaction = self.shared.store.begin().await?;
            let id = self.stored.tracked.id;
            let values = values![id, self.stored.takeovers, provider.as_str(), until];
            let changed = transaction.run(ASK_PROVIDER, values).await?;
            transaction.commit().await?;
            Ok::<_, StoreError>(changed > 0)
        };
        let refused = |message: &'static str| {
            idv::Error::new(idv::ErrorKind::Unavailable, message)
                .with_provider(provider.clone())
                .with_operation(idv::Operation::Start)
                .with_retry(Retry::Allowed { after: None })
        };
        match told.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(refused("another process has taken the start over")),
            Err(error) => Err(refused("the intent of the start could not be stored").with_source(error)),
        }
    }
}

pub(super) async fn ask(
    shared: &Shared,
    start: &TrackedStart,
    stored: StoredVerification,
) -> Result<Started, TrackerError> {
    let request = with_key(&start.request, &stored);
    let hook = Hook { shared, stored: &stored };
    let outcome = match stored.tracked.provider.as_ref().or(start.provider.as_ref()) {
        Some(provider) => match hook.before_asking(provider).await {
            Ok(()) => shared.registry.start_at(provider, &request).await,
            Err(error) => Err(error),
        },
        None => {
            let route = start.route.clone().unwrap_or_else(|| RouteRequest::from(&request));
            let routed = shared.registry.start_routed_with(&route, &request, &hook).await;
            routed.map(|routed| routed.session).map_err(idv::Error::from)
        }
    };
    match outcome {
        Ok(session) => {
            let session = without_our_key(session, &start.request);
            let joining = Joining::Started(session.status, start.known_as.clone());
            let verification = keep(shared, &stored, &session.reference, joining).await?;
            Ok(Started { verification, session: Some(session), opening: Opening::Opened })
        }
        Err(error) => {
            failed(shared, &stored, &error).await?;
            Err(error.into())
        }
    }
}

/// How long it rests until a session that could not be stored is stored again.
const REST: Duration = Duration::from_millis(200);

/// Stores the session, and tries again until the lease of the start is over if the database is away: where the vendor cannot search,
/// this process alone knows it.
async fn keep(
    shared: &Shared,
    stored: &StoredVerification,
    session: &SessionRef,
    joining: Joining,
) -> Result<Tracked, StoreError> {
    let end = Instant::now() + shared.options.start_lease;
    loop {
        match opened(shared, stored.tracked.id, session, joining.clone()).await {
            Err(error) if error.kind() == StoreErrorKind::Unavailable && Instant::now() < end => {
                tokio::time::sleep(REST).await;
            }
            outcome => return outcome,
        }
    }
}

/// The request with the key that stands in the intent, so that a repeated start is recognized by the vendor.
fn with_key(request: &StartRequest, stored: &StoredVerification) -> StartRequest {
    match &stored.idempotency_key {
        Some(key) => request.clone().idempotency_key(key.clone()),
        None => request.clone(),
    }
}

/// The key is ours unless the application gave one: that a vendor has no use for it is not its business.
fn without_our_key(mut session: VerificationSession, request: &StartRequest) -> VerificationSession {
    if request.context().idempotency_key().is_none() {
        session.unused_inputs.retain(|input| *input != Input::IDEMPOTENCY_KEY);
    }
    session
}

/// Stores that there is no session, or that there may be one.
async fn failed(shared: &Shared, stored: &StoredVerification, error: &idv::Error) -> Result<(), StoreError> {
    let now = shared.now();
    let is_uncertain = may_have_session(error);
    let is_repeatable = matches!(error.retry(), Retry::Allowed { .. } | Retry::Exhausted);
    let (phase, until) = match is_uncertain {
        true if can_search(shared, error) => (Phase::Uncertain, Some(now)),
        true => (Phase::Uncertain, Some(now.saturating_add(shared.options.hold))),
        false => (Phase::Refused, None),
    };
    let is_exclusive = is_uncertain && stored.is_exclusive;
    let mut transaction = shared.store.begin().await?;
    let values =
        values![stored.tracked.id, stored.takeovers, phase.as_str(), is_exclusive, until, is_repeatable];
    transaction.run(END_START, values).await?;
    transaction.commit().await
}

/// Whether a worker can look for the session at once.
fn can_search(shared: &Shared, error: &idv::Error) -> bool {
    let provider = error.provider().and_then(|provider| shared.registry.provider(provider).ok());
    provider.is_some_and(|provider| provider.profile().capabilities.has(Capability::Find))
}
