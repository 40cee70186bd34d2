//! A verification that a worker may ask about.

use std::time::Duration;

use idv::watching::Pace;
use idv::{SessionRef, Timestamp};
use serde::Deserialize;

use crate::VerificationId;

/// A verification that this worker alone may ask about until its lease is over.
#[derive(Debug, Deserialize)]
pub(super) struct Claimed {
    pub(super) id: VerificationId,
    pub(super) session: Option<SessionRef>,
    pub(super) fence: i64,
    /// Another one where an event changed the state meanwhile.
    pub(super) version: i64,
    lease_end: i64,
    fresh_since: i64,
    interval_ms: i64,
    errors: i64,
    /// The digest of the last answer, where the state is just that.
    pub(super) digest: Option<String>,
}

impl Claimed {
    pub(super) fn is_late(&self, now: Timestamp) -> bool {
        self.lease_end <= now.unix_millis()
    }

    pub(super) fn fresh_since(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.fresh_since)
    }

    pub(super) fn pace(&self) -> Pace {
        let interval = Duration::from_millis(u64::try_from(self.interval_ms).unwrap_or(0));
        Pace::stored(interval, u32::try_from(self.errors).unwrap_or(u32::MAX))
    }
}
