//! Acts on an applicant, in the words of Sumsub.

use std::borrow::Cow;

use serde_json::Value;
use url::Url;

use crate::act::{Act, ActName, Acted, Actor, checked_word};
use crate::error::{Error, Result};
use crate::front::Front;
use crate::vendors::sumsub::applicant::Applicant;
use crate::vendors::sumsub::events::{tell, type_for};
use crate::vendors::sumsub::signing::return_token;
use crate::vendors::sumsub::state::State;
use crate::vendors::sumsub::verdict;

/// The acts that are possible on an applicant.
pub(crate) fn possible(applicant: &Applicant) -> Vec<ActName> {
    if applicant.deleted {
        return Vec::new();
    }
    let mut acts = Vec::new();
    if applicant.is_open() {
        acts.extend([ActName::Open, ActName::Submit, ActName::Fail, ActName::Leave, ActName::Expire]);
    }
    acts.extend([ActName::Approve, ActName::Reject, ActName::RequireResubmission, ActName::Hold]);
    if applicant.review.is_green() {
        acts.push(ActName::Lapse);
    }
    if !applicant.review.is_under_check() {
        acts.push(ActName::Void);
    }
    acts.push(ActName::Say);
    acts
}

/// Performs an act.
pub(crate) fn perform(
    state: &mut State,
    front: &Front,
    id: &str,
    link: Option<&str>,
    act: &Act,
    by: Actor,
) -> Result<Acted> {
    let unknown = || Error::Unknown { what: "applicant", id: id.to_owned() };
    let applicant = state.applicants.get(id).ok_or_else(unknown)?;
    if !possible(applicant).contains(&act.name()) {
        let why = "Sumsub does not allow it in this state";
        return Err(Error::NotPossible { act: act.name().as_str(), id: id.to_owned(), why });
    }
    let redirect_url = way_back(state, front, id, link, act);
    let told = (by, act.describe());
    match act {
        Act::Open => {
            line(state, front, id, told);
            tell(state, front, id, "applicantVerificationLinkOpened");
        }
        Act::Leave => line(state, front, id, told),
        Act::Expire => expire_links(state, front, id, told),
        Act::Submit => submit(state, front, id, told),
        Act::Fail { reason } => {
            let kind = if reason.as_str() == "attempts_exhausted" { "FINAL" } else { "RETRY" };
            submit(state, front, id, (by, "submitted".into()));
            complete(state, front, id, verdict::red(kind, &verdict::label(reason)), told);
        }
        Act::Approve => complete(state, front, id, verdict::green(), told),
        Act::Reject { reason } => {
            let label = reason.as_ref().map_or_else(|| "OTHER".to_owned(), verdict::label);
            complete(state, front, id, verdict::red("FINAL", &label), told);
        }
        Act::RequireResubmission => {
            complete(state, front, id, verdict::red("RETRY", "UNSATISFACTORY_PHOTOS"), told);
        }
        Act::Lapse => complete(state, front, id, verdict::red("RETRY", "EXPIRATION_DATE"), told),
        Act::Hold => say(state, front, id, "onHold", told),
        Act::Void => set_presence(state, front, id, false, by),
        Act::Say { word } => say(state, front, id, checked_word(word)?, told),
    }
    let status = state.applicants.get(id).ok_or_else(unknown)?.word.clone();
    Ok(Acted { status, redirect_url })
}

