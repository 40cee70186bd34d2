//! The vendors' limits on calls, shared by all workers through the database.

use std::time::Duration;

use idv::ProviderId;
use idv::profile::LimitScope;

use crate::StoreError;
use crate::store::{Row, Statement, sql, values};
use crate::tracker::Shared;

const QUOTA: Statement = sql!("quota", by engine);
const PAUSED: Statement = sql!("paused");
const QUOTA_INSERT: Statement = sql!("quota_insert");
const QUOTA_SPEND: Statement = sql!("quota_spend");
const QUOTA_PAUSE: Statement = sql!("quota_pause");
const QUOTA_RETURN: Statement = sql!("quota_return");

/// A rate of calls: so many in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate {
    count: u32,
    per: Duration,
}

/// The rate at which polls may ask a provider: a part of the strictest documented one.
fn rate(shared: &Shared, provider: &ProviderId) -> Option<Rate> {
    let provider = shared.registry.provider(provider).ok()?;
    let rates = provider.profile().limits.iter().filter_map(|limit| match (limit.scope, limit.per) {
        (LimitScope::Calls | LimitScope::Reads, Some(per)) if !per.is_zero() => {
            Some(Rate { count: limit.count, per })
        }
        _ => None,
    });
    let strictest = rates.min_by(|one, other| per_second(one).total_cmp(&per_second(other)))?;
    let count = u64::from(strictest.count) * u64::from(shared.options.quota_percent.min(100)) / 100;
    Some(Rate { count: u32::try_from(count).unwrap_or(u32::MAX).max(1), per: strictest.per })
}

fn per_second(rate: &Rate) -> f64 {
    f64::from(rate.count) / rate.per.as_secs_f64()
}

/// How many of the wanted calls may be made now.
pub(super) async fn take(shared: &Shared, provider: &ProviderId, wanted: u32) -> Result<u32, StoreError> {
    let now = shared.now();
    let is_paused = |row: &Row| row.int("paused_until").map(|until| until > now.unix_millis());
    let Some(rate) = rate(shared, provider) else {
        let row = shared.store.row(PAUSED, values![provider.as_str()]).await?;
        return Ok(if row.as_ref().map(is_paused).transpose()? == Some(true) { 0 } else { wanted });
    };
    let full = thousandths(rate.count);
    let mut transaction = shared.store.begin().await?;
    transaction.run(QUOTA_INSERT, values![provider.as_str(), full, now]).await?;
    let Some(row) = transaction.row(QUOTA, values![provider.as_str()]).await? else { return Ok(0) };
    if is_paused(&row)? {
        return Ok(0);
    }
    let elapsed = now.unix_millis().saturating_sub(row.int("at")?).max(0);
    let period = i64::try_from(rate.per.as_millis()).unwrap_or(i64::MAX).max(1);
    let grown = elapsed.min(period).saturating_mul(full) / period;
    let tokens = row.int("tokens")?.saturating_add(grown).min(full);
    let granted = u32::try_from(tokens / 1000).unwrap_or(u32::MAX).min(wanted);
    transaction.run(QUOTA_SPEND, values![provider.as_str(), tokens - thousandths(granted), now]).await?;
    transaction.commit().await?;
    Ok(granted)
}

/// Gives back what was not used.
pub(super) async fn give_back(shared: &Shared, provider: &ProviderId, unused: u32) -> Result<(), StoreError> {
    if unused == 0 || rate(shared, provider).is_none() {
        return Ok(());
    }
    let mut transaction = shared.store.begin().await?;
    transaction.run(QUOTA_RETURN, values![provider.as_str(), thousandths(unused)]).await?;
    transaction.commit().await
}

/// Asks nothing before a moment, because the vendor said so.
pub(super) async fn pause(
    shared: &Shared,
    provider: &ProviderId,
    until: idv::Timestamp,
) -> Result<(), StoreError> {
    let mut transaction = shared.store.begin().await?;
    transaction.run(QUOTA_PAUSE, values![provider.as_str(), until]).await?;
    transaction.commit().await
}

fn thousandths(count: u32) -> i64 {
    i64::from(count) * 1000
}
