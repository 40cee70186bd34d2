//! The sessions of a reference, page by page. A list that hides a session would let an application start another one, so what
//! cannot be read is an error and never left out.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use idv_core::{FindRequest, Operation, Result, Timestamp, Verification};
use idv_http::json::{Found, Kind, Node, Object, Value};
use idv_http::{Call, ReplaySafety, invalid_response, now};

use crate::SessionApiProvider;
use crate::spec::Find;

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
    /// The token of the next page.
    next: Option<String>,
}

/// A session in a list.
struct Listed {
    at: Option<Timestamp>,
    verification: Verification,
}

impl SessionApiProvider {
    /// All sessions of a reference, the newest first.
    pub(crate) async fn sessions_of(&self, find: &Find, request: &FindRequest) -> Result<Vec<Verification>> {
        let mut listed = self.listed(find, request).await?;
        listed.sort_by_key(|one| Reverse(one.at));
        // A session can slide onto the next page while pages are read.
        let mut seen = BTreeSet::new();
        listed.retain(|one| seen.insert(one.verification.reference.clone()));
        Ok(listed.into_iter().map(|one| one.verification).collect())
    }

    /// The sessions on all pages of the list of a reference.
    async fn listed(&self, find: &Find, request: &FindRequest) -> Result<Vec<Listed>> {
        let reference = request.reference.as_str();
        let mut context = request.context().clone();
        context.begin(now());
        let (mut listed, mut length, mut token): (_, _, Option<String>) = (Vec::new(), 0, None);
        for number in 1.. {
            let call = Call::get(Operation::Find, ReplaySafety::Idempotent, find.path.segments());
            let mut call = call.context(&context).query(&find.parameter, reference);
            if let Some(parameter) = &find.size_parameter {
                call = call.query(parameter, PAGE_SIZE);
            }
            if let Some(token) = &token {
                call = call.query(&find.next_parameter, token);
            }
            let read = |answer: &Node<'_>| {
                let page = self.page(find, reference, answer)?;
                if page.next.is_some() && number >= PAGES {
                    return Err(invalid_response(
                        "the vendor lists more than 20 pages of sessions for the reference",
                    ));
                }
                if page.next.is_none() {
                    whole(answer, length + page.length)?;
                }
                Ok(page)
            };
            let page = self.send(call, read).await?;
            listed.extend(page.listed);
            length += page.length;
            token = page.next;
            if token.is_none() {
                break;
            }
        }
        Ok(listed)
    }

    /// Reads a page of a list.
    fn page(&self, find: &Find, reference: &str, answer: &Node<'_>) -> Result<Page> {
        let list = find.list.required(find.list.list(answer))?;
        let length = list.len();
        let mut listed = Vec::new();
        for element in list {
            listed.extend(self.listed_of(element, reference)?);
        }
        let next = find.next.word(answer).optional()?;
        Ok(Page { listed, length, next: next.map(|next| next.into_owned()) })
    }

    /// An element of a list, where it is of the reference.
    fn listed_of(&self, element: Value<'_>, reference: &str) -> Result<Option<Listed>> {
        let places = &self.parts.spec.record;
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
        let reference = self.reference(&places.id.required(record.id.clone())?)?;
        let next = |status| self.profile.next_action_when_found(status);
        let verification = self.verification(reference, &record, next)?;
        Ok(Some(Listed { at: record.created_at.or(record.updated_at), verification }))
    }
}

/// Refuses a last page that says that there is more, in words that the description does not name.
fn whole(answer: &Node<'_>, length: usize) -> Result<()> {
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
