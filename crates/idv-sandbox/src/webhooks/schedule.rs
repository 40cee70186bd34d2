//! The retry schedules of the vendors.

use std::time::Duration;

use crate::vendor::Vendor;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// The time for which an endpoint may fail before nxos disables it (Svix documentation, retries).
pub(crate) const DISABLED_AFTER: i64 = 5 * 24 * HOUR;

/// A retry schedule: a row of the table in the head of [`crate::webhooks`].
#[derive(Debug)]
pub(crate) struct Schedule {
    /// The delays before the second attempt, the third, and so on, in milliseconds.
    delays: &'static [i64],
    /// The vendor's timeout for an answer, in real time.
    pub(crate) patience: Duration,
    refusal_is_final: bool,
}

static NXOS: Schedule = Schedule {
    delays: &[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR],
    patience: Duration::from_secs(15),
    refusal_is_final: false,
};
static BAANX: Schedule = Schedule {
    delays: &[SECOND, 2 * SECOND, 4 * SECOND, 8 * SECOND, 16 * SECOND],
    patience: Duration::from_secs(30),
    refusal_is_final: true,
};
static SESSION_API: Schedule = Schedule {
    delays: &[10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE],
    patience: Duration::from_secs(10),
    refusal_is_final: false,
};

impl Schedule {
    pub(crate) fn of(vendor: Vendor) -> &'static Self {
        match vendor {
            Vendor::Nxos => &NXOS,
            Vendor::Baanx => &BAANX,
            Vendor::SessionApi => &SESSION_API,
        }
    }

    /// The delay after the attempt of this number (from 1) failed; `None` where it was the last.
    pub(crate) fn delay_after(&self, attempt: usize, status: Option<u16>) -> Option<i64> {
        if self.refusal_is_final && status.is_some_and(|status| (400..500).contains(&status)) {
            return None;
        }
        self.delays.get(attempt.checked_sub(1)?).copied()
    }
}
