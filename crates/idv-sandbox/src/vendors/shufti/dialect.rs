//! The words of Shufti, which are events, and its callbacks (Shufti documentation, response events).

use serde_json::{Value, json};

use crate::act::{Act, ActName};
use crate::front::Front;
use crate::vendors::hosted::{Change, Dialect, Session, Turn};
use crate::vendors::shufti::reasons;
use crate::vendors::shufti::request::Facts;
use crate::webhooks::Event;

pub(super) const PENDING: &str = "request.pending";
pub(super) const ACCEPTED: &str = "verification.accepted";
pub(super) const DECLINED: &str = "verification.declined";
pub(super) const DELETED: &str = "request.deleted";

const UNDECIDED: &[&str] = &[PENDING, "request.received", "review.pending"];

#[derive(Debug)]
pub(super) struct Words;

/// The settings of the simulated Shufti.
#[derive(Debug)]
pub(crate) struct Extra {
    pub(super) is_permitted: bool,
    pub(super) has_old_signature: bool,
    /// The bearer tokens, with the times of their ends.
    pub(super) tokens: Vec<(String, i64)>,
}

impl Default for Extra {
    fn default() -> Self {
        Self { is_permitted: true, has_old_signature: false, tokens: Vec::new() }
    }
}

impl Dialect for Words {
    type Facts = Facts;
    type Extra = Extra;

    const TURNS: &'static [Turn] = &[
        Turn::stay(ActName::Open, &[PENDING]),
        Turn::new(ActName::Submit, &[PENDING], "request.received"),
        Turn::new(ActName::Fail, &[PENDING], DECLINED),
        Turn::new(ActName::Leave, &[PENDING], "verification.cancelled"),
        Turn::new(ActName::Approve, UNDECIDED, ACCEPTED),
        Turn::new(ActName::Approve, &[DECLINED], ACCEPTED),
        Turn::new(ActName::Reject, UNDECIDED, DECLINED),
        Turn::new(ActName::Reject, &[ACCEPTED], DECLINED),
        Turn::new(ActName::Hold, UNDECIDED, "review.pending"),
        Turn::new(ActName::Expire, &[PENDING], "request.timeout"),
    ];

    fn overdue(status: &str) -> Option<&'static str> {
        (status == PENDING).then_some("request.timeout")
    }

    /// No parameters are documented.
    fn way_back(session: &Session<Facts>, act: &Act) -> Option<String> {
        let leaves = matches!(act, Act::Submit | Act::Fail { .. } | Act::Leave);
        session.facts.redirect_url.clone().filter(|_| leaves)
    }

    fn events(_: &Extra, front: &Front, session: &Session<Facts>, change: &Change, _: i64) -> Vec<Event> {
        if !change.is_real() {
            return Vec::new();
        }
        let is_verdict = |word: &str| word == ACCEPTED || word == DECLINED;
        let is_changed = change.from.as_deref().is_some_and(is_verdict) && is_verdict(&change.to);
        let word = if is_changed { "verification.status.changed" } else { &change.to };
        vec![event(front, session, word)]
    }
}

/// The answer about a session, which is also the body of a callback.
pub(super) fn document(front: &Front, session: &Session<Facts>, event: &str) -> Value {
    let facts = &session.facts;
    let mut document = json!({
        "reference": session.id, "event": event, "error": "", "email": facts.email, "country": facts.country,
    });
    if event == PENDING {
        document["verification_url"] = json!(front.page_url(&facts.token));
    }
    if [ACCEPTED, DECLINED].contains(&event) {
        let result = i32::from(event == ACCEPTED);
        document["verification_result"] =
            facts.services.iter().map(|name| ((*name).to_owned(), json!(result))).collect();
    }
    if event == DECLINED {
        let (code, text) = reasons::of(session.reason.as_ref());
        document["declined_reason"] = json!(text);
        document["declined_codes"] = json!([code]);
    }
    document
}

/// A callback. Neither time nor id are in it.
pub(super) fn event(front: &Front, session: &Session<Facts>, word: &str) -> Event {
    Event {
        id: String::new(),
        event_type: word.to_owned(),
        subject: session.id.clone(),
        body: written(&document(front, session, word)).into_bytes(),
        lost: session.no_webhook,
    }
}

/// The text of a document, in which slashes are escaped.
pub(super) fn written(document: &Value) -> String {
    // A slash occurs in texts only.
    document.to_string().replace('/', "\\/")
}
