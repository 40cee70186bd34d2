//! The state of a verification as a pure function of all observations of it, in whatever order they arrived.
//!
//! The observations are put in one order: by their time, then by the rank of their status, then by their source, then by
//! content. Their time is the vendor's for an event, and for a poll the moment at which the vendor was asked, less the tolerance
//! of the [`OrderingPolicy`]. A start and an event without a time come first: where a vendor gives no times, the strongest status
//! counts until the vendor is asked.
//!
//! The last one that may take effect gives the state:
//!
//! - a redirect never does, nor an event that is authenticated by a shared secret alone, nor one without a status;
//! - a start and an unrecognized word never replace a decision;
//! - `expired`, `abandoned` and `failed` never replace a decision, because they are about its session, unless the reason
//!   says that an approval lapsed;
//! - at one time, the status of the higher rank counts: a rejection before an approval, a decision before all others.
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

mod order;
mod policy;
#[cfg(test)]
mod tests;

use idv::{
    NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, VerificationReason, VerificationStatus,
};

use crate::{Observation, Source};
use order::{key, may_settle};

pub use policy::OrderingPolicy;

/// The state that a set of observations adds up to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Merged {
    /// The status.
    pub status: VerificationStatus,
    /// The vendor's own word for it.
    pub provider_status: VendorWord,
    /// The reasons for this status: the last that were told with it.
    pub reasons: Vec<ReportedReason>,
    /// The next action, where an observation of this status told one.
    pub next_action: Option<NextAction>,
    /// The kind of subject, where it was told.
    pub subject_kind: Option<SubjectKind>,
    /// When this status began: the vendor's time where there is one, else ours.
    pub since: Timestamp,
    /// The source of the observation that gave the status.
    pub cause: Source,
    /// Whether the vendor should be asked, although the status itself does not need it: what was seen last says something else, or
    /// has no place in the vendor's order.
    pub in_doubt: bool,
}

/// The state that observations add up to; `None` where none of them has a status that can be believed.
///
/// The result is the same for every order of the observations, and however often one of them is repeated.
#[must_use]
pub fn merge(policy: &OrderingPolicy, observations: &[Observation]) -> Option<Merged> {
    let mut ordered: Vec<&Observation> = observations.iter().collect();
    ordered.sort_by(|one, other| key(policy, one).cmp(&key(policy, other)));
    let mut state: Option<Merged> = None;
    for observation in ordered.iter().filter(|observation| may_settle(observation)) {
        state = Some(after(policy, state.take(), observation));
    }
    let mut state = state?;
    state.subject_kind = state.subject_kind.or(ordered.iter().rev().find_map(|seen| seen.subject_kind));
    state.in_doubt = is_in_doubt(&state, &ordered);
    Some(state)
}

/// The state after one more observation in the vendor's order.
fn after(policy: &OrderingPolicy, state: Option<Merged>, observation: &Observation) -> Merged {
    let next = read(observation);
    match state {
        None => next,
        Some(state) if !takes_effect(policy, &state, &next) => state,
        Some(state) if state.status == next.status => confirmed(state, next),
        Some(_) => next,
    }
}

fn read(observation: &Observation) -> Merged {
    Merged {
        status: observation.status.unwrap_or(VerificationStatus::Unrecognized),
        provider_status: observation.provider_status.clone().unwrap_or_else(|| VendorWord::new("")),
        reasons: observation.reasons.clone(),
        next_action: observation.next_action.clone(),
        subject_kind: observation.subject_kind,
        since: observation.vendor_time.unwrap_or(observation.observed_at),
        cause: observation.source,
        in_doubt: false,
    }
}

/// The same status once more: the later word and reasons count, the earlier time and cause stay.
fn confirmed(state: Merged, next: Merged) -> Merged {
    Merged {
        reasons: if next.reasons.is_empty() { state.reasons } else { next.reasons },
        next_action: next.next_action.or(state.next_action),
        subject_kind: next.subject_kind.or(state.subject_kind),
        since: state.since.min(next.since),
        cause: state.cause,
        ..next
    }
}

fn takes_effect(policy: &OrderingPolicy, state: &Merged, next: &Merged) -> bool {
    use VerificationStatus::{Abandoned, Approved, Expired, Failed, Unrecognized};
    if !state.status.is_decision() {
        return true;
    }
    match next.status {
        _ if next.cause == Source::Start => false,
        Unrecognized => false,
        Expired if state.status == Approved => next.cause == Source::Validity || lapsed(policy, next),
        Expired | Abandoned | Failed => next.cause == Source::Manual,
        _ => true,
    }
}

/// Whether a vendor says with `expired` that an approval lapsed, and not that a session timed out.
fn lapsed(policy: &OrderingPolicy, next: &Merged) -> bool {
    let reasons = || next.reasons.iter().map(|reported| reported.reason);
    next.cause == Source::Manual || reasons().any(|reason: VerificationReason| policy.lapse.contains(&reason))
}

/// Whether the last answer or event disagrees with the state, or cannot be ordered.
fn is_in_doubt(state: &Merged, ordered: &[&Observation]) -> bool {
    let last_poll = ordered.iter().rev().find(|seen| matches!(seen.source, Source::Poll | Source::Import));
    let Some(poll) = last_poll else {
        return state.status.stops_watching()
            && ordered.iter().any(|seen| {
                may_settle(seen) && seen.source == Source::Webhook && seen.vendor_time.is_none()
            });
    };
    let later = ordered.iter().rev().take_while(|seen| !std::ptr::eq(**seen, *poll));
    let is_ours =
        |seen: &&Observation| matches!(seen.source, Source::Validity | Source::Manual) && may_settle(seen);
    let differs = poll.status.is_some_and(|status| status != state.status);
    differs && may_be_news(state, poll) && !later.copied().any(|seen| is_ours(&seen))
}

/// Whether a poll that disagrees can be news; a session that ended after a decision is none.
fn may_be_news(state: &Merged, poll: &Observation) -> bool {
    use VerificationStatus::{Abandoned, Expired, Failed, Unrecognized};
    let ended = matches!(poll.status, Some(Expired | Abandoned | Failed | Unrecognized));
    !(state.status.is_decision() && ended)
}
