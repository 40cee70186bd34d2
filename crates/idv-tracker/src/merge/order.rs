//! The one order of all observations of a verification.

use std::cmp::Ordering;
use std::time::Duration;

use idv::{Assurance, NextAction, Timestamp, VerificationStatus};

use super::OrderingPolicy;
use crate::{Observation, Source};

/// One time at which an observation that can give a status was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting<'a> {
    pub(super) seen: &'a Observation,
    pub(super) status: VerificationStatus,
    /// Our time.
    pub(super) at: Timestamp,
    /// Its time in the vendor's order. `None` comes first.
    pub(super) time: Option<Timestamp>,
}

/// All observations that can give a status, in the one order.
pub(super) fn ordered<'a>(policy: &OrderingPolicy, observations: &'a [Observation]) -> Vec<Sighting<'a>> {
    let mut ordered = Vec::with_capacity(observations.len() + 2);
    for seen in observations {
        let Some(status) = believable(seen) else { continue };
        let sighting = |at| Sighting { seen, status, at, time: time(policy, seen, at) };
        ordered.push(sighting(seen.observed_at));
        ordered.extend(seen.seen_until.map(sighting));
    }
    ordered.sort_unstable_by(compare);
    ordered
}

/// The status that an observation can give: a redirect and an event without a signature give none, whatever they say.
fn believable(seen: &Observation) -> Option<VerificationStatus> {
    match seen.source {
        Source::Redirect => None,
        Source::Webhook if seen.assurance != Some(Assurance::Signed) => None,
        _ => seen.status,
    }
}

/// The time in the vendor's order of an observation that was made at a moment of our clock.
fn time(policy: &OrderingPolicy, seen: &Observation, at: Timestamp) -> Option<Timestamp> {
    match seen.source {
        Source::Start => None,
        Source::Webhook if policy.events_are_timed => {
            seen.vendor_time.map(|time| time.min(at.saturating_add(policy.tolerance)))
        }
        Source::Webhook => None,
        Source::Poll | Source::Import => {
            let changed = seen.vendor_time.map(|time| time.min(at));
            Some(earlier(at, policy.tolerance)).max(changed)
        }
        Source::Redirect | Source::Validity | Source::Manual => Some(at),
    }
}

/// Whether the vendor's order has a place for an observation. An event without a time has none there, nor one from the future.
pub(super) fn is_placed(policy: &OrderingPolicy, seen: &Observation) -> bool {
    let latest = seen.observed_at.saturating_add(policy.tolerance);
    seen.source != Source::Webhook
        || policy.events_are_timed && seen.vendor_time.is_some_and(|time| time <= latest)
}

fn earlier(time: Timestamp, by: Duration) -> Timestamp {
    let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(time.unix_millis().saturating_sub(millis))
}

/// Compares all that the result depends on, so that no two observations are equal that could make a difference.
fn compare(one: &Sighting<'_>, other: &Sighting<'_>) -> Ordering {
    let place = |next: &Sighting<'_>| (next.time, rank(next.status), next.seen.source, next.status);
    place(one).cmp(&place(other)).then_with(|| compare_content(one.seen, other.seen))
}

fn compare_content(one: &Observation, other: &Observation) -> Ordering {
    let word = one.provider_status.cmp(&other.provider_status);
    word.then_with(|| told(one).cmp(told(other)))
        .then_with(|| one.vendor_time.cmp(&other.vendor_time))
        .then_with(|| one.observed_at.cmp(&other.observed_at))
        .then_with(|| one.subject_kind.cmp(&other.subject_kind))
        .then_with(|| one.next_action.as_ref().map(action).cmp(&other.next_action.as_ref().map(action)))
}

fn told(seen: &Observation) -> impl Iterator<Item = (&str, Option<&str>)> {
    seen.reasons.iter().map(|told| (told.reason.as_str(), told.provider_code.as_ref().map(AsRef::as_ref)))
}

/// The word of an action and all that it carries.
fn action(action: &NextAction) -> (&str, Option<Duration>, Option<&str>) {
    let (time, via) = match action {
        NextAction::Wait { poll_after } => (Some(*poll_after), None),
        NextAction::RetryWithNewSession { cooldown, via } => (*cooldown, via.as_ref()),
        NextAction::Done { recheck_after } => (*recheck_after, None),
        _ => (None, None),
    };
    (action.as_str(), time, via.map(idv::ProviderId::as_str))
}

/// Which status counts where two have one time: the higher one.
const fn rank(status: VerificationStatus) -> u8 {
    use VerificationStatus as Status;
    match status {
        Status::Rejected => 9,
        Status::Approved => 8,
        Status::Cancelled => 7,
        Status::Expired | Status::Abandoned | Status::Failed => 6,
        Status::ResubmissionRequired => 5,
        Status::OnHold => 4,
        Status::InReview => 3,
        Status::InProgress => 2,
        Status::NotStarted => 1,
        _ => 0,
    }
}
