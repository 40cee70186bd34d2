//! Return URLs and decisions by hand.

use idv::{Redirect, RedirectOutcome, VendorWord, VerificationStatus};

use super::observe::observe;
use crate::record::{Schedule, locked, record, write};
use crate::store::{Statement, StoredVerification, sql, values};
use crate::{Observation, Source, Tracked, Tracker, TrackerError, VerificationId};

const BY_ID: Statement = sql!("by_id");
const BY_SESSION: Statement = sql!("by_session");

impl Tracker {
    /// Reads a return URL, keeps it as a hint, and has the vendor asked soon. It never changes a state.
    ///
    /// # Errors
    /// Those of [`Registry::parse_redirect`](idv::Registry::parse_redirect), and [`TrackerError::Store`].
    pub async fn redirect(&self, redirect: &Redirect<'_>) -> Result<RedirectOutcome, TrackerError> {
        let shared = self.shared();
        let outcome = shared.registry.parse_redirect(redirect)?;
        let row = shared.store.row(BY_SESSION, values![redirect.expected.to_string()]).await?;
        let Some(stored) = row.as_ref().map(StoredVerification::read).transpose()? else {
            return Ok(outcome);
        };
        let now = shared.now();
        let mut hint = Observation::new(Source::Redirect, now);
        hint.status = Some(outcome.status());
        hint.provider_status = Some(outcome.provider_status.clone());
        let mut transaction = shared.store.begin().await?;
        let Some(stored) = locked(&mut transaction, stored.tracked.id).await? else { return Ok(outcome) };
        let recorded = record(shared, &mut transaction, &stored, hint).await?;
        let rests = recorded.state.as_ref().is_some_and(|state| state.status.stops_watching());
        let schedule = match rests {
            true => Schedule::after_ours(shared, &stored, &recorded, now),
            false => Schedule::soon(shared, redirect.expected.provider(), now),
        };
        write(&mut transaction, &stored, recorded, schedule, now).await?;
        transaction.commit().await.map_err(TrackerError::Store)?;
        Ok(outcome)
    }

    /// Decides by hand, such as after a call to the vendor. A later observation of the vendor can change it again.
    ///
    /// # Errors
    /// [`TrackerError::NotFound`] and [`TrackerError::Store`].
    pub async fn decide(
        &self,
        id: VerificationId,
        status: VerificationStatus,
        note: &str,
    ) -> Result<Tracked, TrackerError> {
        let shared = self.shared();
        let row = shared.store.row(BY_ID, values![id]).await?;
        let stored = row.as_ref().map(StoredVerification::read).transpose()?;
        let stored = stored.ok_or(TrackerError::NotFound(id))?;
        let seen = Observation::new(Source::Manual, shared.now()).with_status(status, VendorWord::new(note));
        if observe(shared, &stored, seen).await? {
            shared.announce();
        }
        self.get(id).await?.ok_or(TrackerError::NotFound(id))
    }
}
