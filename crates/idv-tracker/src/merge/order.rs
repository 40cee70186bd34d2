//! The one order of all observations of a verification.

use idv::{Assurance, Timestamp, VerificationStatus};

use super::OrderingPolicy;
use crate::{Observation, Source};

/// The key by which observations are sorted. `None` as a time comes first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'a> {
    time: Option<Timestamp>,
    rank: u8,
    source: Source,
    word: Option<&'a str>,
    reasons: Vec<(&'a str, Option<&'a str>)>,
    seen: (Option<Timestamp>, Timestamp),
    id: Option<&'a str>,
    subject_kind: Option<&'a str>,
    next_action: Option<&'a str>,
}

pub(super) fn key<'a>(policy: &OrderingPolicy, observation: &'a Observation) -> Key<'a> {
    let reasons = observation.reasons.iter();
    Key {
        time: time(policy, observation),
        rank: observation.status.map_or(0, rank),
        source: observation.source,
        word: observation.provider_status.as_ref().map(AsRef::as_ref),
        reasons: reasons
            .map(|told| (told.reason.as_str(), told.provider_code.as_ref().map(AsRef::as_ref)))
            .collect(),
        seen: (observation.vendor_time, observation.observed_at),
        id: observation.event_id.as_ref().map(AsRef::as_ref),
        subject_kind: observation.subject_kind.map(idv::SubjectKind::as_str),
        next_action: observation.next_action.as_ref().map(idv::NextAction::as_str),
    }
}

/// The time of an observation in the vendor's order.
fn time(policy: &OrderingPolicy, observation: &Observation) -> Option<Timestamp> {
    match observation.source {
        Source::Start => None,
        Source::Webhook if policy.events_are_timed => observation.vendor_time,
        Source::Webhook => None,
        Source::Poll | Source::Import => Some(earlier(last_seen(observation), policy)),
        Source::Redirect | Source::Validity | Source::Manual => Some(observation.observed_at),
    }
}

fn last_seen(observation: &Observation) -> Timestamp {
    observation.seen_until.unwrap_or(observation.observed_at)
}

fn earlier(time: Timestamp, policy: &OrderingPolicy) -> Timestamp {
    let tolerance = i64::try_from(policy.tolerance.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_unix_millis(time.unix_millis().saturating_sub(tolerance))
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

/// Whether an observation can give a status: a redirect and an event without a signature cannot, whatever they say.
pub(super) fn may_settle(observation: &Observation) -> bool {
    let is_believed = match observation.source {
        Source::Redirect => false,
        Source::Webhook => observation.assurance == Some(Assurance::Signed),
        _ => true,
    };
    is_believed && observation.status.is_some()
}
