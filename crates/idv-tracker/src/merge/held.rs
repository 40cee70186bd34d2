//! The state while observations are gone through in their order.

use idv::{NextAction, ReportedReason, SubjectKind, Timestamp, VendorWord, VerificationStatus};

use super::Merged;
use super::order::Sighting;
use crate::{Observation, Source};

/// A state that borrows all it holds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) status: VerificationStatus,
    /// The last observation that told this status, and when it did by our clock.
    told: &'a Observation,
    at: Timestamp,
    reasons: &'a [ReportedReason],
    next_action: Option<&'a NextAction>,
    pub(super) since: Timestamp,
    pub(super) cause: Source,
}

impl<'a> Held<'a> {
    /// The state after one more observation that takes effect.
    pub(super) fn after(held: Option<Self>, sighting: &Sighting<'a>) -> Self {
        match held {
            Some(held) if held.status == sighting.status => held.confirmed(sighting),
            _ => Self::begun(sighting),
        }
    }

    fn begun(sighting: &Sighting<'a>) -> Self {
        let seen = sighting.seen;
        Self {
            status: sighting.status,
            told: seen,
            at: sighting.at,
            reasons: &seen.reasons,
            next_action: seen.next_action.as_ref(),
            since: began(seen),
            cause: seen.source,
        }
    }

    /// The same status once more: the later word and reasons count, the earlier time and cause stay.
    fn confirmed(self, sighting: &Sighting<'a>) -> Self {
        let seen = sighting.seen;
        Self {
            told: seen,
            at: sighting.at,
            reasons: if seen.reasons.is_empty() { self.reasons } else { &seen.reasons },
            next_action: seen.next_action.as_ref().or(self.next_action),
            since: self.since.min(began(seen)),
            // The vendor agrees that an approval is over, so a later one is another one.
            cause: if self.cause == Source::Validity { seen.source } else { self.cause },
            ..self
        }
    }

    /// Whether an answer that does not tell when the status began was given later than an event says that it happened.
    pub(super) fn was_answered_after(&self, event: &Sighting<'_>) -> bool {
        let is_answer = matches!(self.told.source, Source::Poll | Source::Import);
        is_answer && self.told.vendor_time.is_none() && event.time <= Some(self.at)
    }

    pub(super) fn into_merged(self, subject_kind: Option<SubjectKind>, in_doubt: bool) -> Merged {
        Merged {
            status: self.status,
            provider_status: self.told.provider_status.clone().unwrap_or_else(|| VendorWord::new("")),
            reasons: self.reasons.to_vec(),
            next_action: self.next_action.cloned(),
            subject_kind: self.told.subject_kind.or(subject_kind),
            since: self.since,
            cause: self.cause,
            in_doubt,
        }
    }
}

/// When a status began that an observation tells: no later than it was seen. An answer that was repeated was the same all the time.
fn began(seen: &Observation) -> Timestamp {
    seen.vendor_time.map_or(seen.observed_at, |time| time.min(seen.observed_at))
}
