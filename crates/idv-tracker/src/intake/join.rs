//! Finds the verification of an event, and keeps events whose verification is not known yet.

use idv::{Correlation, ProviderId, WebhookEvent};

use super::schedule::schedule;
use crate::record::{SESSION, decide_anew, locked, read, write};
use crate::start::adopt;
use crate::store::{Statement, StoredVerification, Transaction, sql, values};
use crate::tracker::Shared;
use crate::{StoreError, TrackerError, VerificationId};

const CORRELATED: Statement = sql!("correlated");
const UNCERTAIN: Statement = sql!("uncertain_of_reference");
const PARK: Statement = sql!("park");
const PARKED_MATCHES: Statement = sql!("parked_matches");
const OBSERVATION: Statement = sql!("observation");
const ATTACH: Statement = sql!("attach");
const UNPARK: Statement = sql!("unpark");

/// The verification of an event: the one with its session, else a start that lost its answer and has its reference, else, where
/// the event names no session, the newest one with one of its ids.
pub(super) async fn find(
    shared: &Shared,
    transaction: &mut Transaction,
    provider: &ProviderId,
    event: &WebhookEvent,
) -> Result<Option<VerificationId>, StoreError> {
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
        return Ok(Some(joined.id));
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
) -> Result<Option<VerificationId>, StoreError> {
    let row = transaction.row(CORRELATED, values![provider.as_str(), name, value]).await?;
    row.map(|row| Ok(VerificationId::new(row.int("verification_id")?))).transpose()
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
    for row in &matches {
        let (event, verification) = (row.int("observation_id")?, row.int("verification_id")?);
        join(shared, event, VerificationId::new(verification)).await?;
    }
    if !matches.is_empty() {
        shared.announce();
    }
    Ok(matches.len())
}

async fn join(shared: &Shared, event: i64, verification: VerificationId) -> Result<(), TrackerError> {
    let mut transaction = shared.store.begin().await?;
    let Some(stored) = locked(&mut transaction, verification).await? else { return Ok(()) };
    transaction.run(UNPARK, values![event]).await?;
    if transaction.run(ATTACH, values![event, verification]).await? > 0 {
        let row = transaction.row(OBSERVATION, values![event]).await?;
        let observation = row.as_ref().map(read).transpose()?;
        let recorded = decide_anew(shared, &mut transaction, &stored).await?;
        if let Some(observation) = observation {
            let now = shared.now();
            let schedule = schedule(shared, &stored, &recorded, &observation, now);
            write(&mut transaction, &stored, recorded, schedule, now).await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