type Told = (Actor, Cow<'static, str>);

/// Adds a line to the history.
pub(crate) fn line(state: &mut State, front: &Front, id: &str, (by, what): Told) {
    if let Some(applicant) = state.applicants.get_mut(id) {
        applicant.history.add(front.clock.now(), by, what, &applicant.word);
    }
    front.hub.changed();
}

fn submit(state: &mut State, front: &Front, id: &str, told: Told) {
    let (now, attempt_id) = (front.clock.now(), state.random.word(5));
    if let Some(applicant) = state.applicants.get_mut(id) {
        let review = &mut applicant.review;
        review.attempts = review.attempts.saturating_add(1);
        review.attempt_id = attempt_id;
        (review.pending_since, review.reviewed_at) = (Some(now), None);
        applicant.set("pending", None, now);
    }
    line(state, front, id, told);
    tell(state, front, id, "applicantPending");
}

/// Ends the review with a result. A later result may differ from it: that is how an approval turns.
pub(crate) fn complete(state: &mut State, front: &Front, id: &str, result: Value, told: Told) {
    let now = front.clock.now();
    if let Some(applicant) = state.applicants.get_mut(id) {
        applicant.review.attempts = applicant.review.attempts.max(1);
        applicant.review.pending_since.get_or_insert(now);
        applicant.review.reviewed_at = Some(now);
        applicant.set("completed", Some(result), now);
    }
    line(state, front, id, told);
    tell(state, front, id, "applicantReviewed");
}

/// Sets the review status to a word. On hold the last result is still shown, or one that is no verdict.
fn say(state: &mut State, front: &Front, id: &str, word: &str, told: Told) {
    let now = front.clock.now();
    if let Some(applicant) = state.applicants.get_mut(id) {
        let stale = applicant.review.stale.clone();
        let shown = match word {
            "onHold" => Some(stale.unwrap_or_else(verdict::on_hold)),
            "completed" => stale,
            _ => None,
        };
        applicant.set(word, shown, now);
    }
    line(state, front, id, told);
    if let Some(event_type) = type_for(word) {
        tell(state, front, id, event_type);
    }
}

/// Starts the review anew. `false` while the vendor is at work.
pub(crate) fn reset(state: &mut State, front: &Front, id: &str, by: Actor) -> bool {
    let now = front.clock.now();
    let Some(applicant) = state.applicants.get_mut(id) else { return false };
    if applicant.review.is_under_check() {
        return false;
    }
    (applicant.review.pending_since, applicant.review.reviewed_at) = (None, None);
    applicant.set("init", None, now);
    line(state, front, id, (by, "reset".into()));
    tell(state, front, id, "applicantReset");
    true
}

/// Deactivates or activates.
pub(crate) fn set_presence(state: &mut State, front: &Front, id: &str, active: bool, by: Actor) {
    let Some(applicant) = state.applicants.get_mut(id) else { return };
    applicant.deleted = !active;
    applicant.updated_at = front.clock.now();
    let (what, event_type) = match active {
        true => ("activated", "applicantActivated"),
        false => ("deactivated", "applicantDeactivated"),
    };
    line(state, front, id, (by, what.into()));
    tell(state, front, id, event_type);
}

/// Moves an applicant to another level, where the review begins anew.
pub(crate) fn move_to_level(state: &mut State, front: &Front, id: &str, level: &str) {
    let now = front.clock.now();
    let Some(applicant) = state.applicants.get_mut(id) else { return };
    if applicant.review.level == level || applicant.review.is_under_check() {
        return;
    }
    level.clone_into(&mut applicant.review.level);
    (applicant.review.pending_since, applicant.review.reviewed_at) = (None, None);
    applicant.set("init", None, now);
    line(state, front, id, (Actor::Application, "moved to another level".into()));
    tell(state, front, id, "applicantLevelChanged");
}

/// Ends the links and tokens; the applicant stays as it is.
fn expire_links(state: &mut State, front: &Front, id: &str, told: Told) {
    let now = front.clock.now();
    let keys = state.applicants.get_mut(id).map(|applicant| std::mem::take(&mut applicant.links));
    for key in keys.into_iter().flatten() {
        if let Some(link) = state.links.get_mut(&key) {
            link.expires_at = now;
        }
    }
    line(state, front, id, told);
}

/// The URL that the applicant's browser goes to after the flow: that of the link on which it acts, else of the newest
/// one.
fn way_back(state: &State, front: &Front, id: &str, link: Option<&str>, act: &Act) -> Option<String> {
    let applicant = state.applicants.get(id)?;
    let key = link.or_else(|| applicant.links.last().map(String::as_str))?;
    let redirect = &state.links.get(key)?.redirect;
    let url = match act {
        Act::Submit => redirect.success_url.as_deref(),
        Act::Fail { .. } => redirect.reject_url.as_deref(),
        _ => None,
    };
    let mut url = Url::parse(url?).ok()?;
    if let Some(key) = &redirect.sign_key {
        let seconds = front.clock.now().div_euclid(1000);
        let token = return_token(key, seconds, &applicant.external_id, &state.client_id);
        url.query_pairs_mut().append_pair("jwt", &token);
    }
    Some(url.into())
}
