//! The words of Persona, and its events (Persona documentation, inquiry lifecycle and webhooks).

use serde_json::{Map, Value, json};
use url::Url;

use crate::act::{Act, ActName};
use crate::bounded::BoundedMap;
use crate::clock::iso;
use crate::front::Front;
use crate::vendors::hosted::{Change, Dialect, Session, Turn};
use crate::vendors::persona::idempotency::Entry;
use crate::vendors::persona::inquiry::{Facts, Inquiry, OPEN, good_code};
use crate::vendors::persona::record::attributes;
use crate::vendors::persona::signing::new_event_id;
use crate::vendors::persona::spelling::PersonaInflection;
use crate::webhooks::Event;

/// The words that a workflow or a reviewer can decide on, verdicts included: an approval can become a refusal later.
const DECIDABLE: &[&str] =
    &["created", "pending", "completed", "failed", "needs_review", "approved", "declined"];

/// The number of idempotency keys, codes and accounts that are remembered.
const REMEMBERED: usize = 20_000;

#[derive(Debug)]
pub(super) struct Words;

/// The settings and stores of the simulated Persona.
#[derive(Debug)]
pub(crate) struct Extra {
    pub(super) keys: BoundedMap<Entry>,
    /// The inquiries by the codes of links that open once.
    pub(super) codes: BoundedMap<String>,
    /// The accounts by reference.
    pub(super) accounts: BoundedMap<String>,
    /// The spelling that answers have without the header.
    pub(super) inflection: PersonaInflection,
    pub(super) webhook_inflection: PersonaInflection,
    /// The attributes that are left out of webhooks.
    pub(super) blocked: Vec<String>,
    /// The number of creations that fail with 500 from now on.
    pub(super) broken_starts: u32,
    pub(super) is_permitted: bool,
}

impl Default for Extra {
    fn default() -> Self {
        Self {
            keys: BoundedMap::new(REMEMBERED),
            codes: BoundedMap::new(REMEMBERED),
            accounts: BoundedMap::new(REMEMBERED),
            inflection: PersonaInflection::default(),
            webhook_inflection: PersonaInflection::Kebab,
            blocked: Vec::new(),
            broken_starts: 0,
            is_permitted: true,
        }
    }
}

impl Dialect for Words {
    type Facts = Facts;
    type Extra = Extra;

    const TURNS: &'static [Turn] = &[
        Turn::stay(ActName::Open, OPEN),
        Turn::new(ActName::Submit, OPEN, "completed"),
        Turn::new(ActName::Fail, OPEN, "failed"),
        Turn::new(ActName::Leave, OPEN, "pending"),
        Turn::new(ActName::Approve, DECIDABLE, "approved"),
        Turn::new(ActName::Reject, DECIDABLE, "declined"),
        Turn::new(ActName::Hold, &["pending", "completed", "failed"], "needs_review"),
        Turn::new(ActName::Expire, OPEN, "expired"),
        Turn::new(ActName::Void, OPEN, "expired"),
    ];

    const LEAVING_ENDS_LINK: bool = true;

    fn overdue(status: &str) -> Option<&'static str> {
        OPEN.contains(&status).then_some("expired")
    }

    /// Only a completed or failed inquiry sends the browser back, with the applicant's data in the URL.
    fn way_back(inquiry: &Inquiry, act: &Act) -> Option<String> {
        let status = match act {
            Act::Submit => "completed",
            Act::Fail { .. } => "failed",
            _ => return None,
        };
        let mut url = Url::parse(inquiry.facts.redirect.as_deref()?).ok()?;
        let mut query = url.query_pairs_mut();
        query.append_pair("inquiry-id", &inquiry.id);
        if let Some(reference) = &inquiry.reference {
            query.append_pair("reference-id", reference);
        }
        query.append_pair("status", status);
        for (name, value) in &inquiry.facts.fields {
            query.append_pair(&format!("fields[{name}]"), value.as_str().unwrap_or_default());
        }
        drop(query);
        Some(url.into())
    }

    fn events(extra: &Extra, front: &Front, inquiry: &Inquiry, change: &Change, now: i64) -> Vec<Event> {
        names(change).iter().map(|name| event(extra, front, inquiry, name, now)).collect()
    }

    fn pages(front: &Front, inquiry: &Inquiry, now: i64) -> Vec<String> {
        let code = good_code(inquiry, now).map(|code| one_time_link(&front.base_url, &code.text));
        let opened = inquiry.good_links(now).map(|link| front.page_url(&link.token));
        code.into_iter().chain(opened).collect()
    }
}

/// The link that opens once.
pub(super) fn one_time_link(base_url: &str, code: &str) -> String {
    format!("{base_url}/verify?code={code}")
}

/// The events of a change, in the order in which they happen.
fn names(change: &Change) -> Vec<&'static str> {
    if !change.is_real() {
        return Vec::new();
    }
    let is_first = change.from.as_deref() == Some("created");
    match change.to.as_str() {
        "created" => vec!["inquiry.created"],
        "pending" if is_first => vec!["inquiry.started"],
        "completed" if is_first => vec!["inquiry.started", "inquiry.completed"],
        "failed" if is_first => vec!["inquiry.started", "inquiry.failed"],
        "completed" => vec!["inquiry.completed"],
        "failed" => vec!["inquiry.failed"],
        "expired" => vec!["inquiry.expired"],
        "needs_review" => vec!["inquiry.marked-for-review"],
        "approved" => vec!["inquiry.approved"],
        "declined" => vec!["inquiry.declined"],
        _ => vec!["inquiry.transitioned"],
    }
}

/// An event with a snapshot of the inquiry.
pub(super) fn event(extra: &Extra, front: &Front, inquiry: &Session<Facts>, name: &str, now: i64) -> Event {
    let id = new_event_id(&front.random);
    let mut attributes = attributes(inquiry);
    attributes.retain(|name, _| !extra.blocked.contains(name));
    let body = json!({ "data": {
        "type": "event",
        "id": id,
        "attributes": {
            "name": name,
            "created-at": iso(now),
            "redacted-at": null,
            "payload": {
                "data": {
                    "type": "inquiry", "id": inquiry.id, "attributes": attributes,
                    "relationships": Value::Object(Map::new()),
                },
                "included": [],
            },
        },
    }});
    Event {
        id,
        event_type: name.to_owned(),
        subject: inquiry.id.clone(),
        body: extra.webhook_inflection.spell(body).to_string().into_bytes(),
        lost: inquiry.no_webhook,
    }
}
