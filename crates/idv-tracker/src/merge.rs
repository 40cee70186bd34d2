//! The state of a verification as a pure function of all observations of it, in whatever order they arrived.
//!
//! The observations are put in one order: by their time, then by the rank of their status, then by their source, then by
//! content. Their time is:
//!
//! - of an event, the vendor's, but no later than its arrival and the tolerance of the [`OrderingPolicy`]: nothing is told before
//!   it happens, so a later time is that of a wrong clock;
//! - of a poll and of an import, the moment at which the vendor was asked, less the tolerance, and no earlier than the change that
//!   the answer tells of; a poll that was repeated counts twice, when it was made first and last;
//! - of what the configuration or an operator decided, ours.
//!
//! A start and an event without a time come first: where a vendor gives no times, the strongest status counts until the vendor is
//! asked.
//!
//! The last one that may take effect gives the state:
//!
//! - a redirect never does, nor an event that is authenticated by a shared secret alone, nor one without a status;
//! - a start and an unrecognized word never replace a decision;
//! - `expired`, `abandoned` and `failed` never replace a decision, because they are about its session, unless the reason
//!   says that an approval lapsed;
//! - the configured validity ends an approval and nothing else, and the same approval told again does not bring it back;
//! - an event that is no decision does not replace a decision that an answer told after it, tolerance or not;
//! - at one time, the status of the higher rank counts: a rejection before an approval, a decision before all others.
//!
//! Polls settle every difference. Where the last one disagrees with the state, the state is in doubt, and the vendor is asked
//! again. This ends, because no event counts as later than its arrival and the tolerance: an answer that stays the same is the
//! state once the vendor was asked twice the tolerance after the last event arrived.
//!
//! ```
//! use idv::{Assurance, Timestamp, VendorWord, VerificationStatus};
//! use idv_tracker::merge::{OrderingPolicy, merge};
//! use idv_tracker::{Observation, Source};
//!
//! let at = Timestamp::from_unix_seconds;
//! let seen = |source, seconds, status, word: &str| {
//!     let mut seen = Observation::new(source, at(seconds)).with_status(status, VendorWord::new(word));
//!     seen.vendor_time = Some(at(seconds));
//!     seen.assurance = Some(Assurance::Signed);
//!     seen
//! };
//! let history = [
//!     seen(Source::Webhook, 60, VerificationStatus::Approved, "APPROVED"),
//!     seen(Source::Webhook, 50, VerificationStatus::InReview, "PENDING"),
//!     seen(Source::Start, 10, VerificationStatus::InProgress, "started"),
//! ];
//! let merged = merge(&OrderingPolicy::default(), &history).unwrap();
//! assert_eq!(merged.status, VerificationStatus::Approved);
//! ```

mod doubt;
mod effect;
mod held;
mod merged;
mod order;
mod policy;
#[cfg(test)]
mod tests;

use crate::Observation;
use held::Held;

pub use merged::Merged;
pub use policy::OrderingPolicy;

/// The state that observations add up to; `None` where none of them has a status that can be believed.
///
/// The result is the same for every order of the observations, and however often one of them is repeated.
#[must_use]
pub fn merge(policy: &OrderingPolicy, observations: &[Observation]) -> Option<Merged> {
    let ordered = order::ordered(policy, observations);
    let mut held: Option<Held<'_>> = None;
    for sighting in &ordered {
        if effect::takes_effect(policy, held.as_ref(), sighting) {
            held = Some(Held::after(held, sighting));
        }
    }
    let held = held?;
    let in_doubt = doubt::is_in_doubt(policy, &held, &ordered);
    let subject_kind = ordered.iter().rev().find_map(|sighting| sighting.seen.subject_kind);
    Some(held.into_merged(subject_kind, in_doubt))
}
