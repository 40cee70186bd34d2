//! Claims due verifications: each by one worker, for the time of a lease.

use idv::ProviderId;

use crate::StoreError;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;

const CLAIM: Statement = sql!("claim", by engine);

pub(super) async fn claim(
    shared: &Shared,
    provider: &ProviderId,
    count: u32,
) -> Result<Vec<StoredVerification>, StoreError> {
    let now = shared.now();
    let lease_end = now.saturating_add(shared.options.lease);
    let mut transaction = shared.store.begin().await?;
    let values = values![provider.as_str(), now, lease_end, i64::from(count)];
    let rows = transaction.rows(CLAIM, values).await?;
    transaction.commit().await?;
    rows.iter().map(StoredVerification::read).collect()
}
