//! Limits on the number of requests, counted in windows from their first request.

use std::collections::HashMap;

use crate::clock::seconds_until;

/// The requests of one kind that are allowed within a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    /// The kind of request.
    pub(crate) scope: &'static str,
    pub(crate) count: u32,
    /// The length of the window, in milliseconds.
    pub(crate) window: i64,
}

/// The requests so far.
#[derive(Debug, Default)]
pub(crate) struct Rate {
    is_lifted: bool,
    windows: HashMap<&'static str, (i64, u32)>,
}

/// A request that was counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) remaining: u32,
    /// Seconds until the window ends.
    pub(crate) reset: i64,
    pub(crate) is_within: bool,
}

impl Rate {
    /// Applies the limits, or lifts them. The counters begin anew.
    pub(crate) fn set(&mut self, apply: bool) {
        *self = Self { is_lifted: !apply, windows: HashMap::new() };
    }

    pub(crate) fn take(&mut self, limit: &Limit, now: i64) -> Counted {
        let (ends, used) = self.windows.entry(limit.scope).or_insert((i64::MIN, 0));
        if now >= *ends {
            (*ends, *used) = (now.saturating_add(limit.window), 0);
        }
        *used = used.saturating_add(1);
        Counted {
            remaining: limit.count.saturating_sub(*used),
            reset: seconds_until(now, *ends),
            is_within: self.is_lifted || *used <= limit.count,
        }
    }
}
