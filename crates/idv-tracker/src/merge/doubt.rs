//! Whether the vendor has to be asked again.

use super::OrderingPolicy;
use super::effect::takes_effect;
use super::held::Held;
use super::order::{Sighting, is_placed};
use crate::Source;

/// Whether the last answer could change the state, or an event without a place in the vendor's order arrived after it. A decision
/// of an operator counts as an answer that agrees.
pub(super) fn is_in_doubt(policy: &OrderingPolicy, held: &Held<'_>, ordered: &[Sighting<'_>]) -> bool {
    let is_known =
        |next: &&Sighting<'_>| matches!(next.seen.source, Source::Poll | Source::Import | Source::Manual);
    let contradicts =
        |next: &Sighting<'_>| next.status != held.status && takes_effect(policy, Some(held), next);
    // By our clock: the times of two answers can be those of their changes, and equal.
    let known = ordered.iter().filter(is_known).max_by_key(|next| next.at);
    let mut unplaced = ordered
        .iter()
        .filter(|next| !is_placed(policy, next.seen))
        .filter(|next| known.is_none_or(|known| known.time < Some(next.seen.observed_at)));
    match known {
        Some(known) if known.seen.source != Source::Manual => contradicts(known) || unplaced.any(contradicts),
        _ => unplaced.next().is_some(),
    }
}
