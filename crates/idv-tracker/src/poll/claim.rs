//! Claims due verifications: each by one worker, for the time of a lease.

use idv::ProviderId;

use super::claimed::Claimed;
use crate::StoreError;
use crate::record::to_json;
use crate::store::{Statement, sql, values};
use crate::tracker::Shared;

const DUE: Statement = sql!("due", by engine);
const LEASE: Statement = sql!("lease", by engine);

pub(super) async fn claim(
    shared: &Shared,
    provider: &ProviderId,
    count: u32,
) -> Result<Vec<Claimed>, StoreError> {
    let now = shared.now();
    let lease_end = now.saturating_add(shared.options.lease);
    let mut transaction = shared.store.begin().await?;
    let due = transaction.row(DUE, values![provider.as_str(), now, lease_end, i64::from(count)]).await?;
    let claimed =
        due.map(|due| due.json::<Vec<Claimed>>("claimed", "verification")).transpose()?.unwrap_or_default();
    let ids: Vec<_> = claimed.iter().map(|claimed| claimed.id).collect();
    transaction.run(LEASE, values![to_json(&ids)?, lease_end]).await?;
    transaction.commit().await?;
    Ok(claimed)
}
