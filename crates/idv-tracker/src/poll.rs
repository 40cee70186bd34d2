//! Polling: due verifications are claimed in batches, asked about, and settled.

mod claim;
mod polled;
mod quiet;
mod quota;
mod settle;

use futures_util::StreamExt as _;
use futures_util::stream;
use idv::{CheckRequest, ProviderId};

use crate::credentials::needs_credential;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Tracker, TrackerError, meters};
use quiet::Quiet;
use settle::Answer;

pub use polled::Polled;

const IS_DUE: Statement = sql!("is_due");

impl Tracker {
    /// Makes the checks that are due at every provider, one batch of each, within the vendors' rates.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. A vendor's errors are part of the schedule: the check is made again later.
    pub async fn poll_due(&self) -> Result<Polled, TrackerError> {
        let shared = self.shared();
        let mut polled = Polled::default();
        for provider in shared.registry.providers() {
            let due = values![provider.id().as_str(), shared.now()];
            if shared.store.row(IS_DUE, due).await?.is_some() {
                polled += batch(shared, provider.id()).await?;
            }
        }
        meters::polled(&polled);
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
    quota::give_back(
        shared,
        provider,
        granted.saturating_sub(u32::try_from(claimed.len()).unwrap_or(granted)),
    )
    .await?;
    let checks = stream::iter(claimed).map(|stored| check(shared, provider, stored));
    let mut checks = checks.buffer_unordered(shared.options.concurrency.max(1));
    let (mut polled, mut quiet) = (Polled::default(), Vec::new());
    while let Some((stored, answer)) = checks.next().await {
        match Quiet::of(shared, provider, &stored, &answer) {
            Some(one) => quiet.push((one, stored, answer)),
            None => polled += settle::settle(shared, provider, &stored, answer).await?,
        }
    }
    let all: Vec<&Quiet> = quiet.iter().map(|(one, ..)| one).collect();
    let settled = quiet::settle(shared, &all).await?;
    polled.checks += settled.len();
    for (_, stored, answer) in quiet.into_iter().filter(|(one, ..)| !settled.contains(&one.id)) {
        polled += settle::settle(shared, provider, &stored, answer).await?;
    }
    Ok(polled)
}

/// Asks the vendor about one verification.
async fn check(
    shared: &Shared,
    provider: &ProviderId,
    stored: StoredVerification,
) -> (StoredVerification, Answer) {
    // A worker that was stopped for a while asks nothing that others ask meanwhile.
    if stored.tracked.due_at.is_some_and(|end_of_lease| end_of_lease <= shared.now()) {
        return (stored, Answer::Late);
    }
    let Some(session) = stored.tracked.session.clone() else { return (stored, Answer::Unasked) };
    let mut request = CheckRequest::new(session);
    if needs_credential(&shared.registry, provider) {
        let completed = match &shared.credentials {
            Some(source) => source.complete(&stored.tracked, request).await,
            None => None,
        };
        let Some(completed) = completed else { return (stored, Answer::Unasked) };
        request = completed;
    }
    let asked_at = shared.now();
    match shared.registry.check(&request).await {
        Ok(verification) => (stored, Answer::Given(Box::new(verification), asked_at)),
        Err(error) => (stored, Answer::Failed(error)),
    }
}
