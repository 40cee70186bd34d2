//! How the observations of one vendor are ordered, as data.

use std::time::Duration;

use idv::{ProviderKind, VerificationReason};

/// How the observations of a vendor are ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrderingPolicy {
    /// How much earlier than asked an answer counts as given. An event of the vendor within that time before a question
    /// counts as later than its answer: the clocks of two machines differ, and vendors answer from copies that lag behind.
    /// An event also counts as no later than that time after its arrival.
    pub tolerance: Duration,
    /// The reasons with which `expired` means that an approval lapsed, and not that a session timed out.
    pub lapse: &'static [VerificationReason],
    /// Whether the times that the vendor gives its events can be compared with each other. Where not, an event counts as one
    /// without a time.
    pub events_are_timed: bool,
}

impl Default for OrderingPolicy {
    /// Ten seconds, an expired document, and events whose times count.
    fn default() -> Self {
        Self {
            tolerance: Duration::from_secs(10),
            lapse: &[VerificationReason::DocumentExpired],
            events_are_timed: true,
        }
    }
}

/// The kinds whose `expired` is always about a session, never about an approval.
const ONLY_SESSIONS_EXPIRE: &[&str] = &[
    // "Never opened within 7 days", and a reason code may stand beside it (devdocs.veriff.com, "Verification session status codes").
    "veriff",
];

impl OrderingPolicy {
    /// The policy of a kind of provider: the default, except where its vendor's documentation says otherwise.
    ///
    /// Of the built-in kinds, `nxos`, `baanx-user`, `baanx-registration`, `sumsub`, `veriff`, `stripe-identity` and `onfido` give their events
    /// the time at which they happened. The events of `session-api` are signed, and so count, only where the configuration names a
    /// signature.
    #[must_use]
    pub fn of(kind: &ProviderKind) -> Self {
        match ONLY_SESSIONS_EXPIRE.contains(&kind.as_str()) {
            true => Self { lapse: &[], ..Self::default() },
            false => Self::default(),
        }
    }
}
