//! The log of the consumer, and the transitions of the store.

use std::collections::BTreeMap;
use std::path::Path;

use idv_tracker::{Tracker, Transition, VerificationId};

/// The transitions of each verification, in order.
pub(super) type Transitions = BTreeMap<VerificationId, Vec<Transition>>;

/// Reads the log without its repetitions, and says how many there were. A transition that comes before its predecessor, or comes again
/// in other words, is an error.
pub(super) fn read(path: &Path) -> Result<(Transitions, usize), String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let (mut all, mut repetitions) = (Transitions::new(), 0);
    for line in text.lines() {
        let told: Transition = serde_json::from_str(line).map_err(|error| format!("{error}: {line}"))?;
        let known = all.entry(told.verification).or_default();
        let place = usize::try_from(told.version).unwrap() - 1;
        match known.get(place) {
            Some(before) if *before == told => repetitions += 1,
            None if place == known.len() => known.push(told),
            _ => return Err(format!("{told:?} came after {known:?}")),
        }
    }
    Ok((all, repetitions))
}

/// All transitions of the store.
pub(super) async fn stored(tracker: &Tracker) -> Transitions {
    let (mut all, mut after) = (Transitions::new(), 0);
    loop {
        let page = tracker.transitions(after, 1000).await.unwrap();
        let Some(last) = page.last() else { return all };
        after = last.position;
        for transition in page {
            all.entry(transition.verification).or_default().push(transition);
        }
    }
}
