//! Approvals lapse where the configuration says how long they count.

use idv::{VendorWord, VerificationStatus};

use super::observe::observe;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::tracker::Shared;
use crate::{Observation, Source, TrackerError};

const LAPSED: Statement = sql!("lapsed");

/// Lets approvals lapse whose configured period is over. Says how many.
pub(crate) async fn lapse(shared: &Shared, limit: i64) -> Result<usize, TrackerError> {
    let now = shared.now();
    let rows = shared.store.rows(LAPSED, values![now, limit]).await?;
    for row in &rows {
        let stored = StoredVerification::read(row)?;
        let word = VendorWord::new("validity");
        let seen = Observation::new(Source::Validity, now).with_status(VerificationStatus::Expired, word);
        observe(shared, &stored, seen).await?;
    }
    if !rows.is_empty() {
        shared.announce();
    }
    Ok(rows.len())
}
