//! The state of a simulated vendor, as the shared machinery sees it.

use std::borrow::Cow;
use std::fmt;

use crate::act::{Act, Acted, Actor};
use crate::error::Result;
use crate::front::Front;
use crate::history::History;
use crate::pages::closed::Closed;
use crate::script::Scripts;
use crate::verification::SimulatedVerification;

/// The verifications that a simulated vendor holds, and the acts on them in the vendor's own words.
pub(crate) trait VendorState: fmt::Debug + Send {
    fn scripts(&mut self) -> &mut Scripts;

    /// The history of a verification, and the vendor's word for its state.
    fn history(&mut self, id: &str) -> Option<(&mut History, &str)>;

    /// The id under which the verification is kept, where several lead to it.
    fn kept_id(&self, id: &str) -> String {
        id.to_owned()
    }

    fn verification(&self, front: &Front, id: &str) -> Option<SimulatedVerification>;

    /// The ids of the verifications that changed last, the latest change first.
    fn newest(&self, limit: usize) -> Vec<String>;

    /// The id of the verification behind the link of a hosted page.
    fn linked(&self, link: &str, now: i64) -> Result<String, Closed>;

    /// Performs an act. `link` is the hosted page on which the applicant acts.
    fn perform(&mut self, front: &Front, id: &str, link: Option<&str>, act: &Act, by: Actor)
    -> Result<Acted>;

    /// The step of a script as the vendor can take it: the nearest one that it has, or none.
    fn nearest_step(&self, step: Act) -> Option<Act> {
        Some(step)
    }

    /// Does what the vendor does by itself when its time has come, and returns the time of the next such thing.
    fn pass_time(&mut self, _front: &Front, _now: i64) -> Option<i64> {
        None
    }
}

/// The ids of the verifications that changed last, the latest change first.
pub(crate) fn newest_ids<'a, T: Ord>(
    all: impl Iterator<Item = (T, &'a String)>,
    limit: usize,
) -> Vec<String> {
    let mut newest: Vec<(T, &String)> = all.collect();
    newest.sort_unstable_by(|left, right| right.cmp(left));
    newest.into_iter().take(limit).map(|(_, id)| id.clone()).collect()
}

/// Adds a line about an act that leaves the state as it is.
pub(crate) fn note(
    state: &mut dyn VendorState,
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

/// Takes the next step of a script, because the application reads the state.
pub(crate) fn step_on_read(state: &mut dyn VendorState, front: &Front, id: &str) {
    if let Some(step) = state.scripts().step(id, front.clock.now()) {
        take(state, front, id, step);
    }
}

/// Takes the steps of scripts that are due, and returns the time of the next one.
pub(crate) fn take_due_steps(state: &mut dyn VendorState, front: &Front, now: i64) -> Option<i64> {
    while let Some((id, step)) = state.scripts().take_due(now) {
        take(state, front, &id, step);
    }
    state.scripts().next_due()
}

fn take(state: &mut dyn VendorState, front: &Front, id: &str, step: Act) {
    if let Some(step) = state.nearest_step(step) {
        // A step that is not possible any more was overtaken by the application; the script has nothing to add.
        let _ = state.perform(front, id, None, &step, Actor::Script);
    }
}
