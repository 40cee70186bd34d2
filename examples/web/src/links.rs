//! Links and tokens of open sessions.

use std::time::Duration;

use idv::{Timestamp, VerificationSession};
use idv_tracker::VerificationId;
use moka::sync::Cache;

/// Hand-offs in memory: they are bearer secrets, so no disk and no log ever has one. After a restart they are gone, and the
/// vendor is asked for a fresh one, where it can give one.
#[derive(Debug)]
pub(crate) struct Links(Cache<VerificationId, VerificationSession>);

impl Default for Links {
    fn default() -> Self {
        // The longest documented lifetime of a link is seven days (Veriff).
        Self(Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(7 * 86_400)).build())
    }
}

impl Links {
    pub(crate) fn keep(&self, id: VerificationId, session: VerificationSession) {
        self.0.insert(id, session);
    }

    /// The hand-off, unless it is known to have run out.
    pub(crate) fn get(&self, id: VerificationId, now: Timestamp) -> Option<VerificationSession> {
        self.0.get(&id).filter(|session| session.expires_at.is_none_or(|expiry| expiry.at > now))
    }
}
