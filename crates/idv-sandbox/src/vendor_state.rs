//! The state of a simulated vendor, as the shared machinery sees it.

use std::borrow::Cow;

use crate::act::Actor;
use crate::front::Front;
use crate::history::History;

/// A vendor whose verifications have histories.
pub(crate) trait Historical {
    /// The history of a verification, and the vendor's word for its state.
    fn history(&mut self, id: &str) -> Option<(&mut History, &str)>;
}

/// Adds a line about an act that leaves the state as it is.
pub(crate) fn note(
    state: &mut impl Historical,
    front: &Front,
    id: &str,
    by: Actor,
    what: impl Into<Cow<'static, str>>,
) {
    if let Some((history, status)) = state.history(id) {
        history.add(front.clock.now(), by, what, status);
    }
    front.hub.changed();
}
