//! Lists, which have numbered pages (OpenAPI specification of Onfido, workflow_runs and applicants).

use std::cmp::Reverse;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::vendors::onfido::api::access::{Outcome, Scope};
use crate::vendors::onfido::refusal::Refusal;
use crate::vendors::onfido::run::Run;
use crate::vendors::onfido::state::State;

const PAGE: usize = 20;

/// A page of runs, by the time of their end. The list is a bare array, and nothing in it says whether it goes on.
pub(super) fn runs(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let filter = Filter::of(scope)?;
    let mut found: Vec<&Run> =
        state.runs.in_order().rev().map(|(_, run)| run).filter(|run| filter.admits(run)).collect();
    let end = |run: &&Run| run.ended_at.unwrap_or(i64::MAX);
    match scope.call.query("sort").as_deref() {
        None | Some("desc") => found.sort_by_key(|run| Reverse(end(run))),
        Some("asc") => found.sort_by_key(end),
        Some(_) => return Err(bad("sort")),
    }
    let front = &scope.onfido.front;
    let page: Vec<Value> =
        found.into_iter().skip(offset(scope, PAGE)?).take(PAGE).map(|run| run.printed(front)).collect();
    Ok(Answer::json(200, &json!(page)))
}

/// A page of applicants, newest first.
pub(super) fn applicants(state: &mut State, scope: &Scope<'_>) -> Outcome {
    let length = number(scope, "per_page", PAGE)?;
    let are_all = scope.call.query("include_deleted").as_deref() == Some("true");
    let found = state.applicants.in_order().rev().map(|(_, applicant)| applicant);
    let base_url = &scope.onfido.front.base_url;
    let page: Vec<Value> = found
        .filter(|applicant| are_all || applicant.delete_at.is_none())
        .skip(offset(scope, length)?)
        .take(length)
        .map(|applicant| applicant.printed(base_url))
        .collect();
    Ok(Answer::json(200, &json!({ "applicants": page })))
}

/// The runs that a search asks for.
struct Filter {
    applicant: Option<String>,
    statuses: Option<String>,
    tags: Vec<String>,
    after: Option<i64>,
    before: Option<i64>,
}

impl Filter {
    fn of(scope: &Scope<'_>) -> Result<Self, Refusal> {
        let query = scope.call.uri.query().unwrap_or_default();
        let tags = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "tags");
        Ok(Self {
            applicant: scope.call.query("applicant_id"),
            statuses: scope.call.query("status"),
            tags: tags.map(|(_, tag)| tag.into_owned()).collect(),
            after: time(scope, "created_at_gt")?,
            before: time(scope, "created_at_lt")?,
        })
    }

    fn admits(&self, run: &Run) -> bool {
        let has = |tag: &String| run.wanted.tags.as_ref().is_some_and(|tags| tags.contains(tag));
        let is_named = |statuses: &String| statuses.split(',').any(|status| status == run.status);
        self.applicant.as_ref().is_none_or(|applicant| *applicant == run.wanted.applicant_id)
            && self.statuses.as_ref().is_none_or(is_named)
            && self.tags.iter().all(has)
            && self.after.is_none_or(|after| run.created_at > after)
            && self.before.is_none_or(|before| run.created_at < before)
    }
}

/// The number of records before the page that is asked for.
fn offset(scope: &Scope<'_>, length: usize) -> Result<usize, Refusal> {
    Ok((number(scope, "page", 1)? - 1).saturating_mul(length))
}

/// A positive number.
fn number(scope: &Scope<'_>, name: &'static str, usual: usize) -> Result<usize, Refusal> {
    match scope.call.query(name).map(|number| number.parse::<usize>()) {
        None => Ok(usual),
        Some(Ok(number)) if number > 0 => Ok(number),
        Some(_) => Err(bad(name)),
    }
}

fn time(scope: &Scope<'_>, name: &'static str) -> Result<Option<i64>, Refusal> {
    let time = scope.call.query(name).map(|time| time.parse::<Timestamp>());
    time.transpose().map(|time| time.map(Timestamp::as_millisecond)).map_err(|_| bad(name))
}

fn bad(name: &str) -> Refusal {
    Refusal::new(400, "bad_request", format!("The parameter {name} is not valid"))
}
