//! How the sessions of a reference are found: by a list, or by a check where the reference is the id.

use idv_core::{Input, OptionsValidator};

use super::common::{name, places, query, without_id};
use crate::description::calls::{FindFieldsTable, FindTable};
use crate::description::document::Document;
use crate::description::request_places::{Leaf, RequestPlaces, Template};
use crate::description::spec::{Find, FindBy, FindWay, NextPage};

/// The way to find sessions; there may be none. `None` where it cannot be made; the reasons are noted in the validator.
pub(super) fn find(document: &Document, validator: &mut OptionsValidator<'_>) -> Option<Option<FindWay>> {
    match (&document.find, document.start.reference_is_id) {
        (Some(_), true) => {
            let message =
                "is not used: a find reads the session whose id is the reference (`start.reference_is_id`)";
            validator.add_error("find", message);
            None
        }
        (None, true) => {
            if document.errors.code.is_none() && document.errors.message.is_none() {
                let message = "needs an `errors.code` or `errors.message`, or a 404 of anybody would say that there is no session";
                validator.add_error("start.reference_is_id", message);
            }
            Some(Some(FindWay::Check))
        }
        (Some(table), false) => list(table, document, validator).map(|list| Some(FindWay::List(list))),
        (None, false) => Some(None),
    }
}

fn list(table: &FindTable, document: &Document, validator: &mut OptionsValidator<'_>) -> Option<Find> {
    without_id("find.path", &table.path, validator);
    if document.start.fields.reference.is_none() {
        let message = "needs a `start.fields.reference`, or there is nothing to find by";
        validator.add_error("find.path", message);
    }
    let next = next_page(table, validator);
    let by = match &table.fields {
        Some(fields) => body(table, fields, validator),
        None => parameters(table, document, next.as_ref(), validator),
    };
    Some(Find {
        path: table.path.clone(),
        query: query(&table.query),
        by: by?,
        list: places(table.list.as_ref(), &["/sessions"]),
        next: next?,
        more: places(table.more.as_ref(), &[]),
    })
}

/// The query parameters of a GET.
fn parameters(
    table: &FindTable,
    document: &Document,
    next: Option<&NextPage>,
    validator: &mut OptionsValidator<'_>,
) -> Option<FindBy> {
    if !table.constants.is_empty() {
        validator.add_error("find.constants", "stand in a body, and without `fields` the call has none");
    }
    if table.next_token.as_ref().is_some_and(|next| next.field.is_some()) {
        validator
            .add_error("find.next_token.field", "stands in a body, and without `fields` the call has none");
        return None;
    }
    let parameter = name(validator, "find.parameter", table.parameter.as_deref(), "external_id");
    let own = match next {
        Some(NextPage::Token { parameter, .. }) => parameter.clone(),
        Some(NextPage::Number(parameter) | NextPage::Offset(parameter)) => Some(parameter.clone()),
        _ => None,
    };
    if matches!(next, Some(NextPage::Token { parameter: None, .. })) {
        validator
            .add_error("find.next_token.parameter", "is required: which query parameter takes the token?");
    }
    let names = [Some(&parameter), own.as_ref(), table.size_parameter.as_ref()];
    let constants = table.query.keys().chain(document.query.keys());
    let names: Vec<&String> = names.into_iter().flatten().chain(constants).collect();
    let is_repeated =
        |(index, name): (usize, &&String)| index > 0 && (names[..index].contains(name) || name.is_empty());
    if names.iter().enumerate().any(is_repeated) {
        validator.add_error("find", "each of its query parameters needs a name of its own");
    }
    Some(FindBy::Query { parameter, size_parameter: table.size_parameter.clone() })
}

/// The body of a POST.
fn body(table: &FindTable, fields: &FindFieldsTable, validator: &mut OptionsValidator<'_>) -> Option<FindBy> {
    for (key, given) in [
        ("parameter", table.parameter.is_some()),
        ("size_parameter", table.size_parameter.is_some()),
        ("next_url", table.next_url.is_some()),
        ("next_page", table.next_page.is_some()),
        ("next_offset", table.next_offset.is_some()),
        ("next_token.parameter", table.next_token.as_ref().is_some_and(|next| next.parameter.is_some())),
    ] {
        if given {
            let message = "is about query parameters, and a call with `fields` is a POST";
            validator.add_error(&format!("find.{key}"), message);
        }
    }
    let token = table.next_token.as_ref();
    if token.is_some_and(|next| next.parameter.is_none() && next.field.is_none()) {
        validator.add_error("find.next_token.field", "is required: which place of the body takes the token?");
    }
    let mut body = Template::default();
    let values: [(&str, Leaf, Option<&RequestPlaces>); 3] = [
        ("find.fields.reference", Leaf::Input(Input::REFERENCE), Some(&fields.reference)),
        ("find.fields.workflow", Leaf::Input(Input::WORKFLOW), fields.workflow.as_ref()),
        ("find.next_token.field", Leaf::PageToken, token.and_then(|next| next.field.as_ref())),
    ];
    for (key, leaf, at) in values {
        for steps in at.into_iter().flat_map(RequestPlaces::iter) {
            if let Err(message) = body.add(steps, leaf.clone()) {
                validator.add_error(key, message);
            }
        }
    }
    for (place, message) in body.add_constants(&table.constants) {
        validator.add_error(&format!("find.constants.{place}"), message);
    }
    Some(FindBy::Body { body, has_workflow: fields.workflow.is_some() })
}

/// The one rule by which a list goes on. Without any, page one would pass for the whole.
fn next_page(table: &FindTable, validator: &mut OptionsValidator<'_>) -> Option<NextPage> {
    let token = table.next_token.as_ref();
    let token = token.map(|next| NextPage::Token { at: next.at.clone(), parameter: next.parameter.clone() });
    let rules = [
        token,
        table.next_url.clone().map(NextPage::Url),
        table.next_page.clone().map(NextPage::Number),
        table.next_offset.clone().map(NextPage::Offset),
        table.whole.then_some(NextPage::Whole),
    ];
    let mut rules = rules.into_iter().flatten();
    match (rules.next(), rules.next()) {
        (Some(rule), None) => return Some(rule),
        (Some(_), Some(_)) => {
            validator.add_error("find", "says in two ways how a list goes on: keep one of them");
        }
        (None, _) => {
            let message = "does not say how a list goes on, so its first page would pass for all of it: `next_token`, `next_url`, \
                           `next_page`, `next_offset`, or `whole = true` where every list is whole";
            validator.add_error("find", message);
        }
    }
    None
}
