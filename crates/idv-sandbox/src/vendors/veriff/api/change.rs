//! Calls that change or delete a session.

use axum::extract::{Path, State as Extract};
use serde_json::{Value, json};

use crate::act::Actor;
use crate::answer::Answer;
use crate::call::Call;
use crate::vendor_state::note;
use crate::vendors::veriff::Veriff;
use crate::vendors::veriff::api::access::{Outcome, answer, refuse};
use crate::vendors::veriff::api::find::existing;
use crate::vendors::veriff::codes::is_open;
use crate::vendors::veriff::state::State;
use crate::vendors::veriff::turn::Turn;

pub(super) async fn update(Extract(veriff): Extract<Veriff>, Path(id): Path<String>, call: Call) -> Answer {
    answer(veriff.admit(&call, &id).and_then(|()| veriff.submit(&mut veriff.lock(), &id, &call)))
}

pub(super) async fn delete(Extract(veriff): Extract<Veriff>, Path(id): Path<String>, call: Call) -> Answer {
    answer(veriff.admit(&call, &id).and_then(|()| veriff.remove(&mut veriff.lock(), &id)))
}

impl Veriff {
    /// Submits the uploads of the application.
    fn submit(&self, state: &mut State, id: &str, call: &Call) -> Outcome {
        let session = existing(state, id)?;
        let body = call.json().or_else(|why| refuse(400, "1104", why.message()))?;
        let word = body.get("verification").and_then(|wanted| wanted.get("status")).and_then(Value::as_str);
        if word != Some("submitted") {
            return refuse(400, "1303", "The status can be changed to submitted only");
        }
        if !is_open(&session.status) {
            return refuse(400, "1304", "The status cannot be changed any more");
        }
        if let Some(mut turn) = Turn::of(state, &self.front, id, self.now()) {
            turn.session.is_upload = true;
            turn.submit();
        }
        state.scripts.stop(id);
        note(state, &self.front, id, Actor::Application, "submitted");
        Ok(Answer::json(200, &existing(state, id)?.created(self.base_url())))
    }

    /// Deletes a session. One that is not finished ends first, which is told by a webhook (Veriff documentation, delete a
    /// session).
    fn remove(&self, state: &mut State, id: &str) -> Outcome {
        if !state.settings.deletion {
            return refuse(403, "403", "Deletion is not enabled for this integration");
        }
        if !state.deletions.take(self.now()) {
            return refuse(429, "429", "Too many deletions");
        }
        let session = existing(state, id)?;
        let is_unfinished = is_open(&session.status);
        if !is_unfinished
            && !matches!(session.status.as_str(), "approved" | "declined" | "expired" | "abandoned")
        {
            return refuse(400, "1304", "Session is not in a completed status.");
        }
        if let Some(mut turn) = Turn::of(state, &self.front, id, self.now()).filter(|_| is_unfinished) {
            turn.end();
        }
        state.remove(id);
        state.deleted.add(id.to_owned());
        self.front.hub.changed();
        Ok(Answer::json(200, &json!({ "status": "success", "verification": { "id": id } })))
    }
}
