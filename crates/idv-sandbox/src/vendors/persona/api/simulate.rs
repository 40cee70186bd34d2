//! Decisions by API, and the simulated actions of a sandbox.

use serde_json::Value;

use crate::act::{Act, Actor};
use crate::reason::Reason;
use crate::vendor_state::VendorState;
use crate::vendors::hosted::{State, is_possible, move_to};
use crate::vendors::persona::api::access::{Outcome, Scope};
use crate::vendors::persona::api::inquiries::{document, existing, in_state};
use crate::vendors::persona::dialect::Words;
use crate::vendors::persona::refusal::Refusal;

/// Approves, declines or marks for review (Persona documentation, approve an inquiry).
pub(super) fn decide(state: &mut State<Words>, scope: &Scope<'_>, id: &str, verb: &str) -> Outcome {
    let (act, word) = match verb {
        "approve" => (Act::Approve, "approved"),
        "decline" => (Act::Reject { reason: None }, "declined"),
        _ => (Act::Hold, "needs_review"),
    };
    let inquiry = existing(state, id)?;
    if !is_possible::<Words>(inquiry, act.name()) {
        return Err(in_state(inquiry, "be decided"));
    }
    move_to(state, scope.persona.hosted.front(), id, word, act.describe());
    document(state, scope, id, 200, Value::Null)
}

/// Performs simulated actions, in their order (Persona documentation, perform simulate actions).
pub(super) fn perform(state: &mut State<Words>, scope: &Scope<'_>, id: &str) -> Outcome {
    existing(state, id)?;
    let actions = scope.body.get("meta").and_then(|meta| meta.get("simulate-actions"));
    let actions =
        actions.and_then(Value::as_array).ok_or_else(|| Refusal::bad("meta.simulate-actions is missing"))?;
    for action in actions {
        let kind = action.get("type").and_then(Value::as_str).unwrap_or_default();
        let act = act(kind).ok_or_else(|| Refusal::bad(format!("unknown simulate action {kind}")))?;
        let Some(act) = act else { continue };
        if kind == "start_inquiry" {
            move_to(state, scope.persona.hosted.front(), id, "pending", "started");
        } else {
            let acted = state.perform(scope.persona.hosted.front(), id, None, &act, Actor::Application);
            acted.map_err(|error| Refusal::conflict(error.to_string()))?;
        }
    }
    document(state, scope, id, 200, Value::Null)
}

/// The act of a simulated action; nothing for those that change no status.
fn act(kind: &str) -> Option<Option<Act>> {
    Some(Some(match kind {
        "start_inquiry" => Act::Open,
        "complete_inquiry" => Act::Submit,
        "fail_inquiry" => Act::Fail { reason: Reason::unreadable() },
        "expire_inquiry" => Act::Expire,
        "mark_for_review_inquiry" => Act::Hold,
        "approve_inquiry" => Act::Approve,
        "decline_inquiry" => Act::Reject { reason: None },
        "create_passed_verification" | "create_failed_verification" => return Some(None),
        _ => return None,
    }))
}
