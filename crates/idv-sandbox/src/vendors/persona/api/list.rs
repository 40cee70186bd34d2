//! The list of inquiries (Persona documentation, list all inquiries and pagination).

use serde_json::json;
use url::form_urlencoded::Serializer;

use crate::vendors::hosted::State;
use crate::vendors::persona::api::access::{Outcome, Scope};
use crate::vendors::persona::api::inquiries::wanted_members;
use crate::vendors::persona::dialect::Words;
use crate::vendors::persona::inquiry::Inquiry;
use crate::vendors::persona::record::printed;
use crate::vendors::persona::refusal::Refusal;

const PATH: &str = "/api/v1/inquiries";
const USUAL: usize = 10;
const MOST: usize = 100;

/// A page of inquiries, newest first. The way to the next one is a path with a query.
pub(super) fn page(state: &mut State<Words>, scope: &Scope<'_>) -> Outcome {
    let size = match scope.call.query("page[size]").map(|size| size.parse::<usize>()) {
        None => USUAL,
        Some(Ok(size)) if (1..=MOST).contains(&size) => size,
        Some(_) => return Err(Refusal::bad("page[size] must be from 1 to 100")),
    };
    let mut found: Vec<&Inquiry> =
        state.sessions.in_order().rev().map(|(_, inquiry)| inquiry).filter(|one| fits(one, scope)).collect();
    let (after, before) = (scope.call.query("page[after]"), scope.call.query("page[before]"));
    let newest = found.first().map(|newest| newest.id.clone());
    if let Some(after) = after {
        found.drain(..=place(&found, &after)?);
    } else if let Some(before) = before {
        let end = place(&found, &before)?;
        found.drain(..end.saturating_sub(size));
    }
    let has_more = found.len() > size;
    found.truncate(size);
    let wanted = wanted_members(scope);
    let data: Vec<_> = found.iter().map(|inquiry| printed(inquiry, wanted.as_deref())).collect();
    let next = found.last().filter(|_| has_more).map(|last| onward(scope, "page[after]", &last.id));
    let first = found.first().filter(|first| Some(&first.id) != newest.as_ref());
    let prev = first.map(|first| onward(scope, "page[before]", &first.id));
    Ok((200, json!({ "data": data, "links": { "prev": prev, "next": next } })))
}

/// The place of an inquiry that a page goes on from.
fn place(found: &[&Inquiry], id: &str) -> Result<usize, Refusal> {
    let place = found.iter().position(|inquiry| inquiry.id == id);
    place.ok_or_else(|| Refusal::bad("the page names no inquiry of this list"))
}

fn fits(inquiry: &Inquiry, scope: &Scope<'_>) -> bool {
    let is = |filter: &str, value: Option<&str>| {
        scope.call.query(filter).is_none_or(|wanted| Some(wanted.as_str()) == value)
    };
    is("filter[reference-id]", inquiry.reference.as_deref())
        && is("filter[account-id]", inquiry.facts.account.as_deref())
        && is("filter[status]", Some(&inquiry.status))
        && is("filter[inquiry-template-id]", Some(&inquiry.facts.template.1))
        && is("filter[note]", inquiry.facts.note.as_deref())
}

/// The same query with another place to go on from.
fn onward(scope: &Scope<'_>, name: &str, id: &str) -> String {
    let query = scope.call.uri.query().unwrap_or_default();
    let same = url::form_urlencoded::parse(query.as_bytes())
        .filter(|(name, _)| !matches!(name.as_ref(), "page[after]" | "page[before]"));
    let query = Serializer::new(String::new()).append_pair(name, id).extend_pairs(same).finish();
    format!("{PATH}?{query}")
}
