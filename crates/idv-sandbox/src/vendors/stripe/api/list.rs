//! The list of sessions (Stripe documentation, list VerificationSessions and pagination).

use serde_json::json;

use crate::vendors::stripe::api::access::{Outcome, Scope};
use crate::vendors::stripe::record::View;
use crate::vendors::stripe::refusal::Refusal;
use crate::vendors::stripe::session::Session;
use crate::vendors::stripe::state::State;

const USUAL: usize = 10;
const MOST: usize = 100;

/// A page of sessions, newest first. Their links are not listed.
pub(super) fn page(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let limit = match scope.call.query("limit").map(|limit| limit.parse::<usize>()) {
        None => USUAL,
        Some(Ok(limit)) if (1..=MOST).contains(&limit) => limit,
        Some(_) => {
            return Err(Refusal::field("parameter_invalid_integer", "limit", "Invalid limit: 1 to 100"));
        }
    };
    let (reference, status) = (scope.call.query("client_reference_id"), scope.call.query("status"));
    let fits = |session: &&Session| reference.is_none() || session.wanted.reference == reference;
    let mut found: Vec<&Session> =
        state.sessions.in_order().rev().map(|(_, session)| session).filter(fits).collect();
    found.retain(|session| status.as_ref().is_none_or(|status| *status == session.status));
    if let Some(after) = scope.call.query("starting_after") {
        let place = found.iter().position(|session| session.id == after);
        let place = place.ok_or_else(|| {
            Refusal::field("resource_missing", "starting_after", "No such verification session")
        })?;
        found.drain(..=place);
    }
    let has_more = found.len() > limit;
    let data: Vec<_> = found.iter().take(limit).map(|session| session.printed(&View::default())).collect();
    Ok(json!({
        "object": "list", "data": data, "has_more": has_more, "url": "/v1/identity/verification_sessions",
    }))
}
