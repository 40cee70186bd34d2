//! Lists of the sessions of a reference, page by page. A list that hides a session would let an application start another one, so what
//! cannot be read is an error and never left out.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use http::Method;
use idv_core::{FindRequest, Operation, Result, Timestamp, Verification};
use idv_http::json::{Found, Kind, Node, Object, Value};
use idv_http::{Call, ReplaySafety, invalid_response, now};

use super::body::{Body, ListValues};
use super::parts::Parts;
use super::state;
use crate::description::spec::{Find, FindBy, NextPage};

/// A reference with more sessions than fill this many pages is an error: a list cut short would hide sessions.
const PAGES: usize = 20;

/// Sessions of one page, where the vendor lets us choose. Records can hold a whole analysis, and fifty of these are more than
/// the largest answer that is read.
const PAGE_SIZE: &str = "5";

/// Names that say that a list goes on, in lower case and without `_` and `-`.
const CONTINUATIONS: &[&str] = &[
    "next",
    "nexturl",
    "nextlink",
    "nexthref",
    "nextpage",
    "nextpageurl",
    "nextpagetoken",
    "nexttoken",
    "nextcursor",
    "nextoffset",
    "continuationtoken",
    "hasmore",
    "hasnext",
    "hasnextpage",
    "morepages",
];
/// Names of how many sessions there are in all, in the same form.
const TOTALS: &[&str] = &["total", "totalcount", "totalitems", "totalresults", "totalrecords", "count"];
/// Names of objects that such names stand in, in the same form.
const ABOUT_PAGES: &[&str] = &["links", "paging", "pagination", "page", "pageinfo", "meta", "metadata"];

/// A page of a list.
struct Page {
    listed: Vec<Listed>,
    /// How many sessions the page has, those of other references included.
    length: usize,
    next: Option<Next>,
}

/// The way to a page.
enum Next {
    /// With query parameters.
    Parameters(Vec<(String, String)>),
    /// With a token in the body.
    Token(String),
}

/// A session in a list.
struct Listed {
    at: Option<Timestamp>,
    verification: Verification,
}

/// How far a list has been read.
#[derive(Clone, Copy)]
struct Progress {
    /// The number of the page, from 1.
    page: usize,
    /// How many sessions the pages before it had.
    before: usize,
}

/// All sessions of a reference, the newest first.
pub(super) async fn all(parts: &Parts, spec: &Find, request: &FindRequest) -> Result<Vec<Verification>> {
    listed(parts, spec, request).await.map(newest_first)
}

fn newest_first(mut listed: Vec<Listed>) -> Vec<Verification> {
    listed.sort_by_key(|one| Reverse(one.at));
    // A session can slide onto the next page while pages are read.
    let mut seen = BTreeSet::new();
    listed.retain(|one| seen.insert(one.verification.reference.clone()));
    listed.into_iter().map(|one| one.verification).collect()
}

/// The sessions on all pages of the list of a reference.
async fn listed(parts: &Parts, spec: &Find, request: &FindRequest) -> Result<Vec<Listed>> {
    let reference = request.reference.as_str();
    let safety = ReplaySafety::Idempotent;
    let mut context = request.context().clone();
    context.begin(now());
    let mut listed = Vec::new();
    let mut progress = Progress { page: 1, before: 0 };
    let mut own = first_page(&spec.next);
    loop {
        let call = call(parts, spec, reference, &own)?.context(&context);
        let page = parts.send(safety, call, |answer| page(parts, spec, reference, progress, answer)).await?;
        listed.extend(page.listed);
        progress = Progress { page: progress.page + 1, before: progress.before + page.length };
        match page.next {
            Some(next) => own = next,
            None => return Ok(listed),
        }
    }
}

/// Reads an answer that is to hold all sessions of a reference.
pub(super) fn read_whole(
    parts: &Parts,
    spec: &Find,
    reference: &str,
    answer: &Node<'_>,
) -> Result<Vec<Verification>> {
    let page = page(parts, spec, reference, Progress { page: 1, before: 0 }, answer)?;
    match (page.next, &spec.next) {
        // Only the next answer can say that these lists end.
        (None, _) | (Some(_), NextPage::Number(_) | NextPage::Offset(_)) => Ok(newest_first(page.listed)),
        (Some(_), _) => Err(invalid_response("the vendor's list goes on")),
    }
}

/// The way to the first page, beside the reference.
fn first_page(next: &NextPage) -> Next {
    Next::Parameters(match next {
        NextPage::Number(parameter) => vec![(parameter.clone(), "1".to_owned())],
        NextPage::Offset(parameter) => vec![(parameter.clone(), "0".to_owned())],
        NextPage::Whole | NextPage::Token { .. } | NextPage::Url(_) => Vec::new(),
    })
}

/// The call for a page.
fn call<'a>(parts: &'a Parts, spec: &'a Find, reference: &'a str, page: &'a Next) -> Result<Call<'a>> {
    let safety = ReplaySafety::Idempotent;
    let made = |method: Method| Call::new(method, Operation::Find, safety, spec.path.segments());
    let (own, page_token): (&[(String, String)], _) = match page {
        Next::Parameters(own) => (own, None),
        Next::Token(token) => (&[], Some(token.as_str())),
    };
    let with = |call: Call<'a>, parameters: &'a [(String, String)]| {
        parameters.iter().fold(call, |call, (name, value)| call.query(name, value))
    };
    match &spec.by {
        FindBy::Body { body, .. } => {
            let values = ListValues { reference, workflow: parts.workflow.as_deref(), page_token };
            with(made(Method::POST), &spec.query).json(&Body(body, &values))
        }
        // The parameters of a URL of the vendor's take the place of ours.
        FindBy::Query { .. } if matches!(spec.next, NextPage::Url(_)) && !own.is_empty() => {
            Ok(with(made(Method::GET), own))
        }
        FindBy::Query { parameter, size_parameter } => {
            let call = made(Method::GET).query(parameter, reference);
            let call = match size_parameter {
                Some(parameter) => call.query(parameter, PAGE_SIZE),
                None => call,
            };
            Ok(with(with(call, &spec.query), own))
        }
    }
}

