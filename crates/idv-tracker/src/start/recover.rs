//! Recovers starts whose answer was lost: looks for the session before anything is asked again.

use idv::profile::Capability;
use idv::{FindRequest, ProviderId, Retry, Timestamp, Verification};

use super::ask::ask;
use super::opened::{Joining, opened};
use super::request::TrackedStart;
use super::started::{Opening, Started};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Phase, Source, StoreError, TrackerError};

const BY_SESSION: Statement = sql!("by_session");
const END_START: Statement = sql!("end_start");
const OVERDUE: Statement = sql!("overdue_starts");

/// How the session of a lost start can be found, at one vendor.
enum Way {
    /// Nothing was asked.
    NothingAsked,
    /// By the application's reference.
    Search(ProviderId),
    /// The start can be repeated: the vendor makes no second session.
    Repeat,
    /// Not at all.
    None,
}

fn way(shared: &Shared, stored: &StoredVerification) -> Way {
    let Some(provider) = stored.tracked.provider.clone() else { return Way::NothingAsked };
    let can = shared.registry.provider(&provider).map(|found| found.profile().capabilities);
    match can {
        Ok(can) if can.has(Capability::Find) => Way::Search(provider),
        Ok(can) if can.has(Capability::IdempotentStart) || stored.is_repeatable => Way::Repeat,
        _ => Way::None,
    }
}

/// Goes on with a start that did not come to its end. It is taken over already.
pub(super) async fn recover(
    shared: &Shared,
    start: &TrackedStart,
    stored: StoredVerification,
) -> Result<Started, TrackerError> {
    match way(shared, &stored) {
        Way::NothingAsked | Way::Repeat => ask(shared, start, stored).await,
        Way::Search(provider) => match search(shared, &stored, &provider).await {
            Ok(Some(found)) => found_one(shared, &stored, &found).await,
            Ok(None) => ask(shared, start, stored).await,
            Err(error) => {
                give_back(shared, &stored, Phase::Uncertain).await?;
                Err(error)
            }
        },
        Way::None => {
            let hold_until = hold_until(shared, &stored);
            if shared.now() >= hold_until {
                return ask(shared, start, stored).await;
            }
            give_back(shared, &stored, Phase::Uncertain).await?;
            Err(TrackerError::Uncertain { verification: Box::new(stored.tracked), hold_until })
        }
    }
}

/// Until when a session that cannot be looked for is waited for: counted from the last start, for an earlier one may have had its own
/// hold. The row is as it was before it was taken over.
fn hold_until(shared: &Shared, stored: &StoredVerification) -> Timestamp {
    let until = stored.start_until.unwrap_or(stored.tracked.created_at);
    match stored.tracked.phase {
        Phase::Uncertain => until,
        // The process that asked went away without a word.
        _ => until.saturating_add(shared.options.hold),
    }
}

/// The newest session of the reference that no verification of the store has.
async fn search(
    shared: &Shared,
    stored: &StoredVerification,
    provider: &ProviderId,
) -> Result<Option<Verification>, TrackerError> {
    let request = FindRequest::new(stored.tracked.reference.clone());
    for found in shared.registry.find(provider, &request).await? {
        let known = shared.store.row(BY_SESSION, values![found.reference.to_string()]).await?;
        if known.is_none() && !found.status.stops_watching() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

async fn found_one(
    shared: &Shared,
    stored: &StoredVerification,
    found: &Verification,
) -> Result<Started, TrackerError> {
    let seen = Observation::of_check(Source::Poll, found, shared.now());
    let joining = Joining::Seen(Box::new(seen));
    let verification = opened(shared, stored.tracked.id, &found.reference, joining).await?;
    tracing::info!(idv.verification = stored.tracked.id.get(), "the session of a lost start was found");
    Ok(Started { verification, session: None, opening: Opening::Found })
}

/// Ends a recovery that found nothing out, or for good.
async fn give_back(shared: &Shared, stored: &StoredVerification, phase: Phase) -> Result<(), StoreError> {
    let until = hold_until(shared, stored).max(shared.now());
    let (is_open, until) = match phase {
        Phase::Uncertain => (true, Some(until)),
        _ => (false, None),
    };
    let mut transaction = shared.store.begin().await?;
    let values = values![
        stored.tracked.id,
        stored.takeovers,
        phase.as_str(),
        is_open && stored.is_exclusive,
        until,
        stored.is_repeatable
    ];
    transaction.run(END_START, values).await?;
    transaction.commit().await
}

/// Looks for the sessions of starts that are overdue, so that an application that never asks again has them too. Says how many were
/// settled.
pub(crate) async fn settle_overdue(shared: &Shared, limit: i64) -> Result<usize, TrackerError> {
    let now = shared.now();
    let rows = shared.store.rows(OVERDUE, values![now, limit]).await?;
    let mut settled = 0;
    for row in &rows {
        let stored = StoredVerification::read(row)?;
        let Some(stored) = take_over(shared, stored).await? else { continue };
        settled += 1;
        match way(shared, &stored) {
            Way::NothingAsked => give_back(shared, &stored, Phase::Refused).await?,
            Way::Search(provider) => match search(shared, &stored, &provider).await {
                Ok(Some(found)) => drop(found_one(shared, &stored, &found).await?),
                Ok(None) => give_back(shared, &stored, Phase::Refused).await?,
                Err(TrackerError::Vendor(error)) if error.retry() != Retry::Never => {
                    postpone(shared, &stored).await?;
                }
                Err(TrackerError::Vendor(_)) => give_back(shared, &stored, Phase::Lost).await?,
                Err(error) => return Err(error),
            },
            Way::Repeat | Way::None => {
                let phase = if now >= hold_until(shared, &stored) { Phase::Lost } else { Phase::Uncertain };
                give_back(shared, &stored, phase).await?;
            }
        }
    }
    Ok(settled)
}

async fn take_over(
    shared: &Shared,
    stored: StoredVerification,
) -> Result<Option<StoredVerification>, StoreError> {
    const TAKE_OVER_DUE: Statement = sql!("take_over_due");
    let now = shared.now();
    let until = now.saturating_add(shared.options.start_lease);
    let mut transaction = shared.store.begin().await?;
    let values = values![stored.tracked.id, stored.takeovers, until, now];
    let taken = transaction.run(TAKE_OVER_DUE, values).await? > 0;
    transaction.commit().await?;
    Ok(taken.then(|| StoredVerification { takeovers: stored.takeovers + 1, ..stored }))
}

/// Looks again later.
async fn postpone(shared: &Shared, stored: &StoredVerification) -> Result<(), StoreError> {
    let until = shared.now().saturating_add(shared.options.start_lease);
    let mut transaction = shared.store.begin().await?;
    let values = values![
        stored.tracked.id,
        stored.takeovers,
        Phase::Uncertain.as_str(),
        stored.is_exclusive,
        Some(until),
        stored.is_repeatable
    ];
    transaction.run(END_START, values).await?;
    transaction.commit().await
}
