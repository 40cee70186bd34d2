//! Calls about one session.

use crate::act::Actor;
use crate::vendor_state::{note, step_on_read};
use crate::vendors::stripe::api::access::{Outcome, Scope};
use crate::vendors::stripe::change::Change;
use crate::vendors::stripe::create::Wanted;
use crate::vendors::stripe::record::View;
use crate::vendors::stripe::refusal::Refusal;
use crate::vendors::stripe::session::Session;
use crate::vendors::stripe::state::State;

/// The fields that only a restricted key may expand (Stripe documentation, access verification results).
const SENSITIVE: [&str; 4] = [
    "verified_outputs.dob",
    "verified_outputs.id_number",
    "last_verification_report.document.number",
    "last_verification_report.document.expiration_date",
];

pub(super) fn create(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let wanted = Wanted::parse(&scope.form)?;
    let front = &scope.stripe.front;
    state.evict(front.capacity);
    let id = state.create(wanted, scope.now);
    note(state, front, &id, Actor::Application, "created");
    if let Some(change) = Change::of(state, front, &id, scope.now) {
        change.tell("created");
    }
    front.hub.wake();
    printed(state, scope, &id)
}

pub(super) fn retrieve(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    existing(state, id)?;
    step_on_read(state, &scope.stripe.front, id);
    printed(state, scope, id)
}

pub(super) fn update(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let session = existing(state, id)?;
    if !session.requires_input() {
        return Err(in_state(session, "update"));
    }
    let mut wanted = session.wanted.clone();
    wanted.update(&scope.form)?;
    if let Some(session) = state.sessions.get_mut(id) {
        session.wanted = wanted;
    }
    note(state, &scope.stripe.front, id, Actor::Application, "updated");
    printed(state, scope, id)
}

pub(super) fn cancel(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let session = existing(state, id)?;
    match session.status.as_str() {
        "canceled" => return printed(state, scope, id),
        _ if !session.requires_input() => return Err(in_state(session, "cancel")),
        _ => {}
    }
    let front = &scope.stripe.front;
    if let Some(mut change) = Change::of(state, front, id, scope.now) {
        change.cancel();
    }
    state.scripts.stop(id);
    note(state, front, id, Actor::Application, "cancelled");
    printed(state, scope, id)
}

pub(super) fn redact(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let session = existing(state, id)?;
    if session.redaction.is_some() {
        return printed(state, scope, id);
    }
    if session.status == "processing" {
        return Err(in_state(session, "redact"));
    }
    let front = &scope.stripe.front;
    if let Some(mut change) = Change::of(state, front, id, scope.now) {
        change.redact();
    }
    state.scripts.stop(id);
    note(state, front, id, Actor::Application, "asked for the deletion of the data");
    printed(state, scope, id)
}

fn existing<'a>(state: &'a State, id: &str) -> Result<&'a Session, Refusal> {
    let evicted = if state.sessions.was_evicted(id) {
        " Evicted: the simulation keeps only its newest sessions."
    } else {
        ""
    };
    let message = format!("No such verification session.{evicted}");
    state.sessions.get(id).ok_or_else(|| Refusal::new(404, Some("resource_missing"), message))
}

fn in_state(session: &Session, verb: &str) -> Refusal {
    let message = format!("A session with the status `{}` cannot be used to {verb}.", session.status);
    Refusal::new(400, None, message)
}

/// The session, with a fresh link where it requires input.
fn printed(state: &mut State, scope: &Scope<'_>, id: &str) -> Outcome {
    let query = scope.call.uri.query().unwrap_or_default();
    let expanded: Vec<String> = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| name.starts_with("expand["))
        .map(|(_, member)| member.into_owned())
        .chain(scope.form.list(&["expand"]).into_iter().map(str::to_owned))
        .collect();
    if !scope.is_restricted_key && expanded.iter().any(|member| SENSITIVE.contains(&member.as_str())) {
        let message = "Sensitive verification results require a restricted key.";
        return Err(Refusal::new(403, None, message));
    }
    let link = state.fresh_link(id, scope.now);
    let secret = format!("{id}_secret_{}", state.random.word(40));
    let handoff = link.map(|link| (scope.stripe.front.page_url(&link), secret));
    let session = existing(state, id)?;
    Ok(session.printed(&View { handoff, expanded }))
}
