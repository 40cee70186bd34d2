//! Polling: due verifications are claimed in batches, asked about, and settled.

mod claim;
mod claimed;
mod lanes;
mod polled;
mod quiet;
mod quota;
mod settle;

use futures_util::future::join_all;
use futures_util::{StreamExt as _, stream};
use idv::{CheckRequest, ProviderId};

use crate::credentials::needs_credential;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{StoreError, Tracker, TrackerError, meters};
use claimed::Claimed;
use quiet::Quiet;
use settle::Answer;

pub(crate) use lanes::keep_polling;
pub use polled::Polled;

const IS_DUE: Statement = sql!("is_due");
const BY_ID: Statement = sql!("by_id");

impl Tracker {
    /// Makes the checks that are due, one batch for each provider and all providers at a time, within the vendors' rates.
    ///
    /// # Errors
    /// [`TrackerError::Store`]. A vendor's errors are part of the schedule: the check is made again later.
    pub async fn poll_due(&self) -> Result<Polled, TrackerError> {
        let shared = self.shared();
        let providers: Vec<_> = shared.registry.providers().collect();
        let batches = providers.iter().map(|provider| batch_of_due(shared, provider.id()));
        let mut polled = Polled::default();
        for batch in join_all(batches).await {
            polled += batch?;
        }
        Ok(polled)
    }
}

async fn batch_of_due(shared: &Shared, provider: &ProviderId) -> Result<Polled, StoreError> {
    match is_due(shared, provider).await? {
        true => batch(shared, provider, shared.options.concurrency).await,
        false => Ok(Polled::default()),
    }
}

async fn is_due(shared: &Shared, provider: &ProviderId) -> Result<bool, StoreError> {
    let row = shared.store.row(IS_DUE, values![provider.as_str(), shared.now()]).await?;
    Ok(row.is_some())
}

/// One batch of one provider, so many checks at a time.
async fn batch(shared: &Shared, provider: &ProviderId, concurrency: usize) -> Result<Polled, StoreError> {
    let wanted = shared.options.batch.max(1);
    let granted = quota::take(shared, provider, wanted).await?;
    if granted == 0 {
        return Ok(Polled::default());
    }
    let claimed = claim::claim(shared, provider, granted).await?;
    let unused = granted.saturating_sub(u32::try_from(claimed.len()).unwrap_or(granted));
    quota::give_back(shared, provider, unused).await?;
    let checks = stream::iter(claimed).map(|claimed| check(shared, provider, claimed));
    let mut checks = checks.buffer_unordered(concurrency.max(1));
    let (mut polled, mut quiet) = (Polled::default(), Vec::new());
    while let Some((claimed, answer)) = checks.next().await {
        match Quiet::of(shared, provider, &claimed, &answer) {
            Some(one) => quiet.push((one, claimed, answer)),
            None => polled += settle::settle(shared, provider, &claimed, answer).await?,
        }
    }
    let all: Vec<&Quiet> = quiet.iter().map(|(one, ..)| one).collect();
    let settled = quiet::settle(shared, &all).await?;
    polled.checks += settled.len();
    for (_, claimed, answer) in quiet.into_iter().filter(|(one, ..)| !settled.contains(&one.id)) {
        polled += settle::settle(shared, provider, &claimed, answer).await?;
    }
    meters::polled(&polled);
    if polled.news > 0 {
        shared.announce();
    }
    Ok(polled)
}

/// Asks the vendor about one verification.
async fn check(shared: &Shared, provider: &ProviderId, claimed: Claimed) -> (Claimed, Answer) {
    // A worker that was stopped for a while asks nothing that others ask meanwhile.
    if claimed.is_late(shared.now()) {
        return (claimed, Answer::Late);
    }
    let request = match request(shared, provider, &claimed).await {
        Ok(Some(request)) => request,
        Ok(None) => return (claimed, Answer::Unasked),
        Err(_) => return (claimed, Answer::Late),
    };
    let asked_at = shared.now();
    match shared.registry.check(&request).await {
        Ok(verification) => (claimed, Answer::Given(Box::new(verification), asked_at)),
        Err(error) => (claimed, Answer::Failed(error)),
    }
}

/// The question, with the applicant's credential where the vendor needs one; `None` where there is none.
async fn request(
    shared: &Shared,
    provider: &ProviderId,
    claimed: &Claimed,
) -> Result<Option<CheckRequest>, StoreError> {
    let Some(session) = claimed.session.clone() else { return Ok(None) };
    let request = CheckRequest::new(session);
    if !needs_credential(&shared.registry, provider) {
        return Ok(Some(request));
    }
    let Some(source) = &shared.credentials else { return Ok(None) };
    let Some(row) = shared.store.row(BY_ID, values![claimed.id]).await? else { return Ok(None) };
    Ok(source.complete(&StoredVerification::read(&row)?.tracked, request).await)
}
