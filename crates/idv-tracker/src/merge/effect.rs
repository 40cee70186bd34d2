//! Which observation may change which state.

use idv::VerificationStatus;

use super::OrderingPolicy;
use super::held::Held;
use super::order::Sighting;
use crate::{Observation, Source};

pub(super) fn takes_effect(policy: &OrderingPolicy, held: Option<&Held<'_>>, next: &Sighting<'_>) -> bool {
    use VerificationStatus::{Abandoned, Approved, Expired, Failed, Rejected, Unrecognized};
    let source = next.seen.source;
    let Some(held) = held else { return source != Source::Validity };
    let is_by_hand = source == Source::Manual;
    match next.status {
        _ if source == Source::Validity => held.status == Approved,
        Approved if held.cause == Source::Validity => is_by_hand || began_after(policy, held, next.seen),
        _ if !held.status.is_decision() => true,
        _ if source == Source::Start => false,
        Unrecognized => false,
        Expired if held.status == Approved => is_by_hand || lapsed(policy, next.seen),
        Expired | Abandoned | Failed => is_by_hand,
        // The tolerance of clocks is for decisions: a step on the way to one does not take it back.
        Approved | Rejected => true,
        _ if source == Source::Webhook => !held.was_answered_after(next),
        _ => true,
    }
}

/// Whether a vendor says that an approval is younger than a state. Without a vendor's time that counts, it is the old one.
fn began_after(policy: &OrderingPolicy, held: &Held<'_>, approval: &Observation) -> bool {
    let is_timed = approval.source != Source::Webhook || policy.events_are_timed;
    is_timed && approval.vendor_time.is_some_and(|time| time > held.since)
}

/// Whether a vendor says with `expired` that an approval lapsed, and not that a session timed out.
fn lapsed(policy: &OrderingPolicy, next: &Observation) -> bool {
    next.reasons.iter().any(|reported| policy.lapse.contains(&reported.reason))
}
