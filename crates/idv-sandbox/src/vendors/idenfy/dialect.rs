//! The words of iDenfy, its return URLs and its webhooks (iDenfy documentation, status handling and webhooks).

use crate::act::{Act, ActName};
use crate::front::Front;
use crate::vendors::hosted::{Change, Dialect, Session, Turn};
use crate::vendors::idenfy::record::webhook;
use crate::vendors::idenfy::session::Facts;
use crate::webhooks::Event;

const UNDECIDED: &[&str] = &["ACTIVE", "REVIEWING", "SUSPECTED"];

#[derive(Debug)]
pub(super) struct Words;

/// The settings of the simulated iDenfy.
#[derive(Debug)]
pub(crate) struct Extra {
    /// Whether a start tells the address of its page.
    pub(super) tells_redirect_url: bool,
    pub(super) has_tokens: bool,
}

impl Default for Extra {
    fn default() -> Self {
        Self { tells_redirect_url: true, has_tokens: true }
    }
}

impl Dialect for Words {
    type Facts = Facts;
    type Extra = Extra;

    const TURNS: &'static [Turn] = &[
        Turn::stay(ActName::Open, &["ACTIVE"]),
        Turn::new(ActName::Submit, &["ACTIVE"], "REVIEWING"),
        Turn::new(ActName::Fail, &["ACTIVE"], "DENIED"),
        Turn::stay(ActName::Leave, &["ACTIVE"]),
        Turn::new(ActName::Approve, UNDECIDED, "APPROVED"),
        Turn::new(ActName::Reject, UNDECIDED, "DENIED"),
        Turn::new(ActName::Hold, &["ACTIVE", "REVIEWING"], "SUSPECTED"),
        Turn::new(ActName::Expire, &["ACTIVE"], "EXPIRED"),
        Turn::new(ActName::Void, &["APPROVED", "DENIED", "SUSPECTED", "EXPIRED"], "ARCHIVED"),
    ];

    fn overdue(status: &str) -> Option<&'static str> {
        (status == "ACTIVE").then_some("EXPIRED")
    }

    /// The URL chosen is all that the browser brings.
    fn way_back(session: &Session<Facts>, act: &Act) -> Option<String> {
        let facts = &session.facts;
        match act {
            Act::Submit => facts.success_url.clone(),
            Act::Fail { .. } => facts.unverified_url.clone().or_else(|| facts.error_url.clone()),
            Act::Leave => facts.error_url.clone(),
            _ => None,
        }
    }

    fn events(_: &Extra, _: &Front, session: &Session<Facts>, change: &Change, now: i64) -> Vec<Event> {
        let (kind, overall, is_final) = match (change.act, change.to.as_str()) {
            _ if !change.is_real() || change.from.is_none() => return Vec::new(),
            // The automatic result comes first, and people still look at it.
            (_, "REVIEWING") => ("IDENTIFICATION_AUTO_FINISHED", "APPROVED", false),
            (Some(ActName::Fail), word) => ("IDENTIFICATION_AUTO_FINISHED", word, true),
            (_, "EXPIRED") => ("IDENTIFICATION_EXPIRED", "EXPIRED", true),
            (_, "ARCHIVED" | "DELETED" | "EXPIRED-DELETED") => return Vec::new(),
            (_, word) => ("IDENTIFICATION_MANUAL_FINISHED", word, true),
        };
        vec![event(session, kind, overall, is_final, now)]
    }

    fn pages(front: &Front, session: &Session<Facts>, now: i64) -> Vec<String> {
        session.good_links(now).map(|link| redirect_url(&front.base_url, &link.token)).collect()
    }
}

/// The address that leads to the page of a token.
pub(super) fn redirect_url(base_url: &str, token: &str) -> String {
    format!("{base_url}/api/v2/redirect?authToken={token}")
}

/// A webhook about a session.
pub(super) fn event(session: &Session<Facts>, kind: &str, overall: &str, is_final: bool, now: i64) -> Event {
    Event {
        id: String::new(),
        event_type: kind.to_owned(),
        subject: session.id.clone(),
        body: webhook(session, overall, is_final, now).to_string().into_bytes(),
        lost: session.no_webhook,
    }
}
