//! The rate limit: requests in windows of a minute (Onfido documentation, rate limits: 400 a minute).

use crate::webhooks::MINUTE;

const USUAL: u32 = 400;

/// The requests of a minute.
#[derive(Debug)]
pub(crate) struct Rate {
    per_minute: Option<u32>,
    window_ends: i64,
    used: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self { per_minute: Some(USUAL), window_ends: 0, used: 0 }
    }
}

impl Rate {
    pub(crate) fn set(&mut self, per_minute: Option<u32>) {
        *self = Self { per_minute, ..Self::default() };
    }

    /// Counts one request; whether it is within the limit.
    pub(crate) fn take(&mut self, now: i64) -> bool {
        let Some(limit) = self.per_minute else { return true };
        if now >= self.window_ends {
            (self.window_ends, self.used) = (now.saturating_add(MINUTE), 0);
        }
        self.used = self.used.saturating_add(1);
        self.used <= limit
    }
}
