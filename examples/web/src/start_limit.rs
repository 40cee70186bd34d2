//! The rate limit of starts: each can cost money at the vendor.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

const AT_ONCE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);
const PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// Five starts of one user at once, and five a minute in the long run.
#[derive(Debug)]
pub(crate) struct StartLimit(DefaultKeyedRateLimiter<String>);

impl Default for StartLimit {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(PER_MINUTE).allow_burst(AT_ONCE)))
    }
}

impl StartLimit {
    /// Counts a start, or says how long to wait.
    pub(crate) fn take(&self, user: &str) -> Result<(), Duration> {
        // Users who can start again at once need no place.
        if self.0.len() > 10_000 {
            self.0.retain_recent();
        }
        let taken = self.0.check_key(&user.to_owned());
        taken.map_err(|refusal| refusal.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_is_limited_and_no_other() {
        let limit = StartLimit::default();
        let refused = (0..6).filter(|_| limit.take("ada").is_err()).count();
        assert_eq!(refused, 1);
        assert!(limit.take("ada").unwrap_err() <= Duration::from_secs(12));
        assert!(limit.take("grace").is_ok());
    }
}
