//! Polling: due verifications are claimed in batches, asked about, and settled.

mod claim;
mod polled;
mod quota;
mod settle;

use futures_util::StreamExt as _;
use futures_util::stream;
use idv::{CheckRequest, ProviderId};

use crate::credentials::needs_credential;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{StoreError, Tracker, TrackerError};

pub use polled::Polled;

const PROVIDERS_DUE: Statement = sql!("providers_due");

impl Tracker {
    /// Makes the checks that are due at every provider, one batch of each, within the vendors' rates.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. A vendor's errors are part of the schedule: the check is made again later.
    pub async fn poll_due(&self) -> Result<Polled, TrackerError> {
        let shared = self.shared();
        let due = shared.store.rows(PROVIDERS_DUE, values![shared.now()]).await?;
        let mut polled = Polled::default();
        for row in &due {
            let Ok(provider) = row.text("provider")?.parse::<ProviderId>() else { continue };
            if shared.registry.provider(&provider).is_err() {
                continue;
            }
            polled += batch(shared, &provider).await?;
        }
        if polled.news > 0 {
            shared.announce();
        }
        Ok(polled)
    }
}

/// One batch of one provider.
async fn batch(shared: &Shared, provider: &ProviderId) -> Result<Polled, TrackerError> {
    let wanted = shared.options.batch.max(1);
    let granted = quota::take(shared, provider, wanted).await?;
    if granted == 0 {
        return Ok(Polled::default());
    }
    let claimed = claim::claim(shared, provider, granted).await?;
    quota::give_back(shared, provider, granted - u32::try_from(claimed.len()).unwrap_or(granted)).await?;
    let checks = stream::iter(claimed).map(|stored| check(shared, provider, stored));
    let mut checks = checks.buffer_unordered(shared.options.concurrency.max(1));
    let mut polled = Polled::default();
    while let Some(outcome) = checks.next().await {
        polled += outcome?;
    }
    Ok(polled)
}

/// Asks the vendor about one verification, and settles what it says.
async fn check(
    shared: &Shared,
    provider: &ProviderId,
    stored: StoredVerification,
) -> Result<Polled, StoreError> {
    let Some(session) = stored.tracked.session.clone() else {
        return settle::unasked(shared, &stored).await;
    };
    let mut request = CheckRequest::new(session);
    if needs_credential(&shared.registry, provider) {
        let completed = match &shared.credentials {
            Some(source) => source.complete(&stored.tracked, request).await,
            None => None,
        };
        let Some(completed) = completed else { return settle::unasked(shared, &stored).await };
        request = completed;
    }
    let asked_at = shared.now();
    let outcome = shared.registry.check(&request).await;
    settle::settle(shared, provider, &stored, outcome, asked_at).await
}