/// Reads a page of a list.
fn page(parts: &Parts, spec: &Find, reference: &str, progress: Progress, answer: &Node<'_>) -> Result<Page> {
    let list = spec.list.required(spec.list.list(answer))?;
    let length = list.len();
    let mut listed = Vec::new();
    for element in list {
        listed.extend(listed_of(parts, element, reference)?);
    }
    let next = next(parts, spec, progress, length, answer)?;
    match next {
        Some(_) if progress.page >= PAGES => {
            Err(invalid_response("the vendor lists more than 20 pages of sessions for the reference"))
        }
        Some(_) => Ok(Page { listed, length, next }),
        None => {
            whole(spec, answer, progress.before + length)?;
            Ok(Page { listed, length, next })
        }
    }
}

/// The way to the page after this one, where the list goes on.
fn next(
    parts: &Parts,
    spec: &Find,
    progress: Progress,
    length: usize,
    answer: &Node<'_>,
) -> Result<Option<Next>> {
    let numbered = |parameter: &String, number: usize| {
        (length > 0).then(|| Next::Parameters(vec![(parameter.clone(), number.to_string())]))
    };
    Ok(match &spec.next {
        NextPage::Whole => None,
        NextPage::Token { at, parameter } => {
            let next = |token: Cow<'_, str>| match parameter {
                Some(parameter) => Next::Parameters(vec![(parameter.clone(), token.into_owned())]),
                None => Next::Token(token.into_owned()),
            };
            at.word(answer).optional()?.map(next)
        }
        NextPage::Url(at) => match at.text(answer).optional()? {
            Some(url) => Some(Next::Parameters(followed(parts, spec, &url)?)),
            None => None,
        },
        NextPage::Number(parameter) => numbered(parameter, progress.page + 1),
        NextPage::Offset(parameter) => numbered(parameter, progress.before + length),
    })
}

/// The parameters of the URL of the next page. Nothing is ever sent to that URL: its parameters go to the path of this list, and a
/// URL of another host or path is refused.
fn followed(parts: &Parts, spec: &Find, next: &str) -> Result<Vec<(String, String)>> {
    let refused = || invalid_response("the vendor's list goes on at another address than its own");
    let own = parts.client.base().endpoint(spec.path.segments());
    let next = own.join(next).map_err(|_| refused())?;
    // A server behind a front end may name itself with `http`.
    let is_own = next.host_str() == own.host_str() && next.path() == own.path();
    let parameters: Vec<(String, String)> = next.query_pairs().into_owned().collect();
    if is_own && !parameters.is_empty() { Ok(parameters) } else { Err(refused()) }
}

/// An element of a list, where it is of the reference.
fn listed_of(parts: &Parts, element: Value<'_>, reference: &str) -> Result<Option<Listed>> {
    let places = &parts.spec.record;
    let record = places.read(&Node::of(element, "session")?)?;
    match record.reference.clone().optional()? {
        Some(other) if other != reference => return Ok(None),
        Some(_) => {}
        None => {
            return Err(invalid_response(
                "a session in the vendor's list does not say of which reference it is",
            ));
        }
    }
    let reference = parts.reference(&places.id.required(record.id.clone())?)?;
    let next = |status| parts.profile.next_action_when_found(status);
    let verification = state::verification(parts, &parts.spec.vocabulary, reference, &record, next)?;
    Ok(Some(Listed { at: record.created_at.or(record.updated_at), verification }))
}

/// Refuses a last page that says that there is more: at a place that the description names, or in words that vendors use.
fn whole(spec: &Find, answer: &Node<'_>, length: usize) -> Result<()> {
    if let Some(place) = spec.more.value(answer).optional()?
        && says_something(place.value)
    {
        return Err(invalid_response("the vendor's list goes on, in a way that is not described"));
    }
    let Some(object) = answer.object() else { return Ok(()) };
    let inner = object.members().filter(|(name, _)| ABOUT_PAGES.contains(&&*plain(name)));
    let inner: Vec<Object<'_>> = inner.filter_map(|(name, value)| value.object(name).given()).collect();
    for (name, value) in inner.iter().chain([object]).flat_map(Object::members) {
        let name = plain(name);
        if CONTINUATIONS.contains(&name.as_str()) && says_something(value) {
            return Err(invalid_response("the vendor's list goes on, in a way that is not described"));
        }
        if TOTALS.contains(&name.as_str()) && number(value).is_some_and(|total| total > length as u64) {
            return Err(invalid_response("the vendor counts more sessions than it lists"));
        }
    }
    Ok(())
}

/// A name in lower case, without `_` and `-`.
fn plain(name: &str) -> String {
    name.chars()
        .filter(|character| !matches!(character, '_' | '-'))
        .map(|character| character.to_ascii_lowercase())
        .collect()
}

fn says_something(value: Value<'_>) -> bool {
    match value.kind() {
        Kind::Null => false,
        Kind::Boolean => value.word("").given().as_deref() == Some("true"),
        Kind::Number => number(value) != Some(0),
        Kind::Text => !value.text("").given().is_some_and(|text| text.is_empty()),
        Kind::List => value.list("").given().is_none_or(|list| !list.is_empty()),
        _ => !matches!(value.object(""), Found::Given(object) if object.members().next().is_none()),
    }
}

fn number(value: Value<'_>) -> Option<u64> {
    value.word("").given()?.parse().ok()
}
