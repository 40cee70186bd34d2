//! Requests of an operator to the vendor, whose answers are stored.

use idv::{CancelRequest, CheckRequest, SessionRef, Timestamp, Verification};

use super::observe::observe;
use crate::store::{Statement, StoredVerification, sql, values};
use crate::{Observation, Source, Tracker, TrackerError};

const BY_SESSION: Statement = sql!("by_session");

impl Tracker {
    /// Asks the vendor now, and stores the answer as that of a poll. The identity is not stored.
    ///
    /// # Errors
    /// [`TrackerError::UnknownSession`] before anything is asked, the vendor's error, and [`TrackerError::Store`].
    pub async fn check(&self, request: &CheckRequest) -> Result<Verification, TrackerError> {
        let stored = self.stored(&request.session).await?;
        let asked_at = self.shared().now();
        let found = self.shared().registry.check(request).await?;
        self.keep(&stored, &found, asked_at).await?;
        Ok(found)
    }

    /// Withdraws a session that is still open, and stores the vendor's answer as that of a poll.
    ///
    /// # Errors
    /// Those of [`check`](Self::check).
    pub async fn cancel(&self, request: &CancelRequest) -> Result<Verification, TrackerError> {
        let stored = self.stored(&request.session).await?;
        let asked_at = self.shared().now();
        let cancelled = self.shared().registry.cancel(request).await?;
        self.keep(&stored, &cancelled, asked_at).await?;
        Ok(cancelled)
    }

    async fn stored(&self, session: &SessionRef) -> Result<StoredVerification, TrackerError> {
        let row = self.shared().store.row(BY_SESSION, values![session.to_string()]).await?;
        let stored = row.as_ref().map(StoredVerification::read).transpose()?;
        stored.ok_or_else(|| TrackerError::UnknownSession(session.clone()))
    }

    async fn keep(
        &self,
        stored: &StoredVerification,
        answer: &Verification,
        asked_at: Timestamp,
    ) -> Result<(), TrackerError> {
        let seen = Observation::of_check(Source::Poll, answer, asked_at);
        if observe(self.shared(), stored, seen).await? {
            self.shared().announce();
        }
        Ok(())
    }
}
