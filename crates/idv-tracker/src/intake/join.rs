//! Finds the verification of an event, and keeps events whose verification is not known yet.

use std::collections::BTreeMap;

use idv::{Correlation, ProviderId, WebhookEvent};

use super::schedule::schedule;
use crate::record::{SESSION, correlate_event, decide_anew, locked, read, write};
use crate::start::adopt;
use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{StoreError, TrackerError, VerificationId};

const CORRELATED: Statement = sql!("correlated", by engine);
const UNCERTAIN: Statement = sql!("uncertain_of_reference");
const PARK: Statement = sql!("park");
const PARKED_MATCHES: Statement = sql!("parked_matches");
const OBSERVATION: Statement = sql!("observation");
const ATTACH: Statement = sql!("attach");
const UNPARK: Statement = sql!("unpark");

/// The verification of an event, locked: the one with its session, else a start that lost its answer and has its reference, else, where
/// the event names no session, the newest one with one of its ids.
pub(super) async fn find(
    shared: &Shared,
    transaction: &mut Transaction,
    provider: &ProviderId,
    event: &WebhookEvent,
) -> Result<Option<StoredVerification>, StoreError> {
    if let Some(session) = &event.reference {
        if let Some(found) = by_id(transaction, provider, SESSION, session.key()).await? {
            return Ok(Some(found));
        }
        let external = event.correlation.get(Correlation::EXTERNAL_ID);
        let Some(reference) = external else { return Ok(None) };
        let orphan = transaction.row(UNCERTAIN, values![provider.as_str(), reference]).await?;
        let Some(orphan) = orphan.as_ref().map(StoredVerification::read).transpose()? else {
            return Ok(None);
        };
        tracing::info!(
            idv.verification = orphan.tracked.id.get(),
            "an event revealed the session of a lost start"
        );
        let joined = adopt(shared, transaction, orphan.tracked.id, session, None).await?;
        return locked(transaction, joined.id).await;
    }
    for (name, value) in event.correlation.iter() {
        if let Some(found) = by_id(transaction, provider, name, value).await? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn by_id(
    transaction: &mut Transaction,
    provider: &ProviderId,
    name: &str,
    value: &str,
) -> Result<Option<StoredVerification>, StoreError> {
    let row = transaction.row(CORRELATED, values![provider.as_str(), name, value]).await?;
    row.as_ref().map(StoredVerification::read).transpose()
}

/// Keeps the ids of an event until its verification is known.
pub(super) async fn park(
    transaction: &mut Transaction,
    row: i64,
    provider: &ProviderId,
    event: &WebhookEvent,
) -> Result<(), StoreError> {
    let session = event.reference.as_ref().map(|session| (SESSION, session.key()));
    let by_ids = session.is_none().then(|| event.correlation.iter()).into_iter().flatten();
    for (name, value) in session.into_iter().chain(by_ids) {
        transaction.run(PARK, values![row, provider.as_str(), name, value]).await?;
    }
    Ok(())
}

/// Joins parked events to verifications that have become known. Says how many.
pub(crate) async fn join_parked(shared: &Shared, limit: i64) -> Result<usize, TrackerError> {
    let matches = shared.store.rows(PARKED_MATCHES, values![limit]).await?;
    let mut events: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for row in &matches {
        events.entry(row.int("verification_id")?).or_default().push(row.int("observation_id")?);
    }
    for (verification, events) in events {
        join(shared, &events, VerificationId::new(verification)).await?;
    }
    if !matches.is_empty() {
        shared.announce();
    }
    Ok(matches.len())
}

/// Joins events to their verification, all at once: the state after some of them is none that the application is told.
async fn join(shared: &Shared, events: &[i64], verification: VerificationId) -> Result<(), TrackerError> {
    let mut transaction = shared.store.begin().await?;
    let Some(stored) = locked(&mut transaction, verification).await? else { return Ok(()) };
    let mut joined = Vec::with_capacity(events.len());
    for event in events {
        transaction.run(UNPARK, values![*event]).await?;
        if transaction.run(ATTACH, values![*event, verification]).await? > 0 {
            let row = transaction.row(OBSERVATION, values![*event]).await?;
            joined.extend(row.as_ref().map(read).transpose()?);
        }
    }
    if let (Some(last), Some(provider)) = (joined.last(), &stored.tracked.provider) {
        for observation in &joined {
            correlate_event(&mut transaction, verification, provider, observation).await?;
        }
        let recorded = decide_anew(shared, &mut transaction, &stored).await?;
        let status = recorded.state.as_ref().map(|state| state.status);
        let effective = joined.iter().find(|seen| seen.status.is_some() && seen.status == status);
        let now = shared.now();
        let schedule = schedule(shared, &stored, &recorded, effective.unwrap_or(last), now);
        write(&mut transaction, &stored, recorded, schedule, now).await?;
    }
    transaction.commit().await?;
    Ok(())
}
