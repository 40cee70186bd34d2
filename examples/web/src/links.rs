//! Links and tokens of open sessions.

use std::time::Duration;

use idv::{Timestamp, VerificationSession, VerificationStatus};
use idv_tracker::{Tracked, VerificationId};
use moka::sync::Cache;

/// A hand-off, and when the vendor gave it.
#[derive(Debug, Clone)]
struct Link {
    session: VerificationSession,
    since: Timestamp,
}

/// Hand-offs in memory: they are bearer secrets, so no disk and no log ever has one. After a restart they are gone, and the
/// vendor is asked for a fresh one, where it can give one.
#[derive(Debug)]
pub(crate) struct Links(Cache<VerificationId, Link>);

impl Default for Links {
    fn default() -> Self {
        // The longest documented lifetime of a link is seven days (Veriff).
        Self(Cache::builder().max_capacity(100_000).time_to_live(Duration::from_secs(7 * 86_400)).build())
    }
}

impl Links {
    pub(crate) fn keep(&self, id: VerificationId, session: VerificationSession, now: Timestamp) {
        self.0.insert(id, Link { session, since: now });
    }

    /// The hand-off of a verification, unless it has run out, or the verification has ended since it was given. At some vendors a
    /// rejected verification goes on with another link, and says so only when the applicant has submitted.
    pub(crate) fn get(&self, verification: &Tracked, now: Timestamp) -> Option<VerificationSession> {
        let link = self.0.get(&verification.id)?;
        let ended = verification.state.as_ref().filter(|state| has_ended(state.status));
        let is_old = ended.is_some_and(|state| state.updated_at >= link.since);
        let is_alive = link.session.expires_at.is_none_or(|expiry| expiry.at > now);
        (is_alive && !is_old).then_some(link.session)
    }

    /// Whether the applicant can go on with a verification.
    pub(crate) fn is_open(&self, verification: &Tracked, now: Timestamp) -> bool {
        let has_ended = verification.state.as_ref().is_some_and(|state| has_ended(state.status));
        verification.session.is_some() && (!has_ended || self.get(verification, now).is_some())
    }
}

/// Whether nothing more comes of a session. After `resubmission_required` it goes on.
fn has_ended(status: VerificationStatus) -> bool {
    status.stops_watching() && status != VerificationStatus::ResubmissionRequired
}
