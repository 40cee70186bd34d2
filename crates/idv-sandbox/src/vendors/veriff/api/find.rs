//! Sessions by their ids.

use crate::answer::Answer;
use crate::vendors::veriff::api::access::refuse;
use crate::vendors::veriff::state::{Session, State};

/// The session of an id, if it was ever given out.
pub(super) fn find<'a>(state: &'a State, id: &str) -> Result<Option<&'a Session>, Box<Answer>> {
    if uuid::Uuid::try_parse(id).is_err() {
        return refuse(400, "1002", "The session id must be a UUID");
    }
    if state.deleted.contains(id) {
        return refuse(404, "1001", "The session was deleted");
    }
    if state.sessions.was_evicted(id) {
        let message = "Session not found. Evicted: the simulation keeps only its newest sessions.";
        return refuse(404, "1001", message);
    }
    Ok(state.sessions.get(id))
}

pub(super) fn existing<'a>(state: &'a State, id: &str) -> Result<&'a Session, Box<Answer>> {
    find(state, id)?.map_or_else(|| refuse(404, "1001", "Session not found"), Ok)
}
